"""Between the network and the trackers: notes every request in the journal, dates answers, lets faults happen."""

import asyncio
from collections.abc import Callable
from email.utils import format_datetime

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from syncd.clock import Clock
from syncd.simulator.faults import Fault, Faults
from syncd.simulator.journal import Entry, Journal

TRACKERS = ("jira", "github")
LOGIN_PAGE = "<!doctype html><html><head><title>Log in</title></head><body><h1>Log in to continue</h1></body></html>"


class Answer:
    """An answer that is held back: what an application sent, to be sent on, cut or thrown away."""

    def __init__(self) -> None:
        self.status = 500
        self.headers: list[tuple[bytes, bytes]] = []
        self.body = b""

    async def take(self, message: Message) -> None:
        """Take what an application sends."""
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message.get("headers", ()))
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")

    async def send(self, send: Send, *, share: float = 1.0) -> None:
        """Send it, or only the first part of its body, with the length of that part."""
        body = self.body[: int(len(self.body) * share)]
        headers = [(name, value) for name, value in self.headers if name.lower() != b"content-length"]
        if self.status not in (204, 304):
            headers.append((b"content-length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


class Middleware:
    """Serves ``app``; ``drop`` closes the connection of a request without an answer."""

    def __init__(
        self, app: ASGIApp, *, clock: Clock, journal: Journal, faults: Faults, drop: Callable[[Scope], None]
    ) -> None:
        self._app = app
        self._clock = clock
        self._journal = journal
        self._faults = faults
        self._drop = drop

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        tracker, _, below = scope["path"].removeprefix("/").partition("/")
        if tracker not in TRACKERS:
            await self._app(scope, receive, send)
            return
        query = scope["query_string"].decode("latin-1")
        fault = self._faults.take(tracker, scope["method"], f"/{below}?{query}" if query else f"/{below}")
        answer = await self._answer(scope, receive, fault or Fault())
        is_dropped = fault is not None and fault.drop
        self._journal.add(
            Entry(
                method=scope["method"],
                path=f"/{below}",
                query=query,
                status=0 if is_dropped else answer.status,
                tracker=tracker,
            )
        )
        if is_dropped:
            self._drop(scope)
            await asyncio.sleep(0.01)  # the server must see it gone, or it answers for us
            return
        await answer.send(send, share=0.5 if fault is not None and fault.half else 1.0)

    async def _answer(self, scope: Scope, receive: Receive, fault: Fault) -> Answer:
        answer = Answer()
        if fault.delay:
            await asyncio.sleep(fault.delay)
        if fault.work or not fault.is_answering:
            await self._app(scope, receive, answer.take)
        if fault.late:
            await asyncio.sleep(fault.late)
        if fault.is_answering:
            answer = Answer()
            await _spoiled(fault)(scope, receive, answer.take)
        if all(name.lower() != b"date" for name, _ in answer.headers):
            answer.headers.append((b"date", format_datetime(self._clock.now(), usegmt=True).encode()))
        return answer


def _spoiled(fault: Fault) -> Response:
    if fault.html:
        return Response(LOGIN_PAGE, fault.status or 200, fault.headers, "text/html; charset=utf-8")
    media_type = "application/json" if fault.body[:1] in ("{", "[") else "text/plain"
    return Response(fault.body, fault.status or 500, fault.headers, media_type)
