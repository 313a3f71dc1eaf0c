"""How a call comes in and goes out over HTTP: who asks, the JSON body, ETags, rates, and refusals in GitHub's form."""

import hashlib
from collections.abc import Callable, Mapping
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import msgspec
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from syncd.simulator.github.people import Rate, Role
from syncd.simulator.github.records import Issue, Repository, Token
from syncd.simulator.github.state import GitHubState

Json = dict[str, Any]
VERSIONS = ("2022-11-28", "2026-03-10")
DOCUMENTATION = "https://docs.github.com/rest"
_METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE")


class RefusalError(Exception):
    """A request that GitHub would not carry out; it becomes an answer of ``status`` with this message."""

    def __init__(self, status: int, message: str, *, errors: list[Json] | None = None, location: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.errors = errors
        self.location = location


class Answer(msgspec.Struct, frozen=True):
    """An answer with another status than 200, or with headers; without a payload the body is empty."""

    status: int
    payload: Any = msgspec.UNSET
    headers: dict[str, str] = {}


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One request; ``token`` None: nobody is signed in. ``base`` is the address that paths are below."""

    state: GitHubState
    token: Token | None
    base: str
    method: str
    here: str
    path: Mapping[str, str]
    query: QueryParams
    body: Any = None

    @property
    def login(self) -> str | None:
        """The account that asks."""
        return self.token.login if self.token else None

    def repository(self) -> Repository:
        """Return the repository in the path; 404 where it may not be seen, a redirect where it is named anew."""
        by_id = self.path.get("repository_id")
        name = f"{self.path.get('owner')}/{self.path.get('repo')}"
        found = self.state.catalogue.find(int(by_id) if by_id and by_id.isdigit() else name)
        if found is None or not self.state.may_see(self.login, found):
            raise RefusalError(404, "Not Found")
        if not by_id and found.full_name.lower() != name.lower():
            rest = self.here.split("/", 4)[4:]  # "", "repos", owner, name, rest
            raise self.redirect(f"/repositories/{found.id}" + "".join(f"/{part}" for part in rest))
        return found

    def issue(self) -> Issue:
        """Return the issue in the path: 410 where it was deleted, a redirect where it was transferred."""
        repository = self.repository()
        text = self.path["number"]
        number = int(text) if text.isdigit() else 0
        if found := self.state.at(repository.id, number):
            return found
        if (repository.id, number) not in self.state.gone:
            raise RefusalError(404, "Not Found")
        moved_to = self.state.gone[repository.id, number]
        if moved_to is None:
            raise RefusalError(410, "This issue was deleted")
        target = self.state.by_id(moved_to)
        if target is None or not self.state.may_see(self.login, self.state.repository_of(target)):
            raise RefusalError(404, "Not Found")
        rest = self.here.partition(f"/issues/{text}")[2]
        raise self.redirect(f"/repositories/{target.repository_id}/issues/{target.number}{rest}")

    def redirect(self, path: str) -> RefusalError:
        """Return what sends the asker to another path here, with the same query: 301, or 307 where they write."""
        query = f"?{self.query}" if str(self.query) else ""
        status = 301 if self.method == "GET" else 307
        return RefusalError(status, "Moved Permanently", location=f"{self.base}{path}{query}")

    def need(self, role: Role, repository: Repository, message: str = "Must have push access to repository") -> None:
        """Refuse whose token may only read (403), or who has less than a role in the repository (403)."""
        if self.token is None:
            raise RefusalError(401, "Requires authentication")
        if not self.token.can_write:
            raise RefusalError(403, "Resource not accessible by personal access token")
        if self.state.people.role(self.login, repository) < role:
            raise RefusalError(403, message)

    def number(self, name: str, default: int, most: int | None = None) -> int:
        """Return a query parameter as a whole number from 1 on; what is none of that is as if it were not there."""
        text = self.query.get(name, "")
        value = int(text) if text.isdigit() and int(text) > 0 else default
        return value if most is None else min(value, most)

    def object(self) -> Json:
        """Return the body, which must be a JSON object."""
        if not isinstance(self.body, dict):
            raise RefusalError(400, "Problems parsing JSON")
        return self.body


Handler = Callable[[Call], Any]


def route(state: GitHubState, path: str, methods: Mapping[str, Handler]) -> Route:
    """Return a path with a handler per method; the whole call is one step, nobody sees half of it."""

    async def endpoint(request: Request) -> Response:
        raw = await request.body()
        with state.lock:
            return _respond(state, request, raw, methods)

    return Route(path, endpoint, methods=list(_METHODS))


def invalid(resource: str, field: str, code: str, message: str = "") -> RefusalError:
    """Return the 422 that says which field of the body is wrong."""
    error = {"resource": resource, "code": code, "field": field, **({"message": message} if message else {})}
    return RefusalError(422, "Validation Failed", errors=[error])


def _respond(state: GitHubState, request: Request, raw: bytes, methods: Mapping[str, Handler]) -> Response:
    now = state.clock.now()
    secret = _secret(request)
    headers = {"date": format_datetime(now, usegmt=True), "x-github-request-id": uuid4().hex.upper()[:20]}
    try:
        token = _signed_in(state, secret)
        rate = state.people.rate(secret, now)
        if rate.remaining == 0:
            raise RefusalError(
                403,
                f"API rate limit exceeded for user ID {state.people.known(token.login).id}."
                if token
                else "API rate limit exceeded for 127.0.0.1.",
            )
        answer = _answer(_call(state, request, raw, token, methods))
        response = _encoded(answer, request, secret)
        if response.status_code != 304:  # GitHub does not count what had not changed
            rate = state.people.use(secret, now)
        headers |= _rate_headers(rate) | ({"x-oauth-scopes": "read:org, repo"} if token and token.can_write else {})
    except RefusalError as refusal:
        response = refused(refusal)
        if refusal.status != 401:
            headers |= _rate_headers(state.people.rate(secret, now))
    response.headers.update({"x-github-media-type": "github.v3; format=json", **headers})
    return response


def _call(state: GitHubState, request: Request, raw: bytes, token: Token | None, methods: Mapping[str, Handler]) -> Any:
    if not request.headers.get("user-agent"):
        raise RefusalError(
            403, "Request forbidden by administrative rules. Please make sure your request has a User-Agent header."
        )
    version = request.headers.get("x-github-api-version", VERSIONS[0])
    if version not in VERSIONS:
        raise RefusalError(400, f"The X-GitHub-Api-Version '{version}' is not supported.")
    handler = methods.get(request.method)
    if handler is None:
        raise RefusalError(404, "Not Found")
    root = request.scope.get("root_path", "")
    return handler(
        Call(
            state=state,
            token=token,
            base=f"{request.url.scheme}://{request.url.netloc}{root}",
            method=request.method,
            here=quote(request.scope["path"].removeprefix(root), safe="/:@"),
            path=request.path_params,
            query=request.query_params,
            body=_body(raw),
        )
    )


def _answer(result: Any) -> Answer:
    return result if isinstance(result, Answer) else Answer(200, result)


def _encoded(answer: Answer, request: Request, secret: str) -> Response:
    """Return an answer; what is read has an ETag over its body and its reader, and is 304 where that is known.

    The ETag does not know of the Link header, and a 304 has none: as GitHub does it.
    """
    content = b"" if answer.payload is msgspec.UNSET else msgspec.json.encode(answer.payload)
    headers = {"cache-control": "private, max-age=60, s-maxage=60", "vary": "Accept, Authorization", **answer.headers}
    if request.method == "GET" and answer.status == 200:
        tag = hashlib.sha256(secret.encode() + b"\0" + content).hexdigest()
        headers["etag"] = f'W/"{tag}"'
        if tag in request.headers.get("if-none-match", ""):
            del headers["vary"]
            headers.pop("link", None)
            return Response(None, 304, headers)
    return Response(content, answer.status, headers, "application/json; charset=utf-8" if content else None)


def refused(refusal: RefusalError) -> Response:
    """Return a refusal as GitHub words it."""
    body: Json = {"message": refusal.message, "documentation_url": DOCUMENTATION, "status": str(refusal.status)}
    if refusal.errors is not None:
        body["errors"] = refusal.errors
    headers = {}
    if refusal.location:
        body["url"] = headers["location"] = refusal.location
    return Response(msgspec.json.encode(body), refusal.status, headers, "application/json; charset=utf-8")


def _secret(request: Request) -> str:
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    return secret.strip() if scheme.lower() in ("token", "bearer") else ""


def _signed_in(state: GitHubState, secret: str) -> Token | None:
    if not secret:
        return None
    if (token := state.people.signed_in(secret)) is None:
        raise RefusalError(401, "Bad credentials")
    return token


def _body(raw: bytes) -> Any:
    try:
        return msgspec.json.decode(raw) if raw else None
    except msgspec.DecodeError as error:
        raise RefusalError(400, "Problems parsing JSON") from error


def _rate_headers(rate: Rate) -> dict[str, str]:
    return {
        "x-ratelimit-limit": str(rate.limit),
        "x-ratelimit-remaining": str(rate.remaining),
        "x-ratelimit-used": str(rate.used),
        "x-ratelimit-reset": str(int(rate.reset_at.timestamp())),
        "x-ratelimit-resource": "core",
    }
