"""The one HTTP adapter under both client libraries: pacing, timeouts, counts, and what a broken connection means."""

import re
import threading
from collections import Counter
from collections.abc import Mapping
from urllib.parse import urljoin, urlsplit

import msgspec
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from requests.exceptions import ConnectTimeout, ProxyError, ReadTimeout, SSLError
from urllib3.exceptions import ConnectTimeoutError, HTTPError, MaxRetryError, NewConnectionError

from adapters.answers import is_limited, is_whole, wall_of
from adapters.pacing import Budget, Pace
from syncd.clock import Clock
from syncd.model.errors import (
    AccessError,
    RefusedError,
    TrackerError,
    TransientError,
    UnknownResultError,
    UnsentError,
)

__all__ = ["Budget", "Pace", "Request", "Transport", "path_template"]

TIMEOUTS = (5.0, 30.0)
LARGEST_BODY = 64 * 1024 * 1024
"""A page of a hundred issues is a few megabytes; one of them may have a huge description."""
SLOWEST_BODY = 120.0
"""Seconds: a body that trickles in byte by byte never runs into the read timeout."""

_CHUNK = 128 * 1024
_SIGN_IN = re.compile(r"/(login|sign-?in|sso|saml2?|authorize|oauth2?)(\.|/|$)", re.IGNORECASE)
_NAMES = (
    (re.compile(r"/repos/[^/]+/[^/]+"), "/repos/{}"),
    (re.compile(r"/orgs/[^/]+"), "/orgs/{}"),
    (re.compile(r"/(issue|project)/[A-Z][A-Z0-9_]*(-\d+)?(?=/|$)"), r"/\1/{}"),
    (re.compile(r"/(labels|properties)/[^/]+"), r"/\1/{}"),
    (re.compile(r"(?<!/api)/\d+(?=/|$)"), "/{}"),
)


class Request(msgspec.Struct, frozen=True, order=True):
    """What requests are counted by; ``path`` is a template, ``status`` 0 where no answer came."""

    tracker: str
    method: str
    path: str
    status: int


class Transport:
    """Hands out the HTTP adapters of all trackers and counts what goes through them; threads may share it."""

    def __init__(
        self, clock: Clock, timeouts: tuple[float, float] = TIMEOUTS, largest_body: int = LARGEST_BODY
    ) -> None:
        self.clock = clock
        self.timeouts = timeouts
        self.largest_body = largest_body
        self._counts: Counter[Request] = Counter()
        self._budgets: dict[str, Budget] = {}
        self._lock = threading.Lock()

    @property
    def counts(self) -> Counter[Request]:
        """Return a copy of the counts so far."""
        with self._lock:
            return Counter(self._counts)

    def request_count(self, tracker: str = "") -> int:
        """Return how many requests were made, of one tracker or of all."""
        return sum(count for request, count in self.counts.items() if tracker in ("", request.tracker))

    def budget(self, credential: str, pace: Pace) -> Budget:
        """Return the budget that everybody who uses a credential shares; ``credential`` is its digest."""
        with self._lock:
            return self._budgets.setdefault(credential, Budget(self.clock, pace))

    def http_adapter(self, tracker: str, budget: Budget) -> HTTPAdapter:
        """Return an adapter to mount under a client library."""
        return _TrackerHTTPAdapter(self, tracker, budget)

    def count(self, request: Request) -> None:
        """Count one request."""
        with self._lock:
            self._counts[request] += 1


