"""A GitHub with a private and a public repository, over HTTP on loopback."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
import requests

from syncd.clock import ManualClock
from syncd.simulator.github import GitHubState, Role
from syncd.simulator.server import SimulatorServer

Ask = Callable[..., requests.Response]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 24, 10, tzinfo=UTC))


@pytest.fixture
def state(clock: ManualClock) -> GitHubState:
    """The bot may push to both; reader, triager and stranger are what they are called; all have their name as token."""
    state = GitHubState(clock)
    state.add_repository("acme/checkout", private=True)
    state.add_repository("acme/sdk")
    for login, role in (("bot", Role.WRITE), ("reader", Role.READ), ("triager", Role.TRIAGE), ("stranger", Role.NONE)):
        state.people.add(login, token=login, role=role)
    return state


@pytest.fixture
def ask(state: GitHubState, clock: ManualClock) -> Iterator[Ask]:
    """Ask the API: ``ask("GET", path, token="reader", json=…)``, as the bot unless said."""
    with SimulatorServer(None, state, clock=clock) as server, requests.Session() as session:

        def ask(method: str, path: str, *, token: str = "bot", headers: dict | None = None, **given):
            signed = {"Authorization": f"Bearer {token}"} if token else {}
            url = path if path.startswith("http") else server.github_url + path
            return session.request(
                method, url, headers={**signed, **(headers or {})}, allow_redirects=False, timeout=5, **given
            )

        yield ask
