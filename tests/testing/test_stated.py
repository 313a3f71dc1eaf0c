"""What a case states that weeks would have to make: baselines, forecasts, flows and texts of the beginning."""

import pytest

from tests.testing.workspace import differences, errors_of, make_ground

RULES = """
rules:
  - id: grew
    title: G
    about: outcome
    when: {scope.growth: {gte: 0.5}}
    message: "Grew."
  - id: epic-grew
    title: E
    when: {scope.added: {count: {gte: 1}}}
    message: "{scope.added | keys}"
  - id: sprint-grew
    title: S
    about: container
    when: {scope.added: {count: {gte: 1}}}
    message: "More."
  - id: late
    title: L
    about: outcome
    when: {flow.late_probability: {gte: 0.5}}
    message: "Late."
  - id: slow
    title: T
    about: team
    when: {flow.cycle_days_p50: {gt: 10}}
    message: "Slow."
  - id: rewritten
    title: R
    when: {scope.rewritten_after_start: {gte: 0.5}}
    message: "Another text."
"""
GROUND = make_ground(RULES, others="rules: []\n")
ITEMS = "items: {PAY-9: {type: Epic}, PAY-1: {parent: PAY-9}, PAY-2: {parent: PAY-9, created: 3w ago}}"
FAST = "outcomes: {fast: {target_date: in 4w, tracked_in: PAY-9}}"


def wrong(text, rule="grew"):
    return differences(f"rules: [{rule}], {text}", ground=GROUND)


def errors(text):
    case = f"cases:\n  - {{name: a case, rules: [grew], {FAST}, {ITEMS}, {text}, expect: nothing}}\n"
    return [each.partition(": ")[2] for each in errors_of(case, ground=GROUND)]


@pytest.mark.parametrize(
    ("items", "holds"),
    [
        pytest.param("[PAY-1]", True, id="one-more-than-agreed"),
        pytest.param("{PAY-1: 3}", True, id="with-what-it-was-estimated-at"),
        pytest.param("[PAY-1, PAY-2]", False, id="as-agreed"),
    ],
)
def test_an_outcome_stands_beside_the_baseline_that_is_stated(items, holds):
    expected = "{grew: 'outcome:fast'}" if holds else "nothing"
    assert wrong(f"{FAST}, {ITEMS}, baselines: {{fast: {{at: 7w ago, items: {items}}}}}, expect: {expected}") == []


def test_a_parent_has_one_by_its_key():
    given = f"{ITEMS}, baselines: {{PAY-9: {{at: 7w ago, items: [PAY-1]}}}}"
    assert wrong(f"{given}, expect: {{epic-grew: PAY-9}}", "epic-grew") == []


@pytest.mark.parametrize("name", ["Sprint 7", "container:Sprint 7"])
def test_a_sprint_has_one_by_its_title(name):
    given = (
        "sprints: {Sprint 7: {starts: 9d ago, ends: in 5d}},"
        " items: {PAY-1: {sprint: Sprint 7}, PAY-2: {sprint: Sprint 7, created: 1d ago}},"
        f" baselines: {{'{name}': {{at: 2d ago, items: [PAY-1]}}}}"
    )
    assert wrong(f"{given}, expect: {{sprint-grew: 'container:Sprint 7'}}", "sprint-grew") == []


def test_one_that_a_step_states_supersedes_the_one_before():
    given = f"{FAST}, {ITEMS}, baselines: {{fast: {{at: 7w ago, items: [PAY-1]}}}}, expect: {{grew: 'outcome:fast'}}"
    then = "{after: 1d, baselines: {fast: {at: now, items: [PAY-1, PAY-2], by: ada, reason: agreed}}, expect: nothing}"
    assert wrong(f"{given}, then: [{then}]") == []


