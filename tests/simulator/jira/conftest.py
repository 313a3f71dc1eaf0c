"""A Jira site asked without a network: requests go straight into the application."""

import asyncio
import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest
from starlette.applications import Starlette

from syncd.clock import ManualClock
from syncd.simulator.jira import JiraState, routes

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


class Answer(msgspec.Struct, frozen=True):
    """Status, headers and JSON of an answer."""

    status: int
    headers: dict[str, str]
    json: Any

    @property
    def complaint(self) -> str:
        """Return what Jira complains of, in one line."""
        return "; ".join([*self.json["errorMessages"], *map(": ".join, self.json["errors"].items())])


Ask = Callable[..., Answer]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def state(clock: ManualClock) -> JiraState:
    """The bot and ada may do everyday things in PAY and FRAUD; the token of each is its name."""
    state = JiraState(clock)
    for name in ("bot", "ada"):
        state.people.add(name, name.capitalize(), email=f"{name}@example.com", token=name)
    state.catalogue.add_project("PAY", "Payments")
    state.catalogue.add_project("FRAUD", "Fraud checks")
    return state


@pytest.fixture
def ask(state: JiraState) -> Ask:
    """Ask the API: ``ask("GET", "/field", who="ada", body={…}, raw=b"…", maxResults=5)``; as the bot unless said."""
    app = Starlette(routes=routes(state))

    def ask(method: str, path: str, body: Any = None, *, who: str = "bot", raw: bytes = b"", **query: Any) -> Answer:
        login = base64.b64encode(f"{who}@example.com:{who}".encode())
        headers = [(b"authorization", b"Basic " + login)] if who else []
        content = raw or (b"" if body is None else json.dumps(body).encode())
        return asyncio.run(_asked(app, method, path, urlencode(query, doseq=True), headers, content))

    return ask


async def _asked(app: Any, method: str, path: str, query: str, headers: list, content: bytes) -> Answer:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": content, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": f"/rest/api/3{path}",
        "query_string": query.encode(),
        "headers": headers,
        "root_path": "",
        "scheme": "http",
        "server": ("127.0.0.1", 80),
    }
    await app(scope, receive, send)
    got = b"".join(message.get("body", b"") for message in sent)
    names = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], names, json.loads(got) if got else None)
