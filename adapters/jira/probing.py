"""Asks what the credential may do in each project, and which words the site uses."""

from collections.abc import Sequence
from contextlib import suppress

from adapters.jira.fields import field_names
from adapters.jira.knowledge import Knowledge
from adapters.jira.searching import newest, search
from adapters.jira.site import Site
from adapters.jira.stating import Stating
from adapters.jira.values import Json, MalformedError, category_of, object_in, text_in, texts_in
from adapters.jira.visibility import absence_of
from syncd.model.errors import AbsentError, RefusedError, TrackerError, TransientError, UnsentError
from syncd.model.identity import PlaceId
from syncd.model.items import Audience, AudienceKind, Person
from syncd.model.reading import Capabilities, PlaceReport, Vocabulary

_PROJECTS_A_PAGE = 50
_PERMISSIONS = {
    "BROWSE_PROJECTS": "Browse Projects",
    "EDIT_ISSUES": "Edit Issues",
    "ADD_COMMENTS": "Add Comments",
    "EDIT_OWN_COMMENTS": "Edit Own Comments",
}
_WITH_CUSTOMERS = frozenset({"service_desk", "customer_service"})


class Prober:
    """Finds out what can be done on one site, in the configured projects or, where there are none, in all visible."""

    def __init__(self, site: Site, knowledge: Knowledge, stating: Stating, keys: Sequence[str]) -> None:
        self._site = site
        self._knowledge = knowledge
        self._stating = stating
        self._keys = tuple(keys)

    def probe(self) -> Capabilities:
        """Ask about the account, every project, and the words in use; a handful of requests and one per project."""
        account = self._account() or Person("an account that it does not name")
        projects = {text_in(row, "key"): row for row in self._projects()}
        keys = self._keys or tuple(sorted(projects))
        reports = tuple(self._report(key, projects.get(key)) for key in keys)
        readable = [report.id.key for report in reports if report.can_read]
        problem = self._stating.problem(readable)
        vocabulary = self._vocabulary(readable)
        problems = (problem,) if problem else ()
        return Capabilities(account=account, places=reports, vocabulary=vocabulary, problems=problems)

    def _account(self) -> Person | None:
        try:
            return self._knowledge.account()
        except UnsentError:
            raise
        except TransientError:
            return None

    def _projects(self) -> list[Json]:
        rows: list[Json] = []
        asked: list[tuple[str, ...]] = [()]
        if self._keys:
            asked = [self._keys[at : at + _PROJECTS_A_PAGE] for at in range(0, len(self._keys), _PROJECTS_A_PAGE)]
        for keys in asked:
            with suppress(AbsentError):
                rows.extend(self._pages(keys))
        return rows or ([] if self._keys else self._rows("/project"))

    def _pages(self, keys: Sequence[str]) -> list[Json]:
        rows: list[Json] = []
        while True:
            page = self._site.get(
                "/project/search", keys=list(keys), startAt=len(rows), maxResults=_PROJECTS_A_PAGE, orderBy="key"
            )
            found = [row for row in page.objects("values") if row not in rows]
            rows.extend(found)
            if not found or page.object.get("isLast") is not False:
                return rows

    def _report(self, key: str, project: Json | None) -> PlaceReport:
        place = PlaceId(self._site.tracker, key)
        project = self._described(key) if project is None else project
        if project is None:
            return PlaceReport(id=place, problem=absence_of(key))
        try:
            granted = self._granted(key)
        except TrackerError:
            name, audience = text_in(project, "name"), audience_of(project)
            unknown = "" if audience else f", nor who reads it: say so with `audience:` at {key}"
            problem = f"Jira does not say what the account may do in {key}{unknown}"
            return PlaceReport(id=place, name=name, audience=audience, can_read=True, problem=problem)
        missing = [name for permission, name in _PERMISSIONS.items() if permission not in granted]
        return PlaceReport(
            id=place,
            name=text_in(project, "name"),
            audience=audience_of(project),
            can_read="BROWSE_PROJECTS" in granted,
            can_label="EDIT_ISSUES" in granted,
            can_comment={"ADD_COMMENTS", "EDIT_OWN_COMMENTS"} <= granted,
            problem=f"the account lacks {', '.join(missing)}: a Jira admin grants it in {key}" if missing else "",
        )

    def _described(self, key: str) -> Json | None:
        """Look for a project that the list does not show; one that has items is there, whatever is said of it."""
        with suppress(AbsentError):
            found = self._site.get(f"/project/{key}").object
            return found if text_in(found, "key") == key else None
        with suppress(AbsentError, RefusedError):
            rows = search(self._site, newest([key]), ["id", "key"], size=1).rows
            return {"key": key} if any(text_in(row, "key").startswith(f"{key}-") for row in rows) else None
        return None

    def _granted(self, key: str) -> set[str]:
        answer = self._site.get("/mypermissions", projectKey=key, permissions=",".join(_PERMISSIONS))
        permissions = object_in(answer.object, "permissions")
        return {name for name in _PERMISSIONS if object_in(permissions, name).get("havePermission") is True}

    def _vocabulary(self, readable: Sequence[str]) -> Vocabulary:
        statuses = self._rows("/status")
        return Vocabulary(
            types=_names(self._rows("/issuetype")),
            statuses=tuple(sorted({(text_in(row, "name"), category_of(row)) for row in statuses}, key=str)),
            links=_names(self._rows("/issueLinkType", "issueLinkTypes")),
            fields=field_names(self._rows("/field")),
            labels=self._labels(readable),
        )

    def _rows(self, path: str, name: str = "") -> list[Json]:
        """Return a list of words; where it can't be read, or the site has switched it off, there are none."""
        try:
            return list(self._site.get(path).objects(name))
        except TrackerError:
            return []

    def _labels(self, readable: Sequence[str]) -> tuple[str, ...]:
        """Return the labels in use on the hundred items that were changed last; our own are left out."""
        if not readable:
            return ()
        found: set[str] = set()
        with suppress(RefusedError):
            for row in search(self._site, newest(readable), ["labels"]).rows:
                with suppress(MalformedError):
                    found.update(texts_in(object_in(row, "fields"), "labels"))
        return tuple(sorted(label for label in found if not self._knowledge.is_own(label)))


def audience_of(project: Json) -> Audience | None:
    """Return who reads a project, as far as Jira tells: customers read a service desk, else nobody from outside."""
    if not (kind := project.get("projectTypeKey")):
        return None
    is_desk = kind in _WITH_CUSTOMERS
    return Audience(AudienceKind.CUSTOMERS if is_desk else AudienceKind.INTERNAL)


def _names(rows: Sequence[Json]) -> tuple[str, ...]:
    return tuple(sorted({name for row in rows if (name := text_in(row, "name"))}))