def test_without_any_it_is_taken_when_what_began_has_settled_and_kept_from_step_to_step():
    given = (
        "items: {PAY-9: {type: Epic, created: 1d ago}, PAY-1: {parent: PAY-9, created: 1d ago, changed: 1d ago,"
        " status: in_progress, history: [{at: 1d ago, field: status, from: todo, to: in_progress}]}}, expect: nothing"
    )
    more = "items: {PAY-2: {parent: PAY-9, created: now, changed: now}}"
    then = f"{{after: 6wd, expect: nothing}}, {{after: 1d, {more}, expect: {{epic-grew: PAY-9}}}}"
    assert wrong(f"{given}, then: [{then}]", "epic-grew") == []


@pytest.mark.parametrize(
    ("forecast", "expected"),
    [
        ("{p50: in 5w, p85: in 8w, late_probability: 0.8}", "{late: 'outcome:fast'}"),
        ("{p50: in 2w, p85: in 3w, late_probability: 0.05}", "nothing"),
        ("{unknown: too little was finished, needed: 4}", "{late: {'outcome:fast': unknown}}"),
    ],
)
def test_a_forecast_is_as_it_is_stated(forecast, expected):
    assert wrong(f"{FAST}, {ITEMS}, forecasts: {{fast: {forecast}}}, expect: {expected}", "late") == []


@pytest.mark.parametrize(("days", "expected"), [(12.5, "{slow: 'team:payments'}"), (3, "nothing")])
@pytest.mark.parametrize("name", ["team:payments", "payments"])
def test_a_flow_is_as_it_is_stated(name, days, expected):
    flow = f"flows: {{'{name}': {{weekly: [3, 2, 4], cycle_p50: {days}, cycle_p85: 20}}}}"
    rest = ", ".join(f"'team:{team}': {{cycle_p50: 1, weekly: [3]}}" for team in ("fraud",))
    stated = flow.replace("}}", f"}}, {rest}}}", 1) if rest else flow
    assert wrong(f"{ITEMS}, {stated}, expect: {expected}", "slow") == []


def test_what_an_item_said_when_its_work_began_is_as_it_is_stated():
    one, other = "Warm the card form", "everything is different now"
    begun = "status: in_progress, body: Everything is different now"
    given = f"items: {{PAY-1: {{{begun}, said_at_start: {one}}}, PAY-2: {{{begun}, said_at_start: {other}}}}}"
    assert wrong(f"{given}, expect: {{rewritten: PAY-1}}", "rewritten") == []


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (
            "baselines: {fats: {at: 7w ago}}",
            "no outcome, item, sprint, milestone or version 'fats' in this case. Did you mean 'fast'?",
        ),
        ("baselines: {'outcome:fats': {at: now}}", "no outcome 'fats' in this case. Did you mean 'fast'?"),
        (
            "baselines: {PAY-8: {at: 7w ago}}",
            "no item 'PAY-8' in this case. Did you mean 'PAY-9'?",
        ),
        (
            "baselines: {fast: {at: 7w ago, items: [PAY-11]}}",
            "no item 'PAY-11' in this case. Did you mean 'PAY-1'?",
        ),
        ("baselines: {fast: {at: soon}}", "read 'soon'; expected a moment"),
        ("baselines: {fast: {items: [PAY-1]}}", "the key 'at' is missing"),
        ("baselines: {fast: {at: now, itms: []}}", "unknown key 'itms'"),
        ("forecasts: {fats: {p50: in 5w}}", "no outcome 'fats' in this case. Did you mean 'fast'?"),
        ("forecasts: {fast: {p50: soon}}", "read 'soon'; expected a moment"),
        ("forecasts: {fast: {late_probability: 80}}", "read 80; expected 1.0 or less"),
        ("forecasts: {fast: {p50: in 5w, unknown: too few}}", "it is either unknown, or has p50"),
        ("flows: {payment: {weekly: [1]}}", "no outcome or team 'payment' in this case. Did you mean 'payments'?"),
        ("flows: {'team:payment': {weekly: [1]}}", "no team 'payment' in this case. Did you mean 'payments'?"),
        ("flows: {fast: {weekly: [-1]}}", "read -1; expected 0 or more"),
    ],
)
def test_what_is_wrong_is_one_line_with_the_nearest_name(text, error):
    found = errors(text)
    assert len(found) == 1, found
    assert error in found[0]
