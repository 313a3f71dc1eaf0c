"""`syncd init` on servers that list less than they have."""

import pytest

from tests.adapters.foreign.small_github import SmallGitHub
from tests.adapters.foreign.small_jira import SmallJira
from tests.cli.running import syncd

REPOSITORY = {"id": 1, "full_name": "acme/checkout", "private": True}


@pytest.fixture
def config(tmp_path, monkeypatch):
    for name, value in (("GITHUB_TOKEN", "x"), ("JIRA_TOKEN", "x"), ("JIRA_EMAIL", "bot@example.com")):
        monkeypatch.setenv(name, value)
    return tmp_path / "config"


def trackers(config):
    return (config / "default" / "trackers.yaml").read_text("utf-8")


def test_a_repository_named_in_full_need_not_be_listed(clock, config):
    with SmallGitHub(clock) as github:
        github.routes["GET", r"/repos/(?i:acme/checkout)"] = lambda **_: (200, REPOSITORY)
        ended = syncd("init", "--config", str(config), "--github-url", github.url, "--github", "Acme/Checkout")

    assert ended.code == 0, ended.err
    assert "      acme/checkout: {}" in trackers(config)


def test_a_project_named_in_full_need_not_be_listed(clock, config):
    with SmallJira(clock) as jira:
        jira.add("one")
        ended = syncd("init", "--config", str(config), "--jira", jira.url, "--project", "pay")

    assert ended.code == 0, ended.err
    assert "      PAY: {}" in trackers(config)


def test_a_repository_that_is_not_there_is_said_with_the_way_out(clock, config):
    with SmallGitHub(clock) as github:
        ended = syncd("init", "--config", str(config), "--github-url", github.url, "--github", "acme/other")

    assert (ended.code, config.exists()) == (2, False)
    assert "there is no repository acme/other" in ended.err


def test_an_owner_whose_repositories_are_not_listed_is_said_with_the_way_out(clock, config):
    with SmallGitHub(clock) as github:
        ended = syncd("init", "--config", str(config), "--github-url", github.url, "--github", "acme")

    assert ended.code == 2
    assert "name repositories in full, such as acme/checkout" in ended.err
