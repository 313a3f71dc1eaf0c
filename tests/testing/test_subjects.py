"""Cases about outcomes, sprints and teams: how they are named, and where they are told."""

import pytest

from tests.testing.workspace import differences, make_ground

GROUND = make_ground("""
rules:
  - id: gate
    title: A gate is open
    about: outcome
    when: {outcome.open_gates: {empty: false}, outcome.launch_on: {within: 2w}}
    message: "Open gates: {outcome.open_gates | keys}."
  - id: measured
    title: Not measured
    about: outcome
    when: {outcome.measured_since_launch: false}
    message: "Nobody measured {outcome.title}."
  - id: creep
    title: The sprint grew
    about: container
    when: {container.added_share: {gte: 0.5}}
    message: "{container.added_after_start | count} came after it began."
  - id: busy
    title: Much at once
    about: team
    when: {team.in_progress_count: {gte: 2}}
    message: "{team.id} works on {team.in_progress_count}."
""")


def holds_up(text: str) -> None:
    assert differences(text, ground=GROUND) == []


GATE = """
    outcomes: {fast: {title: Fast, tracked_in: PAY-8, launch: {date: in 1w, gates: {load: PAY-3}}}},
    items: {PAY-3: {}, PAY-8: {kind: epic}}
"""


@pytest.mark.parametrize("name", ["fast", "outcome:fast"])
def test_an_outcome_is_named_by_its_id_and_told_on_what_tracks_it(name):
    holds_up(f"{GATE}, expect: {{gate: {{{name}: {{told_on: PAY-8, says: PAY-3}}}}}}")


def test_a_gate_that_closes_ends_it():
    step = "{after: 1d, items: {PAY-3: {status: done}}, expect: nothing}"

    holds_up(f"{GATE}, expect: {{gate: {{outcome:fast: told on PAY-8}}}}, then: [{step}]")


def test_what_comes_unexpected_is_named_the_same_way():
    assert differences(f"{GATE}, expect: nothing", ground=GROUND) == [
        ("gate", "outcome:fast", "does not hold", "told on PAY-8")
    ]


def test_an_outcome_that_nothing_tracks_stands_in_the_report():
    text = "outcomes: {fast: {launch: {date: in 1w, gates: {load: PAY-3}}}}, items: {PAY-3: {}}"

    holds_up(f"{text}, expect: {{gate: {{outcome:fast: silent}}}}")


def test_readings_are_taken_from_the_case():
    measures = "measures: [{id: p95, baseline: 3, target: 1, readings: [READ]}]"
    text = (
        f"outcomes: {{fast: {{launch: {{date: 2026-11-02}}, tracked_in: PAY-8, {measures}}}}}, items: {{PAY-8: {{}}}}"
    )

    late, early = ("{on: 2026-11-20, value: 2}", "{on: 2026-10-20, value: 2}")
    holds_up(text.replace("READ", early) + ", expect: {measured: {fast: told on PAY-8}}")
    holds_up(text.replace("READ", late) + ", expect: nothing")


def test_a_sprint_is_named_by_its_title_and_knows_what_came_later():
    text = """
        sprints: {S1: {starts: 2026-11-23, ends: 2026-12-04}},
        items: {PAY-1: {sprint: S1, created: 2026-10-01},
                PAY-2: {sprint: S1, created: 2026-10-01,
                        history: [{at: 2026-11-24, field: sprints, to: S1}]}}"""

    holds_up(f"{text}, expect: {{creep: {{container:S1: silent}}}}")
    assert differences(f"{text}, expect: nothing", ground=GROUND) == [
        ("creep", "container:S1", "does not hold", "holds, nothing is written")
    ]


def test_what_a_step_puts_into_a_sprint_came_later():
    text = "sprints: {S1: {starts: 2026-11-23}}, items: {PAY-1: {sprint: S1}, PAY-2: {}}, expect: nothing"

    holds_up(f"{text}, then: [{{after: 1d, items: {{PAY-2: {{sprint: S1}}}}, expect: {{creep: S1}}}}]")


def test_a_team_is_named_by_its_name():
    text = "items: {PAY-1: {status: in_progress}, PAY-2: {status: in_progress}}"

    holds_up(f"{text}, expect: {{busy: team:payments}}")
    holds_up(f"{text}, expect: {{busy: payments}}")
    holds_up(f"{text}, expect: {{busy: {{fraud: not, payments: silent}}}}")


def test_what_is_no_item_waits_from_when_it_is_first_seen():
    ground = make_ground("""
rules: [{id: idle, title: I, about: outcome, when: {outcome.has_work: false}, for: 2wd, message: m}]
""")
    text = "outcomes: {fast: {tracked_in: PAY-8}}, unreadable: [], items: {}, expect: {idle: {fast: pending}}"

    found = differences(f"{text}, then: [{{after: 2wd, expect: {{idle: fast}}}}]", ground=ground)
    assert found == []


def test_what_can_t_be_read_makes_an_outcome_unknown():
    text = "outcomes: {fast: {launch: {date: in 1w, gates: {load: FRAUD-3}}}}, items: {FRAUD-3: {}}"

    holds_up(f"unreadable: [FRAUD], {text}, expect: {{gate: {{fast: unknown}}}}")
