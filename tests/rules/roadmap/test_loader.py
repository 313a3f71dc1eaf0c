from datetime import date

import pytest

from rules.language.conditions import Atom
from rules.roadmap.loader import Roadmap, load_roadmap
from syncd.documents import parse_document
from syncd.model.errors import ConfigErrors
from syncd.model.identity import Ref
from syncd.model.items import Person
from syncd.model.outcomes import Budget, Horizon, Launch, MilestoneName, OutcomeStatus, Period

WHOLE = """
period: {id: 2026-Q4, from: 2026-10-01, to: 2026-12-31}
outcomes:
  - id: checkout-latency
    title: Shoppers finish checkout without waiting
    why: 11 % of carts are lost on the payment step; half of those waited over two seconds.
    horizon: now                    # now | next | later | not_now (with reason and revisit)
    status: active                  # active | paused | achieved | dropped
    owner: {name: Checkout product manager, accounts: {jira: "712020:1a2b", github: checkout-pm}}
    target_date: 2026-12-18
    measures: [{id: p95, name: Checkout p95, unit: s, baseline: 2.4, target: 1.2, readings: measures/checkout.csv}]
    tracked_in:
      items: [jira:PAY-88, "github:acme/checkout#12"]
      milestones: ["github:acme/checkout: Fast checkout", "jira:PAY: 26.12"]
      labels: [checkout-speed]
    launch: {date: 2026-12-09, gates: {load-test: jira:PAY-131}}
standing: [{id: health, title: Pay down technical debt, match: {item.kind: debt}, budget: {min: 20%}}]
exempt: [{match: {item.kind: incident}, reason: Handled by the on-call process, until: 2026-12-31}]
"""


def load(*texts: str) -> Roadmap:
    names = ["roadmap.yaml", *(f"roadmap/{number}.yaml" for number in range(1, len(texts)))]
    return load_roadmap([parse_document(text, name) for text, name in zip(texts, names, strict=False)])


def errors(*texts: str) -> list[str]:
    with pytest.raises(ConfigErrors) as caught:
        load(*texts)
    return [str(error) for error in caught.value.errors]


def test_the_roadmap_of_the_documentation_is_read_whole():
    roadmap = load(WHOLE)
    (outcome,) = roadmap.outcomes
    assert roadmap.period == Period(id="2026-Q4", starts_on=date(2026, 10, 1), ends_on=date(2026, 12, 31))
    assert (outcome.id, outcome.horizon, outcome.status) == ("checkout-latency", Horizon.NOW, OutcomeStatus.ACTIVE)
    assert outcome.period == "2026-Q4"
    assert outcome.owner == Person("Checkout product manager")
    assert outcome.accounts == (("github", "checkout-pm"), ("jira", "712020:1a2b"))
    assert outcome.target_date == date(2026, 12, 18)
    assert (outcome.measures[0].id, outcome.measures[0].target) == ("p95", 1.2)
    assert outcome.tracked_in.items == (
        Ref(tracker="jira", key="PAY-88"),
        Ref(tracker="github", key="acme/checkout#12"),
    )
    assert outcome.tracked_in.milestones == (
        MilestoneName("github", "acme/checkout", "Fast checkout"),
        MilestoneName("jira", "PAY", "26.12"),
    )
    assert outcome.tracked_in.labels == ("checkout-speed",)
    assert outcome.launch == Launch(on=date(2026, 12, 9), gates=(("load-test", Ref(tracker="jira", key="PAY-131")),))
    assert isinstance(roadmap.standing[0].match, Atom)
    assert roadmap.standing[0].id == "health"
    assert (roadmap.exempt[0].reason, roadmap.exempt[0].until) == ("Handled by the on-call process", date(2026, 12, 31))
    assert roadmap.warnings == ()


def test_only_id_and_title_are_required():
    (outcome,) = load("outcomes: [{id: x, title: X}]").outcomes
    assert (outcome.horizon, outcome.status, outcome.visibility) == (Horizon.NOW, OutcomeStatus.ACTIVE, "internal")


