"""Issues as Jira Server (wiki markup, users by name) or Jira Cloud give them, put into a simulated Jira Cloud site."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from syncd.simulator.jira import JiraState
from syncd.simulator.jira import fields as field_ids
from syncd.simulator.jira.changelog import Detail
from syncd.simulator.jira.prose import Prose, prose
from syncd.simulator.jira.records import Comment, Face, Issue, IssueType, Link, Named, Status

Json = dict[str, Any]
_CATEGORIES = {2: "new", 3: "done", 4: "indeterminate"}  # Jira's own ids; exports have been seen with a wrong key


class JiraExport:
    """Takes rows one by one; ``finish`` puts links between them and remembers ends that were not loaded by name."""

    def __init__(self, state: JiraState) -> None:
        self._state = state
        self._catalogue = state.catalogue
        self._links: dict[str, Link] = {}
        self._faces: dict[str, Face] = {}
        self._children: list[tuple[str, str]] = []

    def add(self, row: Json) -> None:
        """Put one row in place, whole or not at all.

        Raises:
            LookupError, TypeError, ValueError, AttributeError: the row is not what Jira gives.
        """
        fields = row["fields"]
        issue = self._issue(str(row["id"]), row["key"], fields)
        links = [self._link(issue.id, one) for one in fields.get("issuelinks") or ()]
        subtasks = [self._face(one) for one in fields.get("subtasks") or ()]
        comments = [self._comment(issue.id, one) for one in (fields.get("comment") or {}).get("comments") or ()]
        changes = [self._change(one) for one in (row.get("changelog") or {}).get("histories") or ()]
        self._state.put_issue(issue)
        for id, at, author, details in sorted(changes, key=lambda change: change[1]):
            self._state.changelog.put(issue.id, at, author, details, id)
        self._links |= {link.id: link for link in links}
        self._children += [(issue.id, face.id) for face in subtasks]
        for comment in comments:
            self._put_comment(comment)

    def finish(self) -> None:
        """Put links and sub-tasks in place, and what they lead to outside the file."""
        for face in self._faces.values():
            if self._state.find(face.id) is None:
                self._state.put_outside(face)
        for link in self._links.values():
            self._state.put_link(link)
        for parent_id, child_id in self._children:
            self._state.put_child(parent_id, child_id)

    def _issue(self, id: str, key: str, fields: Json) -> Issue:
        project = fields["project"]
        if key.rpartition("-")[0] != project["key"] or not id.isdigit():
            raise ValueError(f"{key!r} ({id!r}) is no key of project {project['key']!r}")
        if project["key"] not in self._catalogue.projects:
            self._catalogue.add_project(project["key"], project.get("name") or "", id=str(project.get("id") or ""))
        return Issue(
            id=id,
            key=key,
            project_key=project["key"],
            type=self._type(fields["issuetype"]),
            status=self._status(fields["status"]),
            summary=str(fields.get("summary") or ""),
            created_at=_time(fields["created"]),
            updated_at=_time(fields["updated"]),
            description=_prose(fields.get("description")),
            labels=tuple(fields.get("labels") or ()),
            priority=self._named(self._catalogue.priorities, fields.get("priority")),
            resolution=self._named(self._catalogue.resolutions, fields.get("resolution")),
            resolved_at=_time(fields["resolutiondate"]) if fields.get("resolutiondate") else None,
            assignee_id=self._account(fields.get("assignee")),
            reporter_id=self._account(fields.get("reporter")),
            parent_id=self._parent(fields),
            fix_version_ids=self._versions(project["key"], fields.get("fixVersions")),
            affected_version_ids=self._versions(project["key"], fields.get("versions")),
            components=tuple(self._components(fields.get("components"))),
            sprint_ids=tuple(self._sprints(fields)),
            due_date=fields.get("duedate"),
            custom=_custom(fields),
        )

    def _parent(self, fields: Json) -> str | None:
        """Return the parent's id; an epic is one too, as Jira Cloud tells it."""
        if fields.get("parent"):
            return self._face(fields["parent"]).id
        epic = fields.get("epic")
        if not epic:
            return None
        id = str(epic["id"])
        if id not in self._faces:
            status = self._catalogue.status_named("Done" if epic.get("done") else "To Do")
            kind = self._epic_type()
            summary = epic.get("summary") or epic.get("name") or ""
            self._faces[id] = Face(id=id, key=epic["key"], summary=summary, status=status, type=kind)
        return id

    def _epic_type(self) -> IssueType:
        known = (one for one in self._catalogue.types.values() if one.hierarchy_level == 1)
        return next(known, None) or self._catalogue.type_named("Epic")

    def _face(self, row: Json) -> Face:
        fields = row["fields"]
        face = Face(
            id=str(row["id"]),
            key=row["key"],
            summary=fields.get("summary") or "",
            status=self._status(fields["status"]),
            type=self._type(fields["issuetype"]),
            priority=self._named(self._catalogue.priorities, fields.get("priority")),
        )
        self._faces[face.id] = face
        return face

    def _link(self, issue_id: str, row: Json) -> Link:
        """Return a link as seen from an issue: an ``outwardIssue`` is its target, an ``inwardIssue`` its source."""
        given = row["type"]
        kind = self._catalogue.link_types.get(str(given["id"]))
        if kind is None:
            kind = self._catalogue.add_link_type(given["name"], given["inward"], given["outward"], id=str(given["id"]))
        if "outwardIssue" in row:
            return Link(str(row["id"]), kind, issue_id, self._face(row["outwardIssue"]).id)
        return Link(str(row["id"]), kind, self._face(row["inwardIssue"]).id, issue_id)

    def _type(self, row: Json) -> IssueType:
        if known := self._catalogue.types.get(str(row["id"])):
            return known
        level = row.get("hierarchyLevel")
        if level is None:
            level = -1 if row.get("subtask") else int(row["name"] == "Epic")
        return self._catalogue.add_type(row["name"], hierarchy_level=level, id=str(row["id"]))

    def _status(self, row: Json) -> Status:
        if known := self._catalogue.statuses.get(str(row["id"])):
            return known
        category: Json = row.get("statusCategory") or {}
        key: str = _CATEGORIES.get(category.get("id", 0)) or category.get("key") or "new"
        return self._catalogue.add_status(row["name"], key, id=str(row["id"]))

    def _versions(self, project_key: str, rows: Iterable[Json] | None) -> tuple[str, ...]:
        for row in rows or ():
            if row["id"] not in self._catalogue.versions:
                self._catalogue.add_version(
                    project_key,
                    row["name"],
                    id=row["id"],
                    description=row.get("description") or "",
                    released=bool(row.get("released")),
                    archived=bool(row.get("archived")),
                    start_date=row.get("startDate"),
                    release_date=row.get("releaseDate"),
                )
        return tuple(row["id"] for row in rows or ())

    def _sprints(self, fields: Json) -> Iterable[int]:
        listed = fields.get(field_ids.SPRINT)
        rows = [*(listed if isinstance(listed, list) else ()), *(fields.get("closedSprints") or ())]
        rows += [fields["sprint"]] if fields.get("sprint") else []
        for row in rows:
            self._catalogue.add_sprint(
                row["name"],
                id=int(row["id"]),
                state=row.get("state") or "closed",
                board_id=row.get("boardId") or row.get("originBoardId") or 1,
                goal=row.get("goal") or "",
                start_date=row.get("startDate"),
                end_date=row.get("endDate"),
                complete_date=row.get("completeDate"),
            )
        return dict.fromkeys(int(row["id"]) for row in rows)

    def _components(self, rows: Iterable[Json] | None) -> Iterable[Named]:
        for row in rows or ():
            if named := self._named(self._catalogue.components, row):
                yield named

    def _named(self, among: dict[str, Named], row: Json | None) -> Named | None:
        if not row:
            return None
        return among.setdefault(str(row["id"]), Named(str(row["id"]), row["name"]))

    def _account(self, user: Json | None) -> str | None:
        """Return the account id of a user, who becomes known; a Server user has a key instead."""
        if not user:
            return None
        account_id = str(user.get("accountId") or user.get("key") or user["name"])
        if self._state.people.get(account_id) is None:
            self._state.people.add(
                account_id, user.get("displayName") or "", active=user.get("active", True), permissions=()
            )
        return account_id

    def _comment(self, issue_id: str, row: Json) -> Comment:
        author = self._account(row.get("author"))
        created = _time(row["created"])
        return Comment(
            id=str(int(row["id"])),
            issue_id=issue_id,
            author_id=author,
            update_author_id=self._account(row.get("updateAuthor")) or author,
            body=_prose(row.get("body")) or Prose(),
            created_at=created,
            updated_at=_time(row["updated"]) if row.get("updated") else created,
        )

    def _change(self, row: Json) -> tuple[str, datetime, str | None, tuple[Detail, ...]]:
        details = tuple(
            Detail(
                field=one["field"],
                field_id=one.get("fieldId") or "",
                kind=one.get("fieldtype") or "jira",
                before=(one.get("from"), one.get("fromString")),
                after=(one.get("to"), one.get("toString")),
            )
            for one in row["items"]
        )
        return str(int(row["id"])), _time(row["created"]), self._account(row.get("author")), details

    def _put_comment(self, comment: Comment) -> None:
        self._state.add_comment(comment.issue_id, comment.body, comment.author_id, id=comment.id, at=comment.created_at)


def _prose(value: Any) -> Prose | None:
    if value is None or isinstance(value, str | dict):
        return prose(value)
    raise TypeError(f"a text was expected, not {type(value).__name__}")


def _custom(fields: Json) -> Json:
    custom: Json = {}
    rank = fields.get(field_ids.RANK)
    if isinstance(rank, str) and rank.startswith("0|"):
        custom[field_ids.RANK] = rank
    if fields.get("flagged"):
        custom[field_ids.FLAGGED] = [{"value": "Impediment", "id": "10019"}]
    return custom


def _time(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"a time without its zone: {text!r}")
    return at
