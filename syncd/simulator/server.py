"""Serves the simulated trackers on loopback: Jira below /jira, GitHub below /github, pages for people at /."""

import asyncio
import socket
import threading
from asyncio import BaseTransport
from concurrent.futures import Future
from types import TracebackType
from typing import Self

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Scope
from uvicorn.protocols.http.h11_impl import H11Protocol

from syncd.clock import Clock
from syncd.model.errors import ConfigError
from syncd.simulator import github as github_simulator
from syncd.simulator import jira as jira_simulator
from syncd.simulator.bot import admit_to_github, admit_to_jira
from syncd.simulator.faults import Fault, Faults
from syncd.simulator.github import GitHubState
from syncd.simulator.jira import JiraState
from syncd.simulator.journal import Journal
from syncd.simulator.middleware import Middleware
from syncd.simulator.pages import page_routes

HOST = "127.0.0.1"


class _Server(uvicorn.Server):
    """A uvicorn that stops as soon as ``stopping`` has a result, instead of looking every 0.1 s."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.stopping: Future[None] = Future()

    async def main_loop(self) -> None:
        """Wait for the stop."""
        await self.on_tick(0)
        await asyncio.wrap_future(self.stopping)


class SimulatorServer:
    """Serves from ``start`` to ``stop``, or within a ``with``, in a thread; port 0 takes a free one.

    What ``GET`` and ``DELETE /_simulator/journal`` and ``POST /_simulator/faults`` do, ``journal`` and ``faults`` do
    here. A port that can't be used raises ConfigError.
    """

    def __init__(self, jira: JiraState | None, github: GitHubState | None, *, clock: Clock, port: int = 0) -> None:
        self.jira = jira
        self.github = github
        self.clock = clock
        self.journal = Journal()
        self.faults = Faults()
        self._connections: dict[tuple[str, int], BaseTransport] = {}
        self._socket = _listening(port)
        # Inherited by every connection: else each answer waits 40 ms for the client's acknowledgement of its head.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.url = f"http://{HOST}:{self._socket.getsockname()[1]}"
        self._server = _Server(self._config())
        self._thread = threading.Thread(target=self._run, name="simulator", daemon=True)

    @property
    def jira_url(self) -> str:
        """The address of the Jira site."""
        return f"{self.url}/jira"

    @property
    def github_url(self) -> str:
        """The address of GitHub's API."""
        return f"{self.url}/github"

    def lead_here(self) -> Self:
        """Let the addresses that the trackers show to people lead to the pages here, instead of to the real services.

        Before anything is read: an item's address is part of what is read.
        """
        if self.jira is not None:
            self.jira.site = self.jira_url
        if self.github is not None:
            if self.jira is not None:
                self.jira.remote_links.lead(self.github.site, self.url)
            self.github.site = self.url
        return self

    def start(self) -> Self:
        """Begin to serve; who connects from now on is answered."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving and free the port."""
        if not self._server.stopping.done():
            self._server.stopping.set_result(None)
        if self._thread.is_alive():
            self._thread.join()
        self._socket.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _run(self) -> None:
        self._server.run(sockets=[self._socket])

    def _config(self) -> uvicorn.Config:
        return uvicorn.Config(
            self._app(),
            http=_protocol(self._connections),
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            date_header=False,
            server_header=False,
            timeout_graceful_shutdown=1,
        )

    def _app(self) -> ASGIApp:
        routes: list[BaseRoute] = [
            Route("/_simulator/journal", self._serve_journal, methods=["GET", "DELETE"]),
            Route("/_simulator/faults", self._serve_faults, methods=["GET", "POST", "DELETE"]),
            *page_routes(self.jira, self.github),
        ]
        if self.jira is not None:
            routes.append(Mount("/jira", routes=jira_simulator.routes(self.jira)))
        if self.github is not None:
            routes.append(Mount("/github", routes=github_simulator.routes(self.github)))
        return Middleware(
            Starlette(routes=routes), clock=self.clock, journal=self.journal, faults=self.faults, drop=self._drop
        )

    def _drop(self, scope: Scope) -> None:
        if transport := self._connections.get(tuple(scope["client"])):
            transport.close()

    async def _serve_journal(self, request: Request) -> Response:
        if request.method == "DELETE":
            self.journal.clear()
        return _json(self.journal.entries())

    async def _serve_faults(self, request: Request) -> Response:
        if request.method == "DELETE":
            self.faults.clear()
        if request.method == "POST":
            try:
                given = msgspec.json.decode(await request.body(), type=list[Fault] | Fault)
            except msgspec.DecodeError as error:
                return _json({"error": str(error)}, 400)
            for fault in given if isinstance(given, list) else [given]:
                self.faults.add(fault)
        return _json(self.faults.rules())


def _listening(port: int) -> socket.socket:
    try:
        return socket.create_server((HOST, port))
    except (OSError, OverflowError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise ConfigError(f"port {port} of {HOST} can't be used: {reason}; name another with --port") from error


def empty_states(clock: Clock) -> tuple[JiraState, GitHubState]:
    """Return a Jira and a GitHub in which nothing is yet but the bot."""
    jira, github = JiraState(clock), GitHubState(clock)
    admit_to_jira(jira)
    admit_to_github(github)
    return jira, github


def _json(payload: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(payload), status, media_type="application/json")


def _protocol(connections: dict[tuple[str, int], BaseTransport]) -> type[H11Protocol]:
    """Return uvicorn's protocol with an eye on the open connections, by the address of their other end."""

    class Protocol(H11Protocol):
        def connection_made(self, transport: BaseTransport) -> None:
            connections[transport.get_extra_info("peername")[:2]] = transport
            super().connection_made(transport)  # type: ignore[arg-type]

        def connection_lost(self, exc: Exception | None) -> None:
            connections.pop(self.transport.get_extra_info("peername")[:2], None)
            super().connection_lost(exc)

    return Protocol
