"""Health over HTTP: /healthz says that the process lives, /readyz whether it does its work."""

import threading
from collections.abc import Callable

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


def health_app(readiness: Callable[[], Readiness]) -> Starlette:
    """Return the web application with the two health endpoints."""

    def healthz(_: Request) -> Response:
        return PlainTextResponse("ok\n")

    def readyz(_: Request) -> Response:
        ready = readiness()
        return JSONResponse({"ready": ready.is_ready, **ready.details}, status_code=200 if ready.is_ready else 503)

    return Starlette(routes=[Route("/healthz", healthz), Route("/readyz", readyz)])


class HealthServer:
    """Serves the health endpoints from a thread of its own until it is stopped."""

    def __init__(self, app: Starlette, host: str, port: int) -> None:
        config = uvicorn.Config(app, host=host, port=port, log_config=None, access_log=False, lifespan="off")
        self._server = uvicorn.Server(config)
        self._address = f"{host}:{port}"
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, name="health", daemon=True)

    def _run(self) -> None:
        try:
            self._server.run()
        except SystemExit:
            return  # uvicorn leaves this way when the port is taken
        finally:
            self._started.set()

    def start(self) -> None:
        """Listen.

        Raises:
            SyncdError: the port is taken or the address is not this machine's.
        """
        self._thread.start()
        while not self._server.started and not self._started.wait(0.02):
            pass
        if not self._server.started:
            raise SyncdError(
                f"can't listen on {self._address}: it is in use or not an address of this machine; change http.listen"
            )

    def stop(self) -> None:
        """Stop listening; waits two seconds at the most."""
        self._server.should_exit = True
        self._thread.join(2)
