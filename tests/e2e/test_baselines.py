"""Baselines over days of passes: taken when their time comes, and what came later is told with its cause."""

from datetime import timedelta

import pytest

from rules.subjects import outcome_subject
from syncd.cli.text import line_text
from syncd.model.baselines import Confidence
from tests.e2e.town import Town

ROADMAP = """
period: {id: 2026-Q4, from: 2026-10-01, to: 2026-12-31}
outcomes:
  - {id: checkout-latency, title: Shoppers finish checkout without waiting, tracked_in: {items: [jira:PAY-1]}}
"""
RULES = """
rules:
  - id: grew
    title: It grew
    when: {scope.growth: {gte: 0.5}}
    message: "Agreed on {scope.baseline_at}: {scope.baseline_count}. Then came {scope.added | names} ({scope.causes})."
  - id: rewritten
    title: It was rewritten
    when: {scope.rewritten_after_start: {gte: 0.5}}
    message: It says something else than when its work began.
"""
TEXT = "The card form loads once, whatever the shopper does, and says so when it can not."
OTHER = "Gift cards are sold in every shop, by phone and by mail, with a code for each."


@pytest.fixture
def town(tmp_path):
    town = Town(tmp_path)
    town.configure(rules=RULES, roadmap=ROADMAP)
    with town.server:
        yield town


def test_what_comes_after_an_epic_settled_is_told_with_its_cause(town):
    town.jira.add_issue("PAY", "Fast checkout", type="Epic")
    for title in ("Load the card form once", "Cache the basket"):
        town.jira.add_issue("PAY", title, parent="PAY-1")
    town.apply()
    town.jira.edit_issue("PAY-2", status="In Progress", description=TEXT)
    town.apply()
    town.pass_time(days=8)
    town.apply()
    with town.session() as session:
        taken = session.workspace.store.baselines()
    (epic,) = (each for each, *_ in taken.values() if each.of.about == "item")
    assert epic.confidence in (Confidence.OBSERVED, Confidence.RECONSTRUCTED)
    assert [each.key for each in epic.members] == ["PAY-2", "PAY-3"]
    assert outcome_subject("checkout-latency") in taken

    town.pass_time(days=1)
    town.jira.add_issue("PAY", "Gift cards", parent="PAY-1")
    town.jira.edit_issue("PAY-2", description=OTHER)
    judged = town.judge()
    found = {each.rule_id: each for each in judged.reconciled.findings}
    assert set(found) == {"grew", "rewritten"}
    words = line_text(found["grew"].message)
    assert words.startswith(f"Agreed on {epic.at:%Y-%m-%d}: 2. Then came PAY-4")
    assert words.endswith(("(1 added).", "(1 discovered)."))


def test_a_second_pass_takes_nothing_again(town):
    town.jira.add_issue("PAY", "Fast checkout", type="Epic", created_at=town.now() - timedelta(days=60))
    town.jira.add_issue(
        "PAY", "Cache", parent="PAY-1", status="In Progress", created_at=town.now() - timedelta(days=50)
    )
    town.apply()
    with town.session() as session:
        first = session.workspace.store.baselines()
    town.pass_time(days=3)
    town.apply()
    with town.session() as session:
        assert session.workspace.store.baselines() == first
    assert len(first) == 2
