"""Adapters on foreign servers."""

from typing import Any

from adapters.github.adapter import GitHubAdapter
from adapters.github.settings import GitHubSettings
from adapters.jira.adapter import JiraAdapter
from adapters.jira.settings import WORDS, JiraSettings
from adapters.pacing import Budget
from adapters.transport import Transport
from syncd.clock import ManualClock
from syncd.model.identity import PlaceId
from syncd.model.items import Place
from syncd.model.words import Words
from tests.adapters.steps import OWNER, PREFIX

TOKEN = {"env": "TOKEN"}


def github_on(url: str, clock: ManualClock, *names: str) -> GitHubAdapter:
    return GitHubAdapter(
        GitHubSettings.model_validate({"url": url, "auth": {"token": TOKEN}}),
        name="github",
        places=tuple(Place(id=PlaceId("github", name), words=Words()) for name in names),
        token="a-token",
        **_shared(clock, "github"),
    )


def jira_on(url: str, clock: ManualClock, *keys: str) -> JiraAdapter:
    return JiraAdapter(
        JiraSettings.model_validate({"url": url, "auth": {"email": "bot@example.com", "token": TOKEN}}),
        name="jira",
        places=tuple(Place(id=PlaceId("jira", key), words=WORDS) for key in keys),
        email="bot@example.com",
        token="a-token",
        **_shared(clock, "jira"),
    )


def _shared(clock: ManualClock, tracker: str) -> dict[str, Any]:
    http = Transport(clock).http_adapter(tracker, Budget(clock))
    return {"clock": clock, "http": http, "owner": OWNER, "prefix": PREFIX}
