"""What a new planning period means for every outcome, and the edits that say so."""

from datetime import date

import pytest

from rules.language.calendar import Calendar
from rules.roadmap.loader import Roadmap, load_roadmap
from syncd.documents import parse_document
from syncd.model.errors import ConfigError
from syncd.model.items import StatusCategory
from syncd.model.outcomes import Period
from syncd.rollover import Rollover, edits_of, open_work, period_named, roll_over
from tests.builders import NOW, make_item, make_outcome, make_world

Q1 = Period(id="2027-Q1", starts_on=date(2027, 1, 1), ends_on=date(2027, 3, 31))
ROADMAP = """
period: {id: 2026-Q4, from: 2026-10-01, to: 2026-12-31}
outcomes:
  - {id: speed, title: S, period: 2026-Q4}
  - {id: safety, title: S, status: paused, reason: r, revisit: 2027-02-01}
  - {id: easy, title: E, status: achieved}
  - {id: old, title: O, status: achieved, period: 2026-Q3}
  - {id: gone, title: G, status: dropped, decide_by: 2027-01-10}
  - {id: wallet, title: W, horizon: next}
  - {id: loyal, title: L, horizon: later}
  - {id: resting, title: R, horizon: not_now, reason: r, revisit: 2027-06-01}
  - {id: merged, title: M, merged_into: speed}
exempt:
  - {match: {item.kind: incident}, reason: On call, until: 2026-12-31}
  - {match: {item.kind: support}, reason: The desk}
"""
DOCUMENT = parse_document(ROADMAP, "roadmap.yaml")


def load() -> Roadmap:
    return load_roadmap([DOCUMENT])


def ids(outcomes) -> list[str]:
    return [outcome.id for outcome in outcomes]


def rolled(*promote: str) -> Rollover:
    return roll_over(load(), Q1, promote)


@pytest.mark.parametrize(
    ("name", "begin", "end"),
    [
        ("2027-Q1", "2027-01-01", "2027-03-31"),
        ("2027Q4", "2027-10-01", "2027-12-31"),
        ("2028-h1", "2028-01-01", "2028-06-30"),
        ("2027-02", "2027-02-01", "2027-02-28"),
        ("2027-12", "2027-12-01", "2027-12-31"),
        ("2027", "2027-01-01", "2027-12-31"),
    ],
)
def test_a_name_says_its_days(name, begin, end):
    assert period_named(name, None, None) == Period(
        id=name, starts_on=date.fromisoformat(begin), ends_on=date.fromisoformat(end)
    )


def test_days_that_are_given_count_more_than_the_name():
    given = period_named("2027-Q1", date(2027, 1, 4), None)

    assert (given.starts_on, given.ends_on) == (date(2027, 1, 4), date(2027, 3, 31))


@pytest.mark.parametrize(
    ("name", "begin", "end", "message"),
    [
        ("spring", None, None, "'spring' does not say its days as 2027-Q1 does; say them: --from DATE --to DATE"),
        ("2027-Q5", None, None, "'2027-Q5' does not say its days"),
        ("spring", date(2027, 4, 1), date(2027, 3, 1), "would end on 2027-03-01, before it begins on 2027-04-01"),
    ],
)
def test_a_period_whose_days_are_not_known_or_wrong_is_refused(name, begin, end, message):
    with pytest.raises(ConfigError, match=message):
        period_named(name, begin, end)


def test_every_outcome_goes_its_way():
    rollover = rolled("Loyal")

    assert ids(rollover.carried) == ["speed", "safety"]
    assert ids(rollover.leaving) == ["easy", "gone"], "old left before, merged lives on in another"
    assert ids(rollover.promoted) == ["loyal"]
    assert ids(rollover.candidates) == ["wallet"]
    assert ids(rollover.to_review) == ["safety"]
    assert [each.reason for each in rollover.ending] == ["On call"]
    assert rollover.warnings == ()