def test_ids_are_read_by_their_text():
    roadmap = load("period: {id: 2026, from: 2026-01-01, to: 2026-12-31}\noutcomes: [{id: 1.10, title: 2027}]")
    assert roadmap.period is not None
    assert (roadmap.period.id, roadmap.outcomes[0].id, roadmap.outcomes[0].title) == ("2026", "1.10", "2027")


def test_no_file_is_an_empty_roadmap():
    assert load() == Roadmap()


def test_files_merge():
    roadmap = load("outcomes: [{id: a, title: A, horizon: next}]", "outcomes: [{id: b, title: B, horizon: next}]")
    assert [outcome.id for outcome in roadmap.outcomes] == ["a", "b"]


def test_two_outcomes_with_one_id_are_told_at_both_places():
    found = errors("outcomes:\n  - {id: fast, title: A}", "outcomes:\n  - title: B\n    id: Fast")
    assert found == [
        "roadmap.yaml:2:10: outcome 'fast' is in roadmap/1.yaml:3:9 too; ids are unique",
        "roadmap/1.yaml:3:9: outcome 'fast' is in roadmap.yaml:2:10 too; ids are unique",
    ]


def test_an_outcome_and_standing_work_may_share_an_id_and_two_standing_may_not():
    match = "match: {item.kind: debt}"
    assert load(f"outcomes: [{{id: a, title: A}}]\nstanding: [{{id: a, title: A, {match}}}]").standing
    assert len(errors(f"standing: [{{id: a, title: A, {match}}}, {{id: a, title: B, {match}}}]")) == 2


def test_a_second_period_is_refused_at_its_place():
    period = "period: {id: a, from: 2026-01-01, to: 2026-02-01}"
    assert errors(period, period) == ["roadmap/1.yaml:1:1: the period is in roadmap.yaml:1 already; a roadmap has one"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(
            "outcome: []", "roadmap.yaml:1:1: unknown key 'outcome'. Did you mean 'outcomes'?", id="unknown-key"
        ),
        pytest.param("outcomes: [{title: A}]", "1:12: the key 'id' is missing", id="no-id"),
        pytest.param(
            "outcomes: [{id: a b, title: A}]", "1:17: read 'a b'; expected an id of letters", id="id-with-a-space"
        ),
        pytest.param(
            "outcomes: [{id: a, title: A, horizon: soon}]",
            "read 'soon'; expected 'now', 'next', 'later' or",
            id="horizon",
        ),
        pytest.param("outcomes: [{id: a, title: A, status: on}]", "read 'on'; expected 'active'", id="status"),
        pytest.param("outcomes: [{id: a, title: A, target_date: soon}]", "expected a date such as", id="date"),
        pytest.param(
            "outcomes: [{id: a, title: A, tracked_in: {items: [PAY-88]}}]",
            "1:51: read 'PAY-88'; expected an item as tracker:key, such as jira:PAY-88",
            id="item-without-tracker",
        ),
        pytest.param(
            "outcomes: [{id: a, title: A, tracked_in: {milestones: ['jira:PAY']}}]",
            "read 'jira:PAY'; expected a milestone as 'tracker:place: title'",
            id="milestone-without-title",
        ),
        pytest.param(
            "period: {id: a, from: 2026-02-01, to: 2026-01-01}",
            "the period ends on 2026-01-01, before it begins on 2026-02-01",
            id="period-backwards",
        ),
        pytest.param("standing: [{id: a, title: A, match: {}}]", "read an empty mapping", id="empty-match"),
        pytest.param(
            "exempt: [{match: {item.stauts: x}, reason: r}]",
            "1:19: unknown fact 'item.stauts'. Did you mean 'item.status'?",
            id="unknown-fact",
        ),
        pytest.param(
            "exempt: [{match: {trace.state: unlinked}, reason: r}]",
            "'match' reads an item's own fields, kind, team and place.",
            id="a-fact-that-is-no-field",
        ),
        pytest.param("exempt: [{match: {item.in_play: true}, reason: r}]", "unknown fact 'item.in_play'", id="in-play"),
        pytest.param("exempt: [{match: {set: open}, reason: r}]", "unknown key 'set'", id="set"),
        pytest.param("exempt: [{match: {item.kind: bug}}]", "the key 'reason' is missing", id="no-reason"),
        pytest.param(
            "standing: [{id: a, title: A, match: {item.kind: debt}, budget: {min: much}}]",
            "a share such as 20%",
            id="share",
        ),
        pytest.param(
            "standing: [{id: a, title: A, match: {item.kind: debt}, budget: {min: 40%, max: 20%}}]",
            "1:64: at most 20% is less than at least 40%",
            id="budget-without-room",
        ),
        pytest.param("outcomes: [{id: a, title: A, owner: [x]}]", "1:37: read a list; expected", id="owner"),
        pytest.param(
            "outcomes: [{id: a, title: A, was: [b c]}]", "1:36: read 'b c'; expected an id of letters", id="was-space"
        ),
        pytest.param("outcomes: [{id: a, title: A, decide_by: soon}]", "expected a date such as", id="decide-by"),
        pytest.param(
            "outcomes: [{id: a, title: A, measures: [{id: m, readings: ../x.csv}]}]",
            "read '../x.csv'; expected a file inside the workspace's folder, such as measures/checkout.csv",
            id="a-path-that-leads-out",
        ),
        pytest.param(
            "outcomes: [{id: a, title: A, measures: [{id: m, readings: [{on: 2026-11-02}]}]}]",
            "the key 'value' is missing",
            id="a-reading-without-a-value",
        ),
        pytest.param(
            "outcomes: [{id: a, title: A, measures: [{id: m, readings: [{on: 2026-11-02, value: much}]}]}]",
            "1:84: read 'much'; expected a number",
            id="a-reading-of-no-number",
        ),
    ],
)
def test_what_is_wrong_is_told_at_its_place(text, message):
    found = errors(text)
    assert len(found) == 1
    assert message in found[0]
    assert found[0].startswith("roadmap.yaml:1:")


