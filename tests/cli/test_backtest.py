import json
import subprocess
from datetime import timedelta

import pytest

from syncd.clock import SystemClock
from syncd.model.identity import ItemId, PlaceId
from syncd.model.items import BEGINNING, Event, History, Item
from syncd.model.reading import HistoryPage, Page
from syncd.store import open_store
from tests.builders import make_item, place_id
from tests.cli.running import syncd

DAY = timedelta(days=1)
NOW = SystemClock().now()
PLACE = place_id("jira:PAY")
RULE = """
rules:
  - {id: labelled, title: Labelled, message: Labelled, when: {item.labels: {contains: LABEL}}, stage: comment}
"""


@pytest.fixture
def past(config):
    """Return a configuration whose store holds two items, one of which got its label twenty days ago."""
    config.write("default/rules/rules.yaml", RULE.replace("LABEL", "bug"))
    moved = _item("PAY-1", labels=("bug",), updated_at=NOW - 20 * DAY)
    event = Event(item=moved.id, at=NOW - 20 * DAY, field="labels", before="", after="bug", actor="ann")
    histories = {moved.id: History(known_since=BEGINNING, events=(event,))}
    _save(config, [moved, _item("PAY-2", labels=("debt",))], histories)
    return config


def _item(key: str, **given) -> Item:
    dates = {"created_at": NOW - 200 * DAY, "updated_at": NOW - 200 * DAY}
    return make_item(key, **{**dates, **given})


def _save(config, items: list[Item], histories: dict[ItemId, History]) -> None:
    store = open_store(f"sqlite:///{config.store_file}")
    rows = store.workspace("default")
    places: tuple[PlaceId, ...] = (PLACE,)
    rows.save_page("jira", Page(observed_at=NOW, items=tuple(items), read_places=places, imported_places=places))
    rows.save_histories("jira", HistoryPage(observed_at=NOW, histories=histories))
    store.close()


def backtest(config, *arguments: str):
    return syncd("backtest", "--config", str(config.config), *arguments)


def test_what_the_rules_would_have_said(past):
    ended = backtest(past)
    assert (ended.code, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert "2 items then, 2 now." in lines[0]
    assert lines[1] == "Every item could be known on every day."
    (row,) = [line.split() for line in lines if line.split()[:2] == ["labelled", "all"]]
    assert row[2:6] == ["0", "1", "0", "1"]


def test_json_for_machines(past):
    document = json.loads(backtest(past, "--format", "json", "--since", "30d").out)
    (figures,) = [each for each in document["new"]["figures"] if each["team"] is None]
    assert (figures["rule_id"], figures["added_count"]) == ("labelled", 1)
    assert len(document["shares"]) > 15


def test_other_rules_are_compared_with_those_that_are_there(past, tmp_path):
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "a.yaml").write_text(RULE.replace("LABEL", "debt"))
    ended = backtest(past, "--rules", str(tmp_path / "more"), "--format", "json")
    (difference,) = json.loads(ended.out)["differences"]
    assert (difference["added"], difference["resolved"]) == (["PAY-2"], ["PAY-1"])


def git(folder, *arguments: str) -> None:
    command = ["git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@example.com", *arguments]
    subprocess.run(command, check=True, capture_output=True)


@pytest.fixture
def repository(past):
    """Return a configuration in a repository of git, with an edit that is not committed."""
    git(past.folder, "init", "--quiet", "--initial-branch=main")
    past.write("default/rules/tests/labelled.yaml", "not: a rule\n")
    git(past.folder, "add", "config")
    git(past.folder, "commit", "--quiet", "--message=before")
    past.write("default/rules/rules.yaml", RULE.replace("LABEL", "debt"))
    return past


def test_rules_are_compared_with_those_of_a_revision(repository):
    ended = backtest(repository, "--against", "main", "--format", "markdown")
    assert (ended.code, ended.err) == (0, "")
    assert "### What the rules would say otherwise than the rules at main" in ended.out
    assert "| labelled | edited | 1 | 1 | 0 | +PAY-2, -PAY-1 |" in ended.out


@pytest.mark.parametrize("revision", ["nowhere", "--all", "main:config", ""])
def test_a_revision_that_is_not_there(repository, revision):
    ended = backtest(repository, f"--against={revision}")
    assert ended.code == 2
    assert ended.err.startswith(f"--against: git knows no revision '{revision}' here")


def test_a_revision_without_rules(repository):
    git(repository.folder, "checkout", "--quiet", "--orphan", "empty")
    git(repository.folder, "rm", "--quiet", "-r", "-f", "--cached", "config/default/rules")
    git(repository.folder, "commit", "--quiet", "--message=none")
    ended = backtest(repository, "--against", "empty")
    assert (ended.code, "at 'empty' there are no rules in" in ended.err) == (2, True)


def test_rules_of_a_revision_that_are_wrong_are_told_with_it(repository):
    repository.write("default/rules/rules.yaml", "rules: [{id: x, title: X, message: M, when: {item.stauts: a}}]\n")
    git(repository.folder, "commit", "--quiet", "--all", "--message=wrong")
    repository.write("default/rules/rules.yaml", RULE)
    ended = backtest(repository, "--against", "main")
    assert ended.code == 2
    assert ended.err.startswith("main:rules/rules.yaml:1:")


def test_a_folder_without_git(past):
    ended = backtest(past, "--against", "main")
    assert (ended.code, "is in no git repository" in ended.err) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["--since", "soon"], "read 'soon'; expected days as 90d, or a day as 2026-08-30", id="since"),
        pytest.param(["--since", "2999-01-01"], "is not before", id="since-later"),
        pytest.param(["--until", "2026-13-01"], "read '2026-13-01'; expected a day", id="until"),
        pytest.param(["--format", "html"], "read 'html'; expected text, json or markdown", id="format"),
        pytest.param(["--rule", "labeled"], "no rule 'labeled'. Did you mean 'labelled'?", id="rule"),
        pytest.param(["--rules", "nowhere"], "no rules in 'nowhere'", id="rules"),
    ],
)
def test_what_is_asked_for_wrongly(past, arguments, said):
    ended = backtest(past, *arguments)
    assert ended.code == 2
    assert said in " ".join(ended.err.replace("│", " ").split())


def test_a_store_that_holds_nothing_yet(config):
    ended = backtest(config)
    assert (ended.code, "holds no items yet" in ended.err) == (2, True)


def test_what_is_gone_now_was_there_before(past):
    lost = _item("PAY-3", labels=("bug",))
    _save(past, [lost], {})
    store = open_store(f"sqlite:///{past.store_file}")
    store.workspace("default").mark_gone([lost.id], NOW - 5 * DAY)
    assert store.workspace("default").gone_at() == {lost.id: NOW - 5 * DAY}
    store.close()
    document = json.loads(backtest(past, "--format", "json").out)
    assert [document["shares"][each]["item_count"] for each in (0, -1)] == [3, 2]
    (figures,) = [each for each in document["new"]["figures"] if each["team"] is None]
    assert (figures["first_day_count"], figures["resolved_count"]) == (1, 1)
