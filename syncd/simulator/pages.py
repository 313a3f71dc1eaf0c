"""Pages for people: what stands in the simulated trackers, so that one can see what syncd wrote."""

import re
from collections.abc import Callable

from jinja2 import Environment, PackageLoader
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from syncd.simulator.github import GitHubState
from syncd.simulator.jira import JiraState
from syncd.simulator.views import (
    CommentView,
    ItemView,
    PlaceView,
    github_item,
    github_places,
    github_text,
    jira_item,
    jira_places,
    jira_text,
)

SHOWN = 200
"""So many issues of a place are on the first page; the place's own page has all."""
_HEADERS = {"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'", "cache-control": "no-store"}
_HREF = re.compile(r'href="(https?://[^"]+)"')
_JIRA = re.compile(r"/browse/([A-Z][A-Z0-9_]*-\d+)$")
_GITHUB = re.compile(r"/([^/]+/[^/]+)/(?:issues|pull)/(\d+)$")

Found = tuple[ItemView, str, list[CommentView]]


def page_routes(jira: JiraState | None, github: GitHubState | None) -> list[BaseRoute]:
    """Return the routes of the pages; the addresses that trackers show to people lead there too."""
    pages = _Pages(jira, github)
    return [
        Route("/", pages.overview),
        Route("/issues/jira/{key}", pages.jira_issue),
        Route("/issues/github/{owner}/{repo}/{number:int}", pages.github_issue),
        Route("/jira/browse/{key}", pages.go),
        Route("/{owner}/{repo}/issues/{number:int}", pages.go),
        Route("/{owner}/{repo}/pull/{number:int}", pages.go),
    ]


class _Pages:
    def __init__(self, jira: JiraState | None, github: GitHubState | None) -> None:
        self._jira = jira
        self._github = github
        self._templates = Environment(loader=PackageLoader("syncd.simulator"), autoescape=True, trim_blocks=True)

    def overview(self, request: Request) -> Response:
        """Show all places, or the one that ``?place=`` names, with what syncd annotated first."""
        wanted = request.query_params.get("place")
        places = [place for place in self._places() if wanted in (None, place.name)]
        for place in places:
            place.items.sort(key=lambda item: not _is_annotated(item))
        return self._page(
            "overview.html",
            places=places,
            shown=None if wanted else SHOWN,
            annotated=sum(_is_annotated(item) for place in places for item in place.items),
            total=sum(len(place.items) for place in places),
        )

    def jira_issue(self, request: Request) -> Response:
        """Show one Jira issue."""
        if self._jira is None:
            return self._missing()
        with self._jira.lock:
            issue = self._jira.find(request.path_params["key"])
            found = (jira_item(self._jira, issue), *jira_text(self._jira, issue)) if issue else None
        return self._item(found)

    def github_issue(self, request: Request) -> Response:
        """Show one GitHub issue or pull request."""
        if self._github is None:
            return self._missing()
        parts = request.path_params
        with self._github.lock:
            issue = self._github.find(f"{parts['owner']}/{parts['repo']}#{parts['number']}")
            found = (github_item(self._github, issue), *github_text(self._github, issue)) if issue else None
        return self._item(found)

    def go(self, request: Request) -> Response:
        """Lead from the address that a tracker shows to the page of the issue."""
        return RedirectResponse(_local(str(request.url)), 303)

    def _places(self) -> list[PlaceView]:
        places: list[PlaceView] = []
        if self._jira is not None:
            with self._jira.lock:
                places += jira_places(self._jira)
        if self._github is not None:
            with self._github.lock:
                places += github_places(self._github)
        return places

    def _item(self, found: Found | None) -> Response:
        if found is None:
            return self._missing()
        item, text, comments = found
        return self._page("item.html", item=item, text=_safe(text), comments=comments, safe=_safe)

    def _missing(self) -> Response:
        return self._page("missing.html", 404)

    def _page(self, template: str, status: int = 200, **values: object) -> Response:
        return HTMLResponse(self._templates.get_template(template).render(values), status, _HEADERS)


def _is_annotated(item: ItemView) -> bool:
    return item.has_ours or any(label.is_ours for label in item.labels)


def _safe(html: str) -> Markup:
    """Return HTML that a renderer here made and escaped; links to items lead to their pages here."""
    to_page: Callable[[re.Match[str]], str] = lambda found: f'href="{_local(found[1])}"'  # noqa: E731
    return Markup(_HREF.sub(to_page, html))


def _local(url: str) -> str:
    """Return the page here of the item that a tracker's address is of, else the address as it is."""
    if found := _JIRA.search(url):
        return f"/issues/jira/{found[1]}"
    if found := _GITHUB.search(url):
        return f"/issues/github/{found[1]}/{found[2]}"
    return url
