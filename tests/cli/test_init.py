import re

import pytest

from tests.cli.running import syncd
from tests.e2e.town import GitHubSide, JiraSide


@pytest.fixture
def sides(town):
    return [
        JiraSide(town, labels=["tech-debt"]),
        JiraSide(town, type="Bug", status="In Progress"),
        GitHubSide(town, labels=["bug"]),
    ]


def init(town, config, *arguments):
    return syncd(
        "init",
        "--config",
        str(config),
        "--jira",
        town.server.jira_url,
        "--github-url",
        town.server.github_url,
        *arguments,
    )


def test_writes_files_that_check_accepts_and_plan_runs_from(town, sides, tmp_path, monkeypatch):
    config = tmp_path / "first"
    monkeypatch.setenv("SYNCD_STORE", f"sqlite:///{tmp_path}/first.db")

    ended = init(town, config)

    assert (ended.code, ended.err) == (0, "")
    assert f"wrote {config}/default/trackers.yaml" in ended.out
    checked = syncd("check", "--config", str(config))
    assert (checked.code, checked.err) == (0, "")
    assert "jira (1 place) and github (1 place)" in checked.out
    assert "stage report" in checked.out
    planned = syncd("plan", "--config", str(config))
    assert (planned.code, planned.err) == (0, "")
    assert "Nothing to write." in planned.out
    assert town.writes() == []


def test_writes_no_secret(town, sides, tmp_path, monkeypatch):
    monkeypatch.setenv("JIRA_TOKEN", "simulator")
    init(town, tmp_path / "first")

    texts = [path.read_text("utf-8") for path in (tmp_path / "first").rglob("*.yaml")]
    assert texts
    assert not any("token: simulator" in text for text in texts)
    assert any("{env: JIRA_TOKEN}" in text for text in texts)


def test_leaves_what_is_there(town, sides, tmp_path):
    config = tmp_path / "first"
    init(town, config)
    text = (config / "default/trackers.yaml").read_text("utf-8")

    ended = init(town, config)

    assert ended == (2, "", f"{config}/default/trackers.yaml is there already; name another folder with --config\n")
    assert (config / "default/trackers.yaml").read_text("utf-8") == text


def test_looks_at_what_was_named(town, sides, tmp_path):
    town.jira.catalogue.add_project("FRAUD", "Fraud checks")
    town.github.add_repository("acme/sdk")

    init(town, tmp_path / "first", "--project", "PAY", "--github", "acme/sdk")

    text = (tmp_path / "first/default/trackers.yaml").read_text("utf-8")
    assert "PAY" in text
    assert "acme/sdk" in text
    assert "FRAUD" not in text
    assert "acme/checkout" not in text


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(["--project", "NONE"], r"jira: no project NONE, or .*\n", id="project"),
        pytest.param(["--github", "acme/none"], r"github: there is no repository acme/none, or .*\n", id="repository"),
        pytest.param(["--github", "nobody"], r"github: .*'nobody'.*\n", id="owner"),
    ],
)
def test_what_is_not_seen_is_told(town, sides, tmp_path, arguments, told):
    ended = init(town, tmp_path / "first", *arguments)

    assert ended.code == 2
    assert re.fullmatch(told, ended.err)
    assert not (tmp_path / "first").exists()


def test_a_wrong_token_is_told_without_it(town, tmp_path, monkeypatch):
    monkeypatch.setenv("GITHUB_TOKEN", "ghp_wrong")

    ended = init(town, tmp_path / "first")

    assert ended.code == 3
    assert ended.err.startswith("github: the token is wrong or expired (401)")
    assert ended.err.count("\n") == 1
    assert "ghp_wrong" not in ended.err + ended.out
    assert not (tmp_path / "first").exists()


def test_without_anything_to_look_at_it_says_what_to_write():
    ended = syncd("init")

    assert (ended.code, ended.out) == (2, "")
    assert "--jira https://acme.atlassian.net" in ended.err
