"""A roadmap that lives: in a file and in a tracker at once, measured, and asked about when it changes."""

import pytest

from syncd.clock import ManualClock
from syncd.model.findings import FindingState
from syncd.model.outcomes import Reading
from tests.builders import NOW
from tests.e2e.town import Town

ROADMAP = """
outcomes:
  - id: checkout-latency
    title: Shoppers finish checkout without waiting
    target_date: 2026-12-18
    measures: [{id: p95, baseline: 2.4, target: 1.2, readings: measures/p95.csv}]
"""
RULES = """
rules:
  - id: broken
    title: Names something that is not there
    when: {trace.state: broken}
    message: It names what is not there.
  - id: changed
    title: The outcome became another one
    when: {trace.state: outcome_changed}
    message: "What it serves has another target now: {trace.outcome.title}."
  - id: two-words
    title: Roadmap and tracker disagree
    about: outcome
    when: {outcome.contradictions: {count: {gte: 1}}}
    message: "{outcome.title}: the roadmap and {outcome.contradictions | keys} disagree."
  - id: unmoved
    title: Measured and not moved
    about: outcome
    when: {outcome.moved_toward_target: false}
    message: "{outcome.title} has not moved."
"""


@pytest.fixture
def town(tmp_path):
    town = Town(tmp_path, ManualClock(NOW))
    town.configure(roadmap=ROADMAP, rules=RULES)
    trackers = town.config / "default/trackers.yaml"
    text = trackers.read_text().replace("    kind: jira\n", "    kind: jira\n    outcomes: {labels: [is-outcome]}\n")
    trackers.write_text(text)
    town.write("default/measures/p95.csv", "on,p95\n2026-11-02,2.4\n")
    with town.server:
        yield town


def found(town) -> list[str]:
    states = (FindingState.PENDING, FindingState.OPEN)
    judged = [each for each in town.judge().reconciled.findings if each.state in states]
    return sorted(f"{each.rule_id} {each.subject.about} {each.subject.id.native_id}" for each in judged)


def test_an_item_is_an_outcome_and_the_file_s_outcome_is_an_item_s_too(town):
    town.jira.add_issue("PAY", "Merchants start in a day", labels=["is-outcome"])
    town.jira.add_issue("PAY", "Faster", labels=["is-outcome", "outcome:checkout-latency"], due_date="2026-12-01")
    town.jira.add_issue("PAY", "One form less", labels=["outcome:PAY-1"])

    world = town.judge().world

    assert [outcome.id for outcome in world.roadmap.outcomes] == ["checkout-latency", "PAY-1"]
    assert [each.field for each in world.roadmap.contradictions["checkout-latency"]] == ["target_date"]
    assert [each for each in found(town) if "unmoved" not in each] == ["two-words outcome checkout-latency"]


def test_a_reading_that_was_told_counts_beside_those_of_the_file(town):
    assert "unmoved outcome checkout-latency" in found(town)
    with town.session() as session:
        session.workspace.store.save_reading("checkout-latency", "p95", Reading(NOW.date(), 1.8), NOW)
    assert found(town) == []


def test_work_is_asked_about_when_its_outcome_s_target_changed_and_later_work_is_not(town):
    old = town.jira.add_issue("PAY", "Load the card form once", labels=["outcome:checkout-latency"]).key
    town.apply()
    town.pass_time(days=3)
    town.write("default/roadmap.yaml", ROADMAP.replace("Shoppers finish", "All shoppers finish"))
    town.apply()
    assert not [each for each in found(town) if each.startswith("changed")], "other words ask nobody"
    town.pass_time(days=3)
    town.write("default/roadmap.yaml", ROADMAP.replace("target: 1.2", "target: 0.9"))
    town.apply()
    town.pass_time(days=3)
    town.jira.add_issue("PAY", "Cache the form", labels=["outcome:checkout-latency"])

    changed = [each for each in found(town) if each.startswith("changed")]

    assert changed == [f"changed item {town.jira.issue(old).id}"]


def configure_jql(town, jql: str) -> None:
    trackers = town.config / "default/trackers.yaml"
    lines = [
        f'    outcomes: {{jql: "{jql}"}}' if "outcomes:" in line else line for line in trackers.read_text().split("\n")
    ]
    trackers.write_text("\n".join(lines))


def outcome_ids(town) -> list[str]:
    return [outcome.id for outcome in town.judge().world.roadmap.outcomes]


def test_what_jql_selects_is_an_outcome_while_it_does_and_bad_jql_leaves_it_so(town, capsys):
    configure_jql(town, "issuetype = Theme")
    town.jira.catalogue.add_type("Theme")
    theme = town.jira.add_issue("PAY", "Merchants start in a day", type="Theme").key
    work = town.jira.add_issue("PAY", "One form less", parent=theme)
    assert outcome_ids(town) == ["checkout-latency", theme]

    configure_jql(town, "issuetype = Theme AND nope = 1")
    town.jira.edit_issue(theme, summary="Merchants start in an hour")
    town.jira.add_issue("PAY", "Later work", parent=theme)
    capsys.readouterr()
    assert outcome_ids(town) == ["checkout-latency", theme]
    assert capsys.readouterr().err == (
        "trackers.yaml, trackers.jira.outcomes.jql: Jira refused the request (400): Field 'nope' does not exist or you"
        " do not have permission to view it. What stated an outcome before still does\n"
    )

    configure_jql(town, "issuetype = Theme AND labels = agreed")
    assert outcome_ids(town) == ["checkout-latency"]
    town.jira.edit_issue(theme, add_labels=["agreed"])
    assert outcome_ids(town) == ["checkout-latency", theme]
    assert not [each for each in found(town) if each.startswith("broken") and work.id in each]
