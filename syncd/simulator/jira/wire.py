"""How a call comes in and goes out over HTTP: who asks, the JSON body, the answer, and refusals in Jira's form."""

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from syncd.simulator.jira.records import User
from syncd.simulator.jira.state import JiraState

INVALID_PAYLOAD = "Invalid request payload. Refer to the REST API documentation and try again."


class RefusalError(Exception):
    """A request that Jira would not carry out; it becomes an answer of ``status`` with these messages."""

    def __init__(self, status: int, *messages: str, errors: Mapping[str, str] | None = None) -> None:
        super().__init__(*messages)
        self.status = status
        self.messages = messages
        self.errors = dict(errors or {})


class Call(msgspec.Struct, frozen=True):
    """One request of a user who is signed in."""

    state: JiraState
    user: User
    path: Mapping[str, str]
    query: QueryParams
    body: Any = None

    def may(self, permission: str, project_key: str | None = None) -> bool:
        """Say whether the asking user has a permission."""
        return self.state.people.may(self.user.account_id, permission, project_key)

    def number(self, name: str, default: int) -> int:
        """Return a query parameter as a whole number that is not negative."""
        text = self.query.get(name, "")
        if not text:
            return default
        if not text.isdigit():
            raise RefusalError(400, f"The value '{text}' of '{name}' is not a number.")
        return int(text)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a query parameter as true or false."""
        return self.query.get(name, str(default)).lower() == "true"

    def words(self, name: str) -> list[str]:
        """Return a query parameter that is a list: repeated, or divided by commas."""
        return [word.strip() for text in self.query.getlist(name) for word in text.split(",") if word.strip()]

    def object(self) -> dict[str, Any]:
        """Return the body, which must be a JSON object."""
        if not isinstance(self.body, dict):
            raise RefusalError(400, INVALID_PAYLOAD)
        return self.body


class Done(msgspec.Struct, frozen=True):
    """An answer with another status than 200; without a payload the body is empty."""

    status: int
    payload: Any = msgspec.UNSET


Handler = Callable[[Call], Any]


def route(state: JiraState, path: str, methods: Mapping[str, Handler], *, is_public: bool = False) -> Route:
    """Return a path with a handler per method; the whole call is one step, nobody sees half of it."""

    async def endpoint(request: Request) -> Response:
        raw = await request.body()
        try:
            handler = methods.get(request.method)
            if handler is None:
                raise RefusalError(405, "Method not allowed")
            with state.lock:
                user = _caller(state, request, is_public=is_public)
                call = Call(state, user, request.path_params, request.query_params, _body(raw))
                return _answer(handler(call))
        except RefusalError as refusal:
            return refused(refusal)

    return Route(path, endpoint, methods=["GET", "POST", "PUT", "DELETE", "PATCH"])


def refused(refusal: RefusalError) -> Response:
    """Return a refusal as Jira words it."""
    body = {"errorMessages": list(refusal.messages), "errors": refusal.errors}
    headers = {"WWW-Authenticate": 'Basic realm="Jira"'} if refusal.status == 401 else {}
    return Response(msgspec.json.encode(body), refusal.status, headers, "application/json;charset=UTF-8")


def _answer(result: Any) -> Response:
    done = result if isinstance(result, Done) else Done(200, result)
    content = b"" if done.payload is msgspec.UNSET else msgspec.json.encode(done.payload)
    return Response(content, done.status, media_type="application/json;charset=UTF-8" if content else None)


def _body(raw: bytes) -> Any:
    try:
        return msgspec.json.decode(raw) if raw else None
    except msgspec.DecodeError as error:
        raise RefusalError(400, "There was an error parsing JSON. Check that your request body is valid.") from error


def _caller(state: JiraState, request: Request, *, is_public: bool) -> User:
    header = request.headers.get("authorization", "")
    if not header and is_public:
        return User(account_id="", display_name="Anonymous")
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() == "basic":
        try:
            email, _, token = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            email, token = "", ""
        if user := state.people.signed_in(email, token):
            return user
    raise RefusalError(401, "Client must be authenticated to access this resource.")
