"""`syncd rollover`: shown first, with what it would cause; begun only with --yes, and read again."""

import json

import pytest

from tests.cli.running import Ended, syncd

ROADMAP = """\
# Ours.
period: {id: 2025-Q3, from: 2025-07-01, to: 2025-09-30}  # three months

outcomes:
  - id: checkout-latency   # the big one
    title: Shoppers finish checkout without waiting
    horizon: now
  - {id: wallet, title: Shoppers pay with the wallet, horizon: next}
  - {id: easy, title: Merchants start in a day, status: achieved}
exempt:
  - {match: {item.kind: incident}, reason: Handled on call, until: 2025-09-30}
"""
RULES = """
rules:
  - id: too-early
    title: Serves what is not worked on yet
    when: {trace.outcome.horizon: next}
    message: Its outcome is for later.
  - id: unlinked
    title: Serves nothing
    when: {trace.state: unlinked}
    message: It serves nothing.
"""


@pytest.fixture
def config(config):
    config.configure(roadmap=ROADMAP, rules=RULES)
    return config


def rollover(config, *words: str) -> Ended:
    return syncd("rollover", *words, "--config", str(config.config))


def roadmap_of(config) -> str:
    return (config.config / "default/roadmap.yaml").read_text()


def test_it_is_shown_and_nothing_is_written(config):
    ended = rollover(config, "2025-Q4", "--promote", "wallet")

    assert (ended.code, ended.err) == (0, "")
    assert ended.out.splitlines() == [
        "From 2025-Q3 (to 2025-09-30) to 2025-Q4 (2025-10-01 to 2025-12-31).",
        "",
        "Carried over: in now, and not achieved (1):",
        "  checkout-latency  Shoppers finish checkout without waiting",
        "",
        "Comes into now (1):",
        "  wallet  Shoppers pay with the wallet",
        "",
        "Leaves: its work is over (1):",
        "  easy  Merchants start in a day (achieved)",
        "",
        "Exemptions that end before the period does:",
        "  until 2025-09-30: Handled on call",
        "",
        "Nothing was read from the trackers yet: open work and writes are not known (`syncd plan` reads).",
        "",
        "Edits:",
        "  default/roadmap.yaml  period: id: 2025-Q3 → 2025-Q4",
        "  default/roadmap.yaml  period: from: 2025-07-01 → 2025-10-01",
        "  default/roadmap.yaml  period: to: 2025-09-30 → 2025-12-31",
        "  default/roadmap.yaml  wallet: horizon: next → now",
        "  default/roadmap.yaml  easy: period: 2025-Q3",
        "",
        "Nothing was written; --yes makes these edits.",
    ]
    assert roadmap_of(config) == ROADMAP


def test_with_yes_the_file_says_it_and_comments_stay(config):
    ended = rollover(config, "2025-Q4", "--promote", "wallet", "--yes")

    assert (ended.code, ended.err) == (0, "")
    assert ended.out.endswith("\n5 edits made in default/roadmap.yaml; read again and found as meant.\n")
    expected = (
        ROADMAP.replace("id: 2025-Q3", "id: 2025-Q4")
        .replace("from: 2025-07-01, to: 2025-09-30", "from: 2025-10-01, to: 2025-12-31")
        .replace("horizon: next", "horizon: now")
        .replace("{id: easy,", "{id: easy, period: 2025-Q3,")
    )
    assert roadmap_of(config) == expected
    again = rollover(config, "2025-Q4", "--yes")
    assert (again.code, again.out, again.err) == (2, "", "the roadmap's period is '2025-Q4' already\n")


def test_a_value_that_can_not_be_changed_in_place_is_told_and_nothing_is_written(config):
    folded = "period:\n  id: >-\n    2025-Q3\n  from: 2025-07-01\n  to: 2025-09-30\noutcomes: [{id: a, title: A}]\n"
    config.write("default/roadmap.yaml", folded)

    ended = rollover(config, "2025-Q4", "--yes")

    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("default/roadmap.yaml:2:7: period: id can't be changed here")
    assert roadmap_of(config) == folded


def test_what_it_would_cause_is_counted_by_rule_with_the_open_work(town):
    town.configure(roadmap=ROADMAP, rules=RULES, stage="labels")
    town.jira.add_issue("PAY", "Pay by wallet", labels=["outcome:wallet"])
    town.jira.add_issue("PAY", "Faster", labels=["outcome:checkout-latency"])
    assert syncd("plan", "--config", str(town.config)).code == 0

    ended = rollover(town, "2025-Q4", "--promote", "wallet")

    assert (ended.code, ended.err) == (0, "")
    assert "  checkout-latency  Shoppers finish checkout without waiting (1 open item)" in ended.out.splitlines()
    assert "  too-early  -1 resolved, 0 writes planned, 1 without it" in ended.out.splitlines()


def test_for_a_machine(config):
    document = json.loads(rollover(config, "2025-Q4", "--json").out)

    assert document["after"] == {"id": "2025-Q4", "starts_on": "2025-10-01", "ends_on": "2025-12-31"}
    assert [each["id"] for each in document["candidates"]] == ["wallet"]
    assert (document["effects"], document["written"]) == (None, False)
    assert document["edits"][0] == {
        "file": "default/roadmap.yaml",
        "what": "period: id",
        "before": "2025-Q3",
        "after": "2025-Q4",
    }


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["spring"], "'spring' does not say its days as 2027-Q1 does; say them: --from DATE --to DATE"),
        (["spring", "--from", "soon"], "--from: read 'soon'; expected a day such as 2027-01-01"),
        (["2025-Q4", "--promote", "walet"], "--promote: no outcome 'walet' on the roadmap. Did you mean 'wallet'?"),
        (["2025-Q1"], "'2025-Q1' would begin on 2025-01-01, and '2025-Q3' ends on 2025-09-30"),
    ],
)
def test_what_is_asked_wrongly_is_one_line(config, words, message):
    ended = rollover(config, *words)

    assert (ended.code, ended.out, ended.err) == (2, "", f"{message}\n")