def test_a_file_s_owner_answers_for_what_names_nobody_there():
    roadmap = load(
        "owner: {name: Payments, accounts: {jira: a1}}\noutcomes: [{id: a, title: A}, {id: b, title: B, owner: Bo}]",
        "outcomes: [{id: c, title: C}]",
    )
    assert [outcome.owner and outcome.owner.name for outcome in roadmap.outcomes] == ["Payments", "Bo", None]
    assert [outcome.accounts for outcome in roadmap.outcomes] == [(("jira", "a1"),), (), ()]
    assert [outcome.stated_in for outcome in roadmap.outcomes] == ["roadmap.yaml", "roadmap.yaml", "roadmap/1.yaml"]


def test_a_budget_is_shares_from_0_to_1():
    standing = "standing: [{id: a, title: A, match: {item.kind: debt}, budget: {min: 20%, max: 100%}}]"
    assert load(standing).standing[0].budget == Budget(least=0.2, most=1.0)
    assert load(standing.partition(", budget")[0] + "}]").standing[0].budget == Budget()


def test_a_roadmap_may_have_working_days_of_its_own():
    text = "calendar: {timezone: Europe/Berlin, workdays: [mon, tue], holidays: [2026-12-25]}"
    calendar = load(text).calendar
    assert calendar is not None
    assert (str(calendar.zone), calendar.workdays) == ("Europe/Berlin", (0, 1))
    assert load("outcomes: []").calendar is None
    assert errors(text, text) == ["roadmap/1.yaml:1:1: the calendar is in roadmap.yaml:1 already; a roadmap has one"]
    assert "no day is worked" in errors("calendar: {workdays: []}")[0]


def test_what_files_state_of_an_outcome_is_kept():
    assert load("outcomes: [{id: a, title: A, horizon: next}]").stated == {"a": frozenset({"id", "title", "horizon"})}


def test_all_that_is_wrong_in_all_files_is_told_at_once():
    first = "outcomes: [{id: a}]"
    second = "outcomes: [{id: b, title: B}]\nexempt: [{match: {item.x: 1}, reason: r}]"
    assert [error.split(":")[0] for error in errors(first, second)] == ["roadmap.yaml", "roadmap/1.yaml"]


