"""Requests to one Jira site: one call is one request, answered with JSON or one of the model's errors."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import msgspec
from jira import JIRA
from requests import RequestException, Response, Session
from requests.adapters import HTTPAdapter

from adapters.answers import decoded, error_of, server_time, write_error_of
from adapters.retry import retrying
from syncd.clock import Clock
from syncd.model.errors import TransientError, UnknownResultError

_API = "/rest/api/3"
_TIMEOUT = (5, 30)


class Answer(msgspec.Struct, frozen=True):
    """The JSON of an answer, None where the body was empty, and the site's time when it answered."""

    data: Any
    at: datetime

    @property
    def object(self) -> Mapping[str, Any]:
        """Return the JSON as an object, empty where there is none."""
        return self.data if isinstance(self.data, Mapping) else {}

    def objects(self, name: str = "") -> list[Mapping[str, Any]]:
        """Return a list of objects: the whole answer, or a member of it.

        Raises:
            TransientError: there is no such list, as when a proxy answers in place of Jira.
        """
        rows = self.object.get(name) if name else self.data
        if not isinstance(rows, list):
            raise TransientError(f"answered without the list {name or 'that was asked for'}")
        return [row for row in rows if isinstance(row, Mapping)]


class Site:
    """A Jira site as one credential sees it; threads may share it."""

    def __init__(self, url: str, *, email: str, token: str, tracker: str, clock: Clock, http: HTTPAdapter) -> None:
        self.url = url.rstrip("/")
        self.tracker = tracker
        self.clock = clock
        self._login = (email, token)
        self._http = http
        self._idle: list[JIRA] = []
        self._lock = threading.Lock()

    def get(self, path: str, **params: str | int | list[str]) -> Answer:
        """Read a resource."""
        return retrying(lambda: self._send("GET", path, params, None), clock=self.clock, is_repeatable=True)

    def ask(self, path: str, body: Mapping[str, Any]) -> Answer:
        """Read with a POST that changes nothing."""
        return retrying(lambda: self._send("POST", path, {}, body), clock=self.clock, is_repeatable=True)

    def write(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        is_repeatable: bool = False,
        **params: str,
    ) -> Answer:
        """Change something; ``is_repeatable``: doing it twice equals doing it once.

        Raises:
            UnknownResultError: the answer was lost, or is not Jira's: it may have been done.
        """

        def call() -> Answer:
            return self._send(method, path, params, body, is_write=True)

        return retrying(call, clock=self.clock, is_repeatable=is_repeatable)

    def _send(
        self,
        method: str,
        path: str,
        params: Mapping[str, str | int | list[str]],
        body: Mapping[str, Any] | None,
        *,
        is_write: bool = False,
    ) -> Answer:
        content = None if body is None else msgspec.json.encode(body)
        # The library names the type of a body where there is none, too, which the published API does not have.
        headers = {"Content-Type": None} if body is None else {}
        with self._client() as client:
            try:
                # The library's own request() retries, and stumbles over an error whose JSON is no object.
                answer = Session.request(
                    client._session,
                    method,
                    f"{self.url}{_API}{path}",
                    params=params,
                    data=content,
                    headers=headers,
                    timeout=_TIMEOUT,
                )
            except RequestException as error:
                raise TransientError(f"can't be asked ({type(error).__name__})", tracker=self.tracker) from None
        return self._answer(answer, is_write=is_write)

    def _answer(self, answer: Response, *, is_write: bool) -> Answer:
        if not 200 <= answer.status_code < 300:
            meaning = write_error_of if is_write else error_of
            raise meaning(answer.status_code, answer.headers, answer.text, tracker=self.tracker)
        try:
            data = decoded(answer.content, tracker=self.tracker) if answer.content.strip() else None
        except TransientError as error:
            if is_write:
                raise UnknownResultError(error.message, tracker=self.tracker) from None
            raise
        try:
            return Answer(data, server_time(answer.headers))
        except TransientError:
            return Answer(data, self.clock.now())

    @contextmanager
    def _client(self) -> Iterator[JIRA]:
        """Lend a client to one call: a session is no matter of two threads, and a client that is thrown away closes
        the connections of all.
        """
        with self._lock:
            client = self._idle.pop() if self._idle else None
        client = client or self._new_client()
        try:
            yield client
        finally:
            with self._lock:
                self._idle.append(client)

    def _new_client(self) -> JIRA:
        email, token = self._login
        # requests sends a login as Latin-1; Jira reads UTF-8.
        login = (email.encode().decode("latin-1"), token)
        client = JIRA(
            server=self.url,
            options={"rest_api_version": "3"},
            basic_auth=login,
            get_server_info=False,
            max_retries=0,
            timeout=_TIMEOUT,
        )
        client.deploymentType = "Cloud"
        client._fields_cache_value = {"labels": "labels"}
        for scheme in ("https://", "http://"):
            client._session.mount(scheme, self._http)
        return client
