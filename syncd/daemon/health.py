"""Health over HTTP: /healthz says that the process lives, /readyz whether it does its work."""

import os
import socket
import threading
from collections.abc import Callable
from datetime import datetime

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from syncd.model.errors import SyncdError


class Readiness(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the service does its work, and the details by workspace, for /readyz."""

    is_ready: bool
    details: dict[str, object]


class Configured(msgspec.Struct, frozen=True, kw_only=True):
    """When the configuration that holds was read, and what is wrong with the files as they are now."""

    read_at: datetime
    errors: tuple[str, ...] = ()

    @property
    def details(self) -> dict[str, object]:
        """Return it for /readyz."""
        return {"read_at": self.read_at.isoformat(), "errors": list(self.errors)}


def health_app(readiness: Callable[[], Readiness]) -> Starlette:
    """Return the web application with the two health endpoints."""

    def healthz(_: Request) -> Response:
        return PlainTextResponse("ok\n")

    def readyz(_: Request) -> Response:
        ready = readiness()
        return JSONResponse({"ready": ready.is_ready, **ready.details}, status_code=200 if ready.is_ready else 503)

    return Starlette(routes=[Route("/healthz", healthz), Route("/readyz", readyz)])


class HealthServer:
    """Serves the health endpoints from a thread of its own until it is stopped; port 0 takes a free one."""

    def __init__(self, app: Starlette, host: str, port: int) -> None:
        # Its own log lines are not ours in form, and what matters of them is raised.
        config = uvicorn.Config(
            app,
            log_config=None,
            log_level="critical",
            access_log=False,
            lifespan="off",
            ws="none",
            server_header=False,
            timeout_graceful_shutdown=1,
        )
        self.address = f"{host}:{port}"
        self._listen = (host, port)
        self._server = uvicorn.Server(config)
        self._socket: socket.socket | None = None
        self._thread = threading.Thread(target=self._run, name="health", daemon=True)

    def _run(self) -> None:
        assert self._socket is not None
        self._server.run(sockets=[self._socket])

    def start(self) -> None:
        """Listen; who connects from now on is answered.

        Raises:
            SyncdError: the port is taken or the address is not this machine's.
        """
        try:
            self._socket = socket.create_server(self._listen)
        except (OSError, OverflowError) as error:
            raise SyncdError(f"can't listen on {self.address}: {_reason(error)}; change http.listen") from None
        self.address = f"{self._listen[0]}:{self._socket.getsockname()[1]}"
        self._thread.start()

    def stop(self) -> None:
        """Stop listening; waits two seconds at the most."""
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join(2)
        if self._socket is not None:
            self._socket.close()


def _reason(error: Exception) -> str:
    """Return why, without the address that Python adds to it."""
    number = getattr(error, "errno", None) or 0
    return (os.strerror(number) if number > 0 else getattr(error, "strerror", None) or str(error)).lower()