class _TrackerHTTPAdapter(HTTPAdapter):
    """Sends the requests of one tracker, each exactly once."""

    def __init__(self, transport: Transport, tracker: str, budget: Budget) -> None:
        super().__init__(max_retries=0)
        self._transport = transport
        self._tracker = tracker
        self._budget = budget

    def send(
        self,
        request: PreparedRequest,
        stream: bool = False,
        timeout: object = None,
        verify: bool | str = True,
        cert: object = None,
        proxies: Mapping[str, str] | None = None,
    ) -> Response:
        """Send one request and read its whole answer; raises TrackerError where there is none.

        The library's own timeout is overruled: it may be none at all.
        """
        method, url = request.method or "GET", urlsplit(request.url or "")
        self._budget.admit(self._tracker, method, url.path)
        is_write = self._budget.is_write(method, url.path)
        status = 0
        try:
            answer = super().send(request, False, self._transport.timeouts, verify, cert, proxies)  # type: ignore[arg-type]
            status = answer.status_code
            self._read(answer)
        except (OSError, HTTPError) as error:
            raise self._meaning(error, is_write) from None
        finally:
            self._transport.count(Request(self._tracker, method, path_template(url.path), status))
        self._check(answer, request, is_write)
        return answer

    def _read(self, answer: Response) -> None:
        clock, most = self._transport.clock, self._transport.largest_body
        started = clock.monotonic()
        chunks, size = [], 0
        for chunk in answer.iter_content(_CHUNK):
            chunks.append(chunk)
            size += len(chunk)
            if size > most:
                answer.close()
                raise RefusedError(f"answered more than {most:,} bytes", tracker=self._tracker)
            if clock.monotonic() - started > SLOWEST_BODY:
                answer.close()
                raise ReadTimeout
        answer._content = b"".join(chunks)

    def _meaning(self, error: Exception, is_write: bool) -> TrackerError:
        """Return what a failure to send or to read means; its text may hold addresses with secrets and is dropped."""
        if _is_untrusted(error):
            return AccessError(
                "its certificate is not trusted; set REQUESTS_CA_BUNDLE to your authority's", tracker=self._tracker
            )
        if _is_unsent(error):
            return UnsentError("can't be reached", tracker=self._tracker)
        reason = "gave no answer in time" if isinstance(error, ReadTimeout) else "the connection broke"
        if is_write:
            return UnknownResultError(f"{reason}; the write may have been done", tracker=self._tracker)
        return TransientError(reason, tracker=self._tracker)

    def _check(self, answer: Response, request: PreparedRequest, is_write: bool) -> None:
        status, body = answer.status_code, answer.content
        if answer.is_redirect:
            self._check_redirect(answer, request, is_write)
        elif 200 <= status < 300 and status != 204 and not (is_whole(answer.headers, body) and (body or is_write)):
            message = "answered nothing, HTML or half a page where JSON was due"
            if is_write:
                raise UnknownResultError(f"{message}; the write may have been done", tracker=self._tracker)
            raise TransientError(message, tracker=self._tracker)
        elif status in (403, 429) and is_limited(status, answer.headers, body[:2000].decode(errors="replace")):
            self._budget.note_wall(answer.headers, wall_of(status, answer.headers))

    def _check_redirect(self, answer: Response, request: PreparedRequest, is_write: bool) -> None:
        """Let through only what stays on the host: credentials never follow elsewhere, and a write is not turned into
        a read.
        """
        here = urlsplit(request.url or "")
        there = urlsplit(urljoin(request.url or "", answer.headers.get("location", "")))
        if (there.scheme, there.netloc) != (here.scheme, here.netloc) or _SIGN_IN.search(there.path):
            raise AccessError(
                f"redirects to {there.scheme}://{there.hostname}, which is not followed: a sign-in page, or it moved;"
                " check url: and the token",
                tracker=self._tracker,
            )
        if is_write and answer.status_code not in (307, 308):
            raise RefusedError(
                "redirects a write, which is not followed: was it moved or renamed?", tracker=self._tracker
            )


def path_template(path: str) -> str:
    """Return a path without its names and numbers: ``/repos/{}/issues/{}/labels/{}``."""
    for pattern, template in _NAMES:
        path = pattern.sub(template, path)
    return path


def _is_unsent(error: Exception) -> bool:
    if isinstance(error, ConnectTimeout | ProxyError):
        return True
    cause = error.args[0] if error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError | ConnectTimeoutError)


def _is_untrusted(error: Exception) -> bool:
    return isinstance(error, SSLError) and "CERTIFICATE_VERIFY_FAILED" in str(error)
