"""The real adapters of the machine's workspace."""

from collections.abc import Sequence

from adapters.contract import Tracker
from adapters.github.adapter import GitHubAdapter
from adapters.github.settings import GitHubAuth, GitHubSettings
from adapters.jira.adapter import JiraAdapter
from adapters.jira.settings import JiraSettings
from adapters.settings import SecretSource
from adapters.transport import Budget, Transport
from syncd.clock import Clock
from syncd.model.identity import PlaceId
from syncd.model.items import Place
from syncd.simulator.bot import EMAIL, TOKEN
from tests.sync.charters import OWNER, PREFIX, WORDS


def jira_adapter(url: str, places: Sequence[PlaceId], clock: Clock, transport: Transport) -> Tracker:
    settings = JiraSettings.model_validate({"url": url, "auth": {"email": EMAIL, "token": {"env": "TOKEN"}}})
    return JiraAdapter(
        settings,
        name="jira",
        places=tuple(Place(id=place, words=WORDS) for place in places),
        email=EMAIL,
        token=TOKEN,
        clock=clock,
        http=transport.http_adapter("jira", transport.budget("jira", settings.pace)),
        owner=OWNER,
        prefix=PREFIX,
    )


def github_adapter(url: str, places: Sequence[PlaceId], clock: Clock, transport: Transport, token: str) -> Tracker:
    settings = GitHubSettings(url=url, auth=GitHubAuth(token=SecretSource(env="TOKEN")), repositories={})
    return GitHubAdapter(
        settings,
        name="github",
        places=tuple(Place(id=place, words=WORDS) for place in places),
        token=token,
        clock=clock,
        http=transport.http_adapter("github", Budget(clock)),
        owner=OWNER,
        prefix=PREFIX,
    )