def test_days_between_the_periods_are_noted():
    later = Period(id="2027-Q2", starts_on=date(2027, 4, 1), ends_on=date(2027, 6, 30))

    (note,) = roll_over(load(), later, ()).warnings

    assert note == "90 days between 2026-12-31, when 2026-Q4 ends, and 2027-04-01 are of no period"


@pytest.mark.parametrize(
    ("promote", "message"),
    [
        ("walet", "no outcome 'walet' on the roadmap. Did you mean 'wallet'?"),
        ("speed", "'speed' is in now already"),
        ("easy", "'easy' is achieved"),
        ("resting", "'resting' is not_now, with a reason; change it in roadmap.yaml"),
        ("safety", "'safety' is in now already"),
    ],
)
def test_what_can_not_come_into_now_is_refused(promote, message):
    with pytest.raises(ConfigError) as caught:
        rolled(promote)
    assert str(caught.value) == f"--promote: {message}"


@pytest.mark.parametrize(
    ("after", "message"),
    [
        (
            Period(id="2026-Q4", starts_on=date(2027, 1, 1), ends_on=date(2027, 3, 1)),
            "the roadmap's period is '2026-Q4'",
        ),
        (Period(id="x", starts_on=date(2026, 12, 31), ends_on=date(2027, 3, 1)), "'x' would begin on 2026-12-31, and"),
    ],
)
def test_a_period_that_is_there_or_overlaps_is_refused(after, message):
    with pytest.raises(ConfigError, match=message):
        roll_over(load(), after, ())


def test_the_edits_say_what_is_not_said_by_the_period_alone():
    edits = edits_of(rolled("wallet"), load(), [DOCUMENT])

    assert [(edit.what, edit.before, edit.after) for edit in edits] == [
        ("period: id", "2026-Q4", "2027-Q1"),
        ("period: from", "2026-10-01", "2027-01-01"),
        ("period: to", "2026-12-31", "2027-03-31"),
        ("speed: period", "2026-Q4", "2027-Q1"),
        ("easy: period", "", "2026-Q4"),
        ("gone: period", "", "2026-Q4"),
        ("wallet: horizon", "next", "now"),
    ]


def test_a_roadmap_without_a_period_gets_one_and_no_other_edit():
    document = parse_document("outcomes: [{id: a, title: A, status: achieved}]", "roadmap.yaml")
    roadmap = load_roadmap([document])

    edits = edits_of(roll_over(roadmap, Q1, ()), roadmap, [document])

    assert [(edit.what, edit.after) for edit in edits] == [
        ("period", "{id: 2027-Q1, from: 2027-01-01, to: 2027-03-31}")
    ]


def test_an_outcome_of_a_tracker_is_not_promoted_in_a_file():
    roadmap = Roadmap(
        outcomes=(*load().outcomes, make_outcome("PAY-7", horizon=load().outcomes[5].horizon, stated_in="PAY-7"))
    )

    with pytest.raises(ConfigError, match="'PAY-7' lives in a tracker, PAY-7; start it there"):
        edits_of(roll_over(roadmap, Q1, ["PAY-7"]), roadmap, [DOCUMENT])


def test_without_a_roadmap_there_is_nothing_to_change():
    with pytest.raises(ConfigError, match=r"there is no roadmap\.yaml to change"):
        edits_of(roll_over(Roadmap(), Q1, ()), Roadmap(), [])


def test_open_work_is_counted_by_what_it_serves_a_parent_not_beside_its_children():
    items = [
        make_item("PAY-1", labels=("outcome:speed",)),
        make_item("PAY-2", parent="PAY-1"),
        make_item("PAY-3", parent="PAY-1", status_category=StatusCategory.DONE),
        make_item("PAY-4"),
        make_item("PAY-5", labels=("outcome:speed",)),
    ]
    world = make_world(items, [make_outcome("speed"), make_outcome("safety")])

    assert open_work(world, NOW, Calendar()) == {"speed": 2, "safety": 0}
