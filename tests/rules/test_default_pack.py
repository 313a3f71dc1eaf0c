"""The rules that ship with syncd: when each speaks, where, and what a team reads."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from rules.engine import Answer, Judgments
from rules.facts.vocabulary import all_facts
from rules.language.conditions import facts_read
from rules.lint.doubts import doubts
from rules.loader import load_rules
from rules.world import World
from syncd.documents import parse_document, read_document
from syncd.model.comments import Day, Line, Quote, Reference, Text
from syncd.model.findings import About, Judgment, Severity, ToldOn
from syncd.model.items import Person, StatusCategory
from syncd.model.outcomes import Horizon, Period
from tests.builders import NOW, blocked_by, item_id, make_item, make_link, make_outcome, make_world

FOLDER = Path(__file__).parents[2] / "config" / "default" / "rules"
FILES = [read_document(path, path.name) for path in sorted(FOLDER.glob("*.yaml"))]
PACK = load_rules(FILES, all_facts())
BUSY = StatusCategory.IN_PROGRESS
DONE = StatusCategory.DONE
PAUSED = make_outcome(
    "wallet",
    items=["PAY-9"],
    horizon=Horizon.NOT_NOW,
    reason="The licence is missing.",
    revisit=date(2027, 2, 1),
    title="Wallet",
)
FAST = make_outcome("fast", items=["PAY-8"], title="Fast checkout")
EPICS = (make_item("PAY-8"), make_item("PAY-9"))


def judged(world: World) -> Judgments:
    return PACK.evaluate(world, NOW)


def told(judgments: Judgments) -> set[tuple[str, str]]:
    """Return what is told of items; what is told of the outcomes beside them has its own cases."""
    of_items = [each for each in judgments.holding if each.subject.about == About.ITEM.value]
    return {(each.rule.id, each.subject.id.native_id.removeprefix("n")) for each in of_items}


def words(line: Line) -> str:
    """Return a line as a reader inside the company sees it."""
    return "".join(
        leaf.key if isinstance(leaf, Reference) else leaf.on.isoformat() if isinstance(leaf, Day) else leaf.text
        for leaf in line
    )


def said(judgment: Judgment) -> list[str]:
    return [words(judgment.message), words(judgment.why), *map(words, judgment.fix)]


def only(judgments: Judgments, rule_id: str) -> Judgment:
    (found,) = [each for each in judgments.holding if each.rule.id == rule_id]
    return found


def test_every_pack_has_its_rules():
    packs: dict[str, list[str]] = {}
    for rule in PACK.rules:
        packs.setdefault(rule.file.partition(".")[0], []).append(rule.terms.id)

    assert [f"{pack} {len(rules)}" for pack, rules in packs.items()] == [
        *("after-launch 2", "dependencies 5", "forecast 1", "health 2", "launch 2", "planning 3", "refinement 3"),
        *("roadmap-review 9", "scope 3", "traceability 5"),
    ]
    assert all(rule.owner for rule in PACK.rules), "who a rule annoys knows whom to ask"


def test_the_page_about_them_lists_each_in_its_pack_at_its_stage():
    told, pack = set(), ""
    for line in (FOLDER.parents[2] / "docs" / "packs.md").read_text(encoding="utf-8").splitlines():
        pack = line.removeprefix("## ") if line.startswith("## ") else pack
        cells = [cell.strip(" `") for cell in line.strip("|").split("|")]
        if line.startswith("| `"):
            told.add((pack, cells[0], cells[-1]))

    assert told == {(rule.file.partition(".")[0], rule.terms.id, rule.terms.stage.name.lower()) for rule in PACK.rules}


def test_every_param_can_be_read_about():
    text = (FOLDER.parents[2] / "docs" / "packs.md").read_text(encoding="utf-8")
    written = [file.data.get("params") for file in FILES]
    params = [name for each in written if isinstance(each, dict) for name in each]

    assert len(params) == 11
    assert [name for name in params if f"`{name}`" not in text] == []


def test_a_team_has_time_to_notice_by_itself():
    assert all(rule.terms.holds_for.working_days for rule in PACK.rules if rule.about is About.ITEM)


def test_they_ask_for_every_family_of_facts():
    asked = {
        name
        for rule in PACK.rules
        for part in (rule.when, rule.applies_to, *(each.when for each in rule.escalations))
        if part is not None
        for name in facts_read(part, PACK.sets)
    }
    families = {name.partition(".")[0] for name in PACK.vocabulary}

    assert {name.partition(".")[0] for name in asked} == families
    assert families >= {"item", "parent", "trace", "deps", "outcome", "container", "team", "period"}


def test_no_condition_is_written_twice_and_none_is_dead():
    assert [str(each) for each in doubts(PACK, FILES)] == []


def test_a_condition_that_is_written_twice_would_be_said():
    when = "{set: launch_near, outcome.open_gates: {empty: false}}"
    text = f"rules: [{{id: again, title: A, message: A, about: outcome, when: {when}}}]"
    files = [*FILES, parse_document(text, "again.yaml")]

    assert any("stands in launch.yaml" in str(each) for each in doubts(load_rules(files, all_facts()), files))


def test_work_that_serves_an_outcome_is_left_alone():
    world = make_world([*EPICS, make_item("PAY-1", parent="PAY-8", status_category=BUSY)], [FAST, PAUSED])

    assert told(judged(world)) == set()


def test_only_work_in_play_is_looked_at():
    world = make_world([make_item("PAY-1"), make_item("PAY-2", status_category=DONE)], [FAST])

    judgments = judged(world)

    assert told(judgments) == set()
    assert len(judgments.unknown) == 0


def test_an_unlinked_epic_and_its_stories_can_be_told_once():
    stories = [make_item(f"PAY-{number}", parent="PAY-1", status_category=BUSY) for number in (2, 3)]
    judgments = judged(make_world([make_item("PAY-1"), *stories], [FAST]))

    assert told(judgments) == {("no-outcome", "PAY-2"), ("no-outcome", "PAY-3")}
    assert {subject.id for _, subject in judgments.also_when} >= {item_id("PAY-1")}
    finding = judgments.holding[0]
    assert finding.rule.told_on is ToldOn.TOPMOST
    assert said(finding) == [
        "Nothing links this work to an outcome of the roadmap yet.",
        "Once it is linked, everybody can see what it is for, and it counts when priorities are set.",
        "Set its parent to work that serves an outcome, or label it outcome:ID.",
        "If it needs none, ask for an entry under standing or exempt in the roadmap.",
    ]
    assert Text("outcome:ID", code=True) in finding.fix[0]


def test_a_name_that_is_not_on_the_roadmap_is_said():
    item = make_item("PAY-1", labels=("outcome:fsat",), status_category=BUSY)

    finding = only(judged(make_world([item], [FAST])), "broken")

    assert words(finding.message).startswith("It is meant to serve ")
    assert "fsat" in words(finding.message)


def test_work_that_could_serve_two_outcomes_is_asked_which():
    slow = make_outcome("slow", items=["PAY-7"], title="Slow food")
    links = (make_link("implements", "PAY-8"), make_link("implements", "PAY-7"))
    item = make_item("PAY-1", status_category=BUSY, links=links)
    world = make_world([*EPICS, make_item("PAY-7"), item], [FAST, slow])

    finding = only(judged(world), "ambiguous")

    assert finding.severity is Severity.INFO
    assert words(finding.message) in (
        "It could serve any of these: Fast checkout and Slow food.",
        "It could serve any of these: Slow food and Fast checkout.",
    )


def test_a_name_against_the_parents_is_told_on_the_item_alone():
    other = make_outcome("other", title="Other")
    item = make_item("PAY-1", parent="PAY-8", labels=("outcome:other",), status_category=BUSY)

    finding = only(judged(make_world([*EPICS, item], [FAST, other])), "contradicted")

    assert finding.rule.told_on is ToldOn.SUBJECT
    assert words(finding.message) == "It names Other; the work above it names Fast checkout."
    assert Quote("Other") in finding.message, "the roadmap's words"


def test_work_for_what_is_not_now_hears_the_roadmaps_reason_and_day():
    item = make_item("PAY-1", parent="PAY-9", status_category=BUSY)

    finding = only(judged(make_world([*EPICS, item], [FAST, PAUSED])), "inactive")

    assert said(finding) == [
        "It is planned or under way, and what it is for is not being worked on now: Wallet.",
        "The roadmap's reason: The licence is missing.",
        "Put it back into the backlog, or link it to an outcome that it serves now.",
        "Or wait for its next review, set for 2027-02-01.",
    ]


class TestDependencies:
    def world(self, blocker: str = "PAY-2", **of_blocker) -> World:
        waiting = make_item("PAY-1", parent="PAY-8", status_category=BUSY, links=(blocked_by(blocker),))
        return make_world([*EPICS, waiting, make_item(blocker, **{"parent": "PAY-8", **of_blocker})], [FAST, PAUSED])

    def test_what_has_not_begun_and_work_waits_for_is_told_on_the_blocker(self):
        finding = only(judged(self.world()), "waited-for")

        assert said(finding) == [
            "PAY-1 is planned or under way, and it waits for this, which nobody has begun.",
            "Until this begins, nobody can say when what waits will be done.",
            "Begin it, or say when it begins with a due date, a sprint, a milestone or a version.",
            "If it need not be waited for, remove the link; if what waits can wait longer, plan that for later.",
        ]
        assert (finding.rule.told_on, finding.causes) == (ToldOn.BLOCKER, (item_id("PAY-2"),))

    @pytest.mark.parametrize("state", [BUSY, DONE])
    def test_what_is_under_way_or_done_blocks_quietly(self, state):
        assert told(judged(self.world(status_category=state))) == set()

    @pytest.mark.parametrize(("days", "is_told"), [(3, False), (60, True)])
    def test_a_blocker_that_is_only_open_has_begun_when_somebody_on_it_was_active(self, days, is_told):
        at = NOW - timedelta(days=days)
        judgments = judged(self.world(assignees=(Person("Ada"),), updated_at=at, created_at=at))

        assert (("waited-for", "PAY-1") in told(judgments)) is is_told

    def test_a_parked_blocker_is_told_on_the_blocker_and_only_there(self):
        judgments = judged(self.world(parent="PAY-9"))

        finding = only(judgments, "parked-blocker")
        assert told(judgments) == {("parked-blocker", "PAY-1")}
        assert (finding.rule.told_on, finding.causes) == (ToldOn.BLOCKER, (item_id("PAY-2"),))
        assert words(finding.message) == (
            "PAY-1 is planned or under way, and it waits for this, which is parked with its own outcome."
        )

    def test_a_blocker_of_unlinked_work_is_not_held_against_a_parked_outcome(self):
        waiting = make_item("PAY-1", status_category=BUSY, links=(blocked_by("PAY-2"),))
        world = make_world([*EPICS, waiting, make_item("PAY-2", parent="PAY-9")], [FAST, PAUSED])

        assert told(judged(world)) == {("no-outcome", "PAY-1")}

    def test_a_ring_with_work_in_play_is_one_finding(self):
        ring = [
            make_item("PAY-1", parent="PAY-8", status_category=BUSY, links=(blocked_by("PAY-2"),)),
            make_item("PAY-2", parent="PAY-8", links=(blocked_by("PAY-1"),)),
        ]

        judgments = judged(make_world([*EPICS, *ring], [FAST]))

        assert {each.rule.id for each in judgments.holding if each.subject.about != About.OUTCOME.value} == {"cycle"}
        finding = only(judgments, "cycle")
        assert finding.rule.told_on is ToldOn.EDGE
        assert words(finding.message).endswith(("PAY-1 → PAY-2 → PAY-1.", "PAY-2 → PAY-1 → PAY-2."))

    def test_a_ring_that_nobody_works_on_is_left_alone(self):
        ring = [make_item("PAY-1", links=(blocked_by("PAY-2"),)), make_item("PAY-2", links=(blocked_by("PAY-1"),))]

        assert told(judged(make_world([*EPICS, *ring], [PAUSED]))) == set()


def test_no_line_accuses_or_counts_days():
    texts = [line for rule in PACK.rules for line in (rule.message, rule.why, *rule.fix)]
    written = " ".join(part.text for line in texts for part in line if isinstance(part, Text)).lower()

    for word in ("you ", "your", "fail", "violat", "wrong", "must", "days ago", "!"):
        assert word not in written


def test_the_period_is_optional():
    item = make_item("PAY-1", status_category=BUSY)
    period = Period(id="2026-Q4", starts_on=date(2026, 10, 1), ends_on=date(2026, 12, 31))

    for world in (make_world([item], [FAST]), make_world([item], [FAST], period=period)):
        assert said(only(judged(world), "no-outcome"))[0].startswith("Nothing links")


def test_explain_says_of_each_rule_what_evaluate_says():
    waiting = make_item("PAY-1", parent="PAY-9", status_category=BUSY, links=(blocked_by("PAY-2"),))
    world = make_world([*EPICS, waiting, make_item("PAY-2"), make_item("PAY-3", status_category=BUSY)], [FAST, PAUSED])
    judgments = judged(world)
    held = {(each.rule.id, each.subject) for each in judgments.holding}

    for subject in world.subjects:
        for answer in PACK.explain(world, subject, NOW):
            pair = (answer.rule.id, subject)
            assert (answer.answer is Answer.HOLDS) is (pair in held), pair
            assert (answer.answer is Answer.UNKNOWN) is (pair in judgments.unknown), pair
            assert answer.evidence
    assert held