@pytest.mark.parametrize(
    ("text", "warnings"),
    [
        pytest.param(
            "outcomes:\n  - {id: a, title: A}",
            [
                "roadmap.yaml:2:10: outcome 'a' is worked on now and has no 'owner'",
                "roadmap.yaml:2:10: outcome 'a' is worked on now and has no 'target_date'",
                "roadmap.yaml:2:10: outcome 'a' is worked on now and has no 'tracked_in'",
            ],
            id="now",
        ),
        pytest.param("outcomes: [{id: a, title: A, horizon: next}]", [], id="next"),
        pytest.param("outcomes: [{id: a, title: A, status: achieved}]", [], id="achieved"),
        pytest.param(
            "outcomes: [{id: a, title: A, horizon: not_now}]",
            [
                "roadmap.yaml:1:39: outcome 'a' is not_now without a 'reason'",
                "roadmap.yaml:1:39: outcome 'a' is not_now without 'revisit', a day to look at it again",
            ],
            id="not-now",
        ),
        pytest.param(
            "outcomes: [{id: a, title: A, horizon: not_now, reason: r, revisit: 2027-01-01}]",
            [],
            id="not-now-with-both",
        ),
        pytest.param(
            "outcomes: [{id: a, title: A, horizon: next, status: paused}]",
            [
                "roadmap.yaml:1:53: outcome 'a' is paused without a 'reason'",
                "roadmap.yaml:1:53: outcome 'a' is paused without 'revisit', a day to look at it again",
            ],
            id="paused",
        ),
        pytest.param(
            "outcomes: [{id: a, title: A, status: dropped}]",
            ["roadmap.yaml:1:38: outcome 'a' is dropped without 'decide_by', the day by which its open work is"],
            id="dropped",
        ),
        pytest.param(
            "owner: Ada\noutcomes: [{id: a, title: A, target_date: 2026-12-01, tracked_in: {labels: [a]}}]",
            [],
            id="now-with-the-file's-owner",
        ),
        pytest.param(
            "outcomes: [{id: a, title: A, horizon: next}, {id: b, title: B, merged_into: a}]", [], id="merged"
        ),
        pytest.param(
            "exempt: [{match: {item.kind: bug}, reason: r}]",
            ["roadmap.yaml:1:10: an exemption without 'until' has no end"],
            id="exempt-without-end",
        ),
    ],
)
def test_what_is_doubtful_is_a_warning_with_its_place(text, warnings):
    assert [
        str(warning).partition(": only")[0].removesuffix(" decided on") for warning in load(text).warnings
    ] == warnings


def test_a_reference_to_a_tracker_that_is_not_configured_is_told_at_its_place():
    text = """
outcomes:
  - id: fast
    title: Fast
    tracked_in:
      items: [jira:PAY-88, jra:PAY-89, "https://acme.example/browse/PAY-90"]
      milestones: ["gitlab:acme/checkout: Fast"]
    launch: {date: 2026-12-09, gates: {load-test: "githbu:acme/checkout#1"}}
"""
    with pytest.raises(ConfigErrors) as caught:
        load_roadmap([parse_document(text, "roadmap.yaml")], {"jira", "github"})
    assert [str(error) for error in caught.value.errors] == [
        "roadmap.yaml:6:28: unknown tracker 'jra'. Did you mean 'jira'?",
        "roadmap.yaml:7:20: unknown tracker 'gitlab'. Did you mean 'github'?",
        "roadmap.yaml:8:51: unknown tracker 'githbu'. Did you mean 'github'?",
    ]


def test_what_an_outcome_leaves_to_the_tracker_it_lives_in_is_not_doubtful():
    text = "outcomes: [{id: a, title: A, why: W}, {id: b, title: B, horizon: now}]"
    documents = [parse_document(text, "roadmap.yaml")]
    doubted = {str(each).split("'")[1] for each in load_roadmap(documents, is_open=True).warnings}
    assert doubted == {"b"}
    assert len(load_roadmap(documents).warnings) == 6
