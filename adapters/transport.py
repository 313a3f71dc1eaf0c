"""The one HTTP adapter under both client libraries: pacing, timeouts, counts, and what a broken connection means."""

import re
import threading
from collections import Counter
from collections.abc import Mapping
from urllib.parse import urljoin, urlsplit

import msgspec
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from requests.exceptions import (
    ChunkedEncodingError,
    ConnectionError,
    ConnectTimeout,
    ContentDecodingError,
    ProxyError,
    ReadTimeout,
    SSLError,
)
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError, ProtocolError

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
_LOST = (ReadTimeout, ConnectionError, ChunkedEncodingError, ContentDecodingError, ProtocolError)
_SIGN_IN = re.compile(r"login|sign-?in|sso|saml|authorize", re.IGNORECASE)
_VARIABLE = re.compile(
    r"(?<=/repos/)[^/]+/[^/]+|(?<=/orgs/)[^/]+|(?<=/issue/)[^/]+|(?<=/labels/)[^/]+|(?<=/project/)[^/]+|(?<=/)\d{2,}"
    r"|(?<=/issues/)\d|(?<=/comments/)\d|(?<=/comment/)\d"
)


class Request(msgspec.Struct, frozen=True, order=True):
    """What requests are counted by; ``path`` is a template, ``status`` 0 where no answer came."""

    tracker: str
    method: str
    path: str
    status: int


class Transport:
    """Hands out the HTTP adapters of all trackers and counts what goes through them; threads may share it."""

    def __init__(self, clock: Clock, timeouts: tuple[float, float] = TIMEOUTS) -> None:
        self._clock = clock
        self._timeouts = timeouts
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
            return self._budgets.setdefault(credential, Budget(self._clock, pace))

    def http_adapter(self, tracker: str, budget: Budget) -> HTTPAdapter:
        """Return an adapter to mount under a client library."""
        return _TrackerHTTPAdapter(self, tracker, budget, self._clock, self._timeouts)

    def count(self, request: Request) -> None:
        """Count one request."""
        with self._lock:
            self._counts[request] += 1


class _TrackerHTTPAdapter(HTTPAdapter):
    """Sends the requests of one tracker, each exactly once."""

    def __init__(
        self, transport: Transport, tracker: str, budget: Budget, clock: Clock, timeouts: tuple[float, float]
    ) -> None:
        super().__init__(max_retries=0)
        self._transport = transport
        self._tracker = tracker
        self._budget = budget
        self._clock = clock
        self._timeouts = timeouts

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
            answer = super().send(request, False, self._timeouts, verify, cert, proxies)  # type: ignore[arg-type]
            status = answer.status_code
            self._read(answer)
        except TrackerError:
            raise
        except (*_LOST, OSError) as error:
            raise self._meaning(error, is_write) from None
        finally:
            self._transport.count(Request(self._tracker, method, path_template(url.path), status))
        self._check(answer, request, is_write)
        return answer

    def _read(self, answer: Response) -> None:
        started = self._clock.monotonic()
        chunks, size = [], 0
        for chunk in answer.iter_content(_CHUNK):
            chunks.append(chunk)
            size += len(chunk)
            if size > LARGEST_BODY:
                answer.close()
                raise RefusedError(f"answered more than {LARGEST_BODY >> 20} MiB", tracker=self._tracker)
            if self._clock.monotonic() - started > SLOWEST_BODY:
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
        elif 200 <= status < 300 and not is_whole(answer.headers, body):
            message = "answered HTML or half a page where JSON was due"
            if is_write:
                raise UnknownResultError(f"{message}; the write may have been done", tracker=self._tracker)
            raise TransientError(message, tracker=self._tracker)
        elif status in (403, 429) and is_limited(status, answer.headers, answer.text):
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
    return _VARIABLE.sub("{}", path)


def _causes(error: BaseException) -> list[object]:
    found: list[object] = [error]
    for each in found:
        inner = [*getattr(each, "args", ()), getattr(each, "reason", None)]
        found.extend(cause for cause in inner if isinstance(cause, BaseException) and cause not in found)
    return found


def _is_unsent(error: Exception) -> bool:
    if isinstance(error, ConnectTimeout | ProxyError):
        return True
    return any(isinstance(each, NewConnectionError | ConnectTimeoutError) for each in _causes(error)) and any(
        isinstance(each, MaxRetryError) for each in _causes(error)
    )


def _is_untrusted(error: Exception) -> bool:
    return isinstance(error, SSLError) and "CERTIFICATE_VERIFY_FAILED" in str(error)
