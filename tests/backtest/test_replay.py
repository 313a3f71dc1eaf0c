from datetime import timedelta
from typing import Any

import pytest

from rules.facts.vocabulary import all_facts
from rules.language.calendar import Calendar
from rules.loader import load_rules
from rules.subjects import container_subject, team_subject
from rules.world import WorldInput, build_world
from syncd.backtest import Backtest, Variant, run, working_days
from syncd.backtest.costs import Cost
from syncd.backtest.episodes import Figures, name_of, team_of
from syncd.backtest.reports import json_of, markdown_lines, text_lines
from syncd.documents import parse_document
from syncd.model.items import BEGINNING, Audience, AudienceKind, ContainerKind, Event, History, Item, Stage
from tests.builders import NOW, item_id, make_container, make_item, make_place, make_state, place_id

DAY = timedelta(days=1)
CALENDAR = Calendar()
LABELLED = """
rules:
  - {id: labelled, title: Labelled, message: "It is {item.key}.", when: {item.labels: {contains: bug}}}
"""
TITLED = LABELLED.replace("labels: {contains: bug}", "title: {contains: T}").replace("labelled", "titled")


def rules(*texts: str, name: str = "the rules") -> Variant:
    documents = [parse_document(text, f"{number}.yaml") for number, text in enumerate(texts)]
    return Variant(name=name, rules=load_rules(documents, all_facts()))


def labelled(key: str, *days_ago: int, **given: Any) -> tuple[Item, History]:
    """Return an item that got and lost the label bug in turns, first got it; it has it now if it got it last."""
    moves = [
        Event(
            item=item_id(key),
            at=NOW - ago * DAY,
            field="labels",
            before="" if turn % 2 == 0 else "bug",
            after="bug" if turn % 2 == 0 else "",
            actor="ann",
        )
        for turn, ago in enumerate(days_ago)
    ]
    has_it = len(days_ago) % 2 == 1
    last = NOW - min(days_ago, default=40) * DAY
    item = make_item(key, created_at=NOW - 60 * DAY, updated_at=last, labels=("bug",) if has_it else (), **given)
    return item, History(known_since=BEGINNING, events=tuple(moves))


def replayed(
    *lives: tuple[Item, History],
    old: Variant | None = None,
    new: Variant | None = None,
    team_stages: dict[str, Stage] | None = None,
    **place: Any,
) -> Backtest:
    where = place_id("jira:PAY")
    given = WorldInput(
        items={item.id: item for item, _ in lives},
        histories={item.id: history for item, history in lives},
        places={where: make_place(**place)},
        states={where: make_state()},
    )
    moments = working_days(NOW - 30 * DAY, NOW, CALENDAR)
    return run(
        given, moments, new or rules(LABELLED), old, calendar=CALENDAR, gone_at={}, team_stages=team_stages or {}
    )


def figures(found: Backtest, team: str | None = None) -> Figures:
    return next(each for each in found.new.figures if each.team == team)


def test_days_are_the_ends_of_working_days_and_now():
    friday, monday = NOW - 4 * DAY, NOW - DAY
    assert friday.strftime("%a") == "Fri"
    found = working_days(friday, NOW, CALENDAR)
    assert [each.strftime("%a %H:%M:%S") for each in found] == ["Fri 23:59:59", "Mon 23:59:59", "Tue 12:00:00"]
    assert working_days(monday, NOW, Calendar(holidays=frozenset([monday.date()]))) == (NOW,)


def test_findings_are_counted_as_they_come_and_go():
    found = replayed(labelled("PAY-1", 50), labelled("PAY-2", 20, 6), labelled("PAY-3", 3), labelled("PAY-4"))
    of = figures(found)
    assert (of.first_day_count, of.added_count, of.resolved_count, of.open_count) == (1, 2, 1, 2)
    assert of.median_days == 14
    assert of.longest_days == 28
    assert figures(found, "payments") == Figures(**{**_fields(of), "team": "payments"})


def _fields(of: Figures) -> dict[str, Any]:
    return {name: getattr(of, name) for name in Figures.__struct_fields__}


def test_what_comes_three_times_flaps():
    thrice, twice = labelled("PAY-1", 20, 18, 15, 13, 8, 6), labelled("PAY-2", 20, 18, 15, 13)
    assert figures(replayed(thrice, twice)).flapping == ("PAY-1",)


