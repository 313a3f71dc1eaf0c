"""Servers that know a little of a tracker and nothing more: no Date, no ETag, no Link, no limits, no permissions."""

import json
import re
import threading
from collections.abc import Callable
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

from syncd.clock import Clock

Route = Callable[..., tuple[int, Any]]


class Minimal:
    """Serves on loopback what ``routes`` names, and ``missing`` for everything else; a string goes out as it is."""

    def __init__(self, clock: Clock, missing: int = 404, content_type: str = "application/json") -> None:
        self.clock = clock
        self.missing = missing
        self.content_type = content_type
        self.headers: dict[str, str] = {}
        self.asked: dict[str, str] = {}
        self.requests: list[str] = []
        self.types: dict[str, set[str]] = {}
        self.routes: dict[tuple[str, str], Route] = {}
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def writes(self) -> list[str]:
        """Return the requests that may change something, and forget all of them."""
        found = [each for each in self.requests if not each.startswith("GET") and "/search" not in each]
        self.requests.clear()
        return found

    def now(self) -> str:
        return stamp(self.clock.now())

    def answer(self, method: str, target: str, body: bytes) -> tuple[int, Any]:
        parts = urlsplit(target)
        with self._lock:
            self.requests.append(f"{method} {parts.path}")
            for (verb, pattern), route in self.routes.items():
                found = re.fullmatch(pattern, parts.path)
                if found and verb == method:
                    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
                    return route(*map(unquote, found.groups()), query=query, body=json.loads(body) if body else None)
        return self.missing, {"message": "Not Found"}


def stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"


def _handler(server: Minimal) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def _serve(self) -> None:
            server.types.setdefault(self.command, set()).add(self.headers.get("content-type", ""))
            server.asked = {name.lower(): value for name, value in self.headers.items()}
            length = int(self.headers.get("content-length") or 0)
            status, value = server.answer(self.command, self.path, self.rfile.read(length) if length else b"")
            content = b"" if value is None else value if isinstance(value, bytes) else json.dumps(value).encode()
            self.send_response_only(status)
            self.send_header("content-type", server.content_type)
            self.send_header("content-length", str(len(content)))
            for name, held in server.headers.items():
                self.send_header(name, held)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815

    return Handler
