"""Requests to GitHub's REST API through PyGithub, which owns authentication and addresses; one try layer above it."""

import re
import threading
from collections.abc import ItemsView, Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import github
import msgspec
import requests
from github.Requester import HTTPRequestsConnectionClass, Requester
from pydantic import SecretStr
from requests.adapters import HTTPAdapter

from adapters.answers import decoded, error_of, server_time, write_error_of
from adapters.retry import retrying
from syncd.clock import Clock
from syncd.model.errors import RefusedError, TrackerError, TransientError, UnknownResultError

API_VERSION = "2022-11-28"
PER_PAGE = 100
# The published API names its answers plain JSON, the guide asks for the first.
_ACCEPT = "application/vnd.github+json, application/json;q=0.9"
_NEXT = re.compile(r'<([^<>]*)>[^,<>]*;\s*rel="?next"?')
_MOVED = (301, 302, 303, 307, 308)

Query = Mapping[str, str]


class MovedError(RefusedError):
    """The thing lives elsewhere now; ``path`` is where, below the API's address."""

    def __init__(self, message: str, *, tracker: str, path: str) -> None:
        super().__init__(message, tracker=tracker)
        self.path = path


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer to ``query``: ``data`` of a success, ``text`` of a refusal; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    data: Any = None
    text: str = ""
    query: Query = {}

    @property
    def next_query(self) -> dict[str, str] | None:
        """Return the query of the next page; only the query: where to ask is ours to say.

        A page that names itself as the next one is the last: nobody shall turn it forever.
        """
        found = _NEXT.search(self.headers.get("link", ""))
        query = dict(parse_qsl(urlsplit(found[1]).query)) if found else None
        return None if query == self.query else query


class Client:
    """One credential at one GitHub; threads may share it."""

    def __init__(self, *, tracker: str, url: str, token: SecretStr | str, http: HTTPAdapter, clock: Clock) -> None:
        self.tracker = tracker
        self._url = url.rstrip("/")
        self._token = token.get_secret_value() if isinstance(token, SecretStr) else token
        self._clock = clock
        self._session = requests.Session()
        # Anything but None keeps requests from reading the machine's .netrc.
        self._session.auth = Requester.noopAuth
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, http)
        self._local = threading.local()

    def get(self, path: str, query: Query | None = None, *, etag: str = "", allowed: tuple[int, ...] = ()) -> Answer:
        """Return an answer, or an error's where its status is ``allowed``; raises TrackerError otherwise."""
        headers = {"If-None-Match": etag} if etag else {}
        answer = retrying(
            lambda: self._ask("GET", path, query, headers, None, is_write=False), clock=self._clock, is_repeatable=True
        )
        if answer.status >= 400 and answer.status not in allowed:
            raise self.error(answer)
        return answer

    def pages(self, path: str, query: Query | None = None, *, allowed: tuple[int, ...] = ()) -> Iterator[Answer]:
        """Yield all pages of a list."""
        asked: Query | None = {"per_page": str(PER_PAGE), **(query or {})}
        while asked is not None:
            answer = self.get(path, asked, allowed=allowed)
            yield answer
            asked = answer.next_query

    def write(self, verb: str, path: str, body: object = None, *, is_repeatable: bool) -> Answer:
        """Return the answer to a write, whatever GitHub thinks of it.

        Raises:
            UnknownResultError: the answer was lost, the write may have been done.
            TransientError: it was not done and is worth trying again.
        """
        return retrying(
            lambda: self._ask(verb, path, None, {}, body, is_write=True),
            clock=self._clock,
            is_repeatable=is_repeatable,
        )

    def now(self) -> datetime:
        """Return our own time, where GitHub's is not known."""
        return self._clock.now()

    def time_of(self, answer: Answer) -> datetime:
        """Return GitHub's time of an answer; a proxy may have dropped it."""
        return server_time(answer.headers) if "date" in answer.headers else self.now()

    def error(self, answer: Answer) -> TrackerError:
        """Return the error that a refusal means."""
        return error_of(answer.status, answer.headers, answer.text, tracker=self.tracker)

    def _ask(
        self, verb: str, path: str, query: Query | None, headers: Mapping[str, str], body: object, *, is_write: bool
    ) -> Answer:
        # PyGithub's own connection keeps one request's state for all threads; a connection per call is never shared.
        connection = _Connection(self._session, self._url, self.tracker)
        sent = {"Accept": _ACCEPT, **headers}
        status, found, text = self._requester.requestJson(verb, path, dict(query or {}), sent, body, cnx=connection)
        if status in _MOVED:
            raise self._moved(connection.location)
        if status >= 400:
            meaning = write_error_of if is_write else error_of
            error = meaning(status, found, text, tracker=self.tracker)
            if isinstance(error, TransientError | UnknownResultError):
                raise error
            return Answer(status=status, headers=found, text=text, query=query or {})
        return Answer(
            status=status, headers=found, data=self._decoded(text, is_write=is_write), query=dict(query or {})
        )

    def _decoded(self, text: str, *, is_write: bool) -> Any:
        try:
            return decoded(text, tracker=self.tracker) if text.strip() else None
        except TransientError as error:
            if is_write:
                raise UnknownResultError(
                    f"{error.message}; the write may have been done", tracker=self.tracker
                ) from None
            raise

    def _moved(self, location: str) -> TrackerError:
        here, there = urlsplit(self._url), urlsplit(location)
        is_ours = (there.scheme, there.netloc) == (here.scheme, here.netloc) and there.path.startswith(here.path + "/")
        if there.netloc and not is_ours:
            return RefusedError(f"redirects to {there.netloc}, which is not followed: check url:", tracker=self.tracker)
        return MovedError("was moved or renamed", tracker=self.tracker, path=there.path.removeprefix(here.path))

    @property
    def _requester(self) -> Requester:
        """Return this thread's Requester: it keeps times of its last requests, too, and guards nothing."""
        found: Requester | None = getattr(self._local, "requester", None)
        if found is None:
            found = github.Github(
                auth=github.Auth.Token(self._token),
                base_url=self._url,
                user_agent="syncd",
                per_page=PER_PAGE,
                retry=None,
                seconds_between_requests=None,
                seconds_between_writes=None,
                lazy=True,
                api_version=API_VERSION,
            ).requester
            self._local.requester = found
        return found


class _Response:
    """What PyGithub reads of an answer."""

    def __init__(self, answer: requests.Response) -> None:
        self.status = answer.status_code
        self._answer = answer

    def getheaders(self) -> ItemsView[str, str]:
        # Without an address to go to, PyGithub doesn't follow a redirect behind our back.
        return {name: value for name, value in self._answer.headers.items() if name.lower() != "location"}.items()

    def read(self) -> str:
        return self._answer.content.decode("utf-8", "replace")


class _Connection(HTTPRequestsConnectionClass):
    """One request over the session that all share; ``location`` is where a redirect leads."""

    def __init__(self, session: requests.Session, url: str, tracker: str) -> None:
        self._shared = session
        self._root = "{0.scheme}://{0.netloc}".format(urlsplit(url))
        self._tracker = tracker
        self.location = ""

    def getresponse(self) -> Any:
        answer = self._shared.request(
            self.verb, f"{self._root}{self.url}", headers=self.headers, data=self.input, allow_redirects=False
        )
        self.location = answer.headers.get("location", "")
        if answer.status_code == 202 and self.verb == "GET":
            raise TransientError("is still preparing the answer", tracker=self._tracker)
        return _Response(answer)

    def close(self) -> None:
        """Leave the shared session open."""