def test_writes_are_those_that_telling_takes():
    costs = replayed(labelled("PAY-1", 50), labelled("PAY-2", 20, 6), labelled("PAY-3", 3)).new.costs
    assert costs.first_day == Cost(labels_added=1, comments_new=1)
    assert costs.later == Cost(labels_added=2, labels_removed=1, comments_new=2, comments_edited=1)
    assert (costs.later.writes, costs.most.comments_new) == (6, 1)


def test_a_comment_that_comes_back_is_edited_not_new():
    costs = replayed(labelled("PAY-1", 20, 15, 10)).new.costs
    assert (costs.later.comments_new, costs.later.comments_edited) == (1, 2)


@pytest.mark.parametrize(
    ("stage", "labels", "comments"),
    [
        pytest.param({}, 1, 1, id="inside"),
        pytest.param({"audience": Audience(AudienceKind.PUBLIC)}, 1, 0, id="read-outside"),
    ],
)
def test_a_place_costs_what_may_be_written_there(stage: dict[str, Any], labels: int, comments: int):
    costs = replayed(labelled("PAY-1", 20), **stage).new.costs
    assert (costs.later.labels_added, costs.later.comments_new) == (labels, comments)


def test_two_sets_of_rules_are_told_apart():
    lives = [labelled("PAY-1", 20), labelled("PAY-2", 20), labelled("PAY-3", title="x")]
    edited = LABELLED.replace("contains: bug}}", "contains: bug}, item.key: {not: PAY-1}}")
    found = replayed(*lives, new=rules(edited, TITLED, name="new"), old=rules(LABELLED, name="old"))
    assert found.old is not None
    told = {each.rule_id: (each.how, each.added, each.resolved, each.both_count) for each in found.differences}
    assert told == {
        "labelled": ("edited", (), ("PAY-1",), 1),
        "titled": ("added", ("PAY-1", "PAY-2"), (), 0),
    }


def test_two_equal_sets_say_the_same():
    found = replayed(labelled("PAY-1", 20), old=rules(LABELLED))
    assert found.differences == ()
    assert found.old == found.new
    assert "  No rule differs." in list(text_lines(found))


def test_what_is_not_known_is_not_judged_and_its_share_is_told():
    item, _ = labelled("PAY-1", 10)
    known_late = History(known_since=NOW - 12 * DAY, events=())
    found = replayed((item, known_late), labelled("PAY-2", 50))
    assert found.shares[0].unknown_count == 1
    assert "50 % of items could not be known on 2026-10-26; no rule was judged for them." in list(text_lines(found))


def test_the_same_history_gives_the_same_words():
    lives = [labelled("PAY-1", 20, 15, 10), labelled("PAY-2", 20)]
    assert json_of(replayed(*lives)) == json_of(replayed(*reversed(lives)))


def test_markdown_holds_no_markup_of_others():
    found = replayed(labelled("PAY-1", 20), new=rules(LABELLED, name="the rules at <b>|@ann"), old=rules(TITLED))
    lines = list(markdown_lines(found))
    assert lines[0] == "## Backtest of the rules at &lt;b&gt;\\|&#64;ann"
    heads = [line.count("|") for line in lines if line.startswith("| rule |")]
    assert heads[0] == 7
    assert any("+PAY-1" in line for line in lines)


def test_subjects_that_are_no_items_are_called_by_their_names():
    sprint = make_container("Sprint 7", ContainerKind.SPRINT)
    world = build_world(WorldInput(items={}, containers={sprint.id: sprint}))
    assert name_of(container_subject(sprint.id), world) == "Sprint 7"
    assert name_of(team_subject("payments"), world) == "payments"
    assert (team_of(team_subject("payments"), world), team_of(container_subject(sprint.id), world)) == ("payments", "")


def test_a_team_that_goes_no_further_costs_no_comment():
    life = labelled("PAY-1", 20)
    assert replayed(life, team="payments").new.costs.later.comments_new == 1
    labels_only = replayed(life, team="payments", team_stages={"payments": Stage.LABELS}).new.costs.later
    assert (labels_only.labels_added, labels_only.comments_new) == (1, 0)


def test_rules_that_found_nothing_are_counted_and_not_listed():
    lines = list(text_lines(replayed(labelled("PAY-1"))))
    assert "Findings of the rules; 1 of the rules found nothing" in lines
    assert not [line for line in lines if "labelled" in line]
