"""People at a simulated Jira and a simulated GitHub, which the real adapters read and write over HTTP."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import msgspec

from adapters.contract import Tracker
from adapters.github import mark as github_mark
from adapters.transport import Transport
from syncd.clock import Clock
from syncd.model.comments import Mark
from syncd.model.identity import Handle, ItemId, PlaceId
from syncd.simulator.bot import ACCOUNT_ID, LOGIN, TOKEN, admit_to_github, admit_to_jira
from syncd.simulator.faults import Fault
from syncd.simulator.github import GitHubState
from syncd.simulator.github.people import Role
from syncd.simulator.jira import JiraState
from syncd.simulator.jira.people import PERMISSIONS
from syncd.simulator.server import SimulatorServer
from tests.sync.adapters import github_adapter, jira_adapter
from tests.sync.clocks import WorldClock
from tests.sync.sides import Note

ADA = "712020:ada"
INDEX_LAG = timedelta(seconds=20)
WRITES = "POST|PUT|PATCH|DELETE"
FAULTS: Sequence[dict[str, Any]] = (
    {"drop": True, "work": True},
    {"drop": True},
    {"drop": True, "work": True, "count": 4},
    {"status": 502, "count": 2},
    {"status": 503, "count": 9},
    {"status": 429, "headers": {"retry-after": "3600"}},
    {"status": 403, "body": '{"message": "You have exceeded a secondary rate limit"}', "headers": {"retry-after": "9"}},
    {"html": True},
    {"html": True, "work": True},
    {"half": True},
)
"""What can go wrong with a request; some of it so often that trying again does not help."""


class JiraSide:
    """People at a Jira site whose search lags behind; ``LEG`` and ``PAY`` are configured, ``ELSE`` is not."""

    slowest_reading = timedelta(hours=25)

    def __init__(self, world: WorldClock) -> None:
        self.name = "jira"
        self.places: Sequence[PlaceId] = (PlaceId("jira", "PAY"), PlaceId("jira", "LEG"))
        self.elsewhere: PlaceId | None = PlaceId("jira", "ELSE")
        self.state = JiraState(world, index_lag=INDEX_LAG)
        admit_to_jira(self.state)
        self.state.people.add(ADA, "Ada")
        for place in (*self.places, self.elsewhere):
            self.state.catalogue.add_project(place.key)
        self.server: SimulatorServer | None = None

    def tracker(self, clock: Clock) -> Tracker:
        assert self.server is not None
        return jira_adapter(self.server.jira_url, self.places, clock, Transport(clock))

    def items(self) -> list[Handle]:
        return [Handle(ItemId("jira", issue.id), issue.key) for issue in self.state.issues()]

    def place(self, item: Handle) -> PlaceId:
        return PlaceId("jira", self._issue(item).project_key)

    def words(self, item: Handle) -> Any:
        issue = self._issue(item)
        links = tuple(self.state.links(issue.id))
        return msgspec.structs.replace(issue, labels=(), updated_at=issue.created_at), links

    def labels(self, item: Handle) -> frozenset[str]:
        return frozenset(self._issue(item).labels)

    def notes(self, item: Handle) -> Sequence[Note]:
        return [
            Note(
                id=comment.id,
                is_by_us=comment.author_id == ACCOUNT_ID,
                text=json.dumps(comment.body.adf),
                mark=_mark(comment.properties.get("syncd")),
                created_at=comment.created_at,
                updated_at=comment.updated_at,
            )
            for comment in self.state.comments(item.id.native_id)
        ]

    def add(self, title: str, place: PlaceId, labels: Sequence[str] = ()) -> Handle:
        issue = self.state.add_issue(place.key, title, labels=labels)
        return Handle(ItemId("jira", issue.id), issue.key)

    def retitle(self, item: Handle, title: str) -> None:
        self.state.edit_issue(item.id.native_id, summary=title)

    def close(self, item: Handle) -> None:
        self.state.edit_issue(item.id.native_id, status="Done")

    def reopen(self, item: Handle) -> None:
        self.state.edit_issue(item.id.native_id, status="To Do")

    def put_below(self, item: Handle, parent: Handle | None) -> None:
        self.state.edit_issue(item.id.native_id, parent=parent.key if parent else None)

    def block(self, item: Handle, by: Handle | None) -> None:
        for link in self.state.links(item.id.native_id):
            if link.target_id == item.id.native_id:
                self.state.remove_link(link.id)
        if by is not None:
            self.state.add_link("Blocks", by.key, item.key)

    def move(self, item: Handle, place: PlaceId) -> None:
        self.state.move_issue(item.id.native_id, place.key)

    def delete(self, item: Handle) -> None:
        self.state.delete_issue(item.id.native_id)

    def label(self, item: Handle, label: str) -> None:
        self.state.edit_issue(item.id.native_id, add_labels=[label])

    def unlabel(self, item: Handle, label: str) -> None:
        self.state.edit_issue(item.id.native_id, remove_labels=[label])

    def write(self, item: Handle, text: str, *, mark: Mark | None = None) -> None:
        given = {"version": mark.version, "owner": mark.owner, "hash": mark.hash} if mark else None
        self.state.add_comment(item.id.native_id, text, ADA, properties={"syncd": given} if given else {})

    def rewrite(self, item: Handle, note: Note, text: str, *, is_unmarked: bool = False) -> None:
        self.state.edit_comment(note.id, text, ADA)
        if is_unmarked:
            self.state.set_comment_property(note.id, "syncd", None)

    def erase(self, item: Handle, note: Note) -> None:
        self.state.delete_comment(note.id)

    def fail(self, place: PlaceId) -> None:
        self.state.people.permit(ACCOUNT_ID, place.key, ())

    def spoil(self, item: Handle) -> None:
        """Every row is well formed here."""

    def heal(self) -> None:
        for place in self.places:
            self.state.people.permit(ACCOUNT_ID, place.key, PERMISSIONS)
        assert self.server is not None
        self.server.faults.clear()

    def break_next(self, number: int) -> None:
        _break_next(self.server, self.name, number)

    def leave(self) -> None:
        if self.server is not None:
            _stopping.submit(self.server.stop)

    def _issue(self, item: Handle) -> Any:
        return self.state.issue(item.id.native_id)


class GitHubSide:
    """People at a GitHub with two repositories; labels that differ in case are one there, so they write none large."""

    slowest_reading = timedelta(0)

    def __init__(self, world: WorldClock) -> None:
        self.name = "github"
        self.places: Sequence[PlaceId] = (PlaceId("github", "acme/pay"), PlaceId("github", "acme/leg"))
        self.elsewhere: PlaceId | None = None
        self.state = GitHubState(world)
        admit_to_github(self.state)
        self.state.people.add("ada", role=Role.ADMIN)
        for place in self.places:
            self.state.add_repository(place.key, private=True)
        self.server: SimulatorServer | None = None

    def tracker(self, clock: Clock) -> Tracker:
        assert self.server is not None
        return github_adapter(self.server.github_url, self.places, clock, Transport(clock), TOKEN)

    def items(self) -> list[Handle]:
        issues = [issue for place in self.places for issue in self.state.issues(place.key)]
        issues.sort(key=lambda issue: issue.id)
        return [Handle(ItemId("github", str(issue.id)), self.state.key(issue)) for issue in issues]

    def place(self, item: Handle) -> PlaceId:
        return PlaceId("github", item.key.partition("#")[0])

    def words(self, item: Handle) -> Any:
        issue = self.state.issue(item.key)
        blockers = tuple(self.state.relations.blockers(issue.id))
        return msgspec.structs.replace(issue, labels=(), updated_at=issue.created_at), blockers

    def labels(self, item: Handle) -> frozenset[str]:
        return frozenset(self.state.issue(item.key).labels)

    def notes(self, item: Handle) -> Sequence[Note]:
        return [
            Note(
                id=str(comment.id),
                is_by_us=comment.author == LOGIN,
                text=comment.body,
                mark=github_mark.parse(comment.body),
                created_at=comment.created_at,
                updated_at=comment.updated_at,
            )
            for comment in self.state.comments(item.key)
        ]

    def add(self, title: str, place: PlaceId, labels: Sequence[str] = ()) -> Handle:
        issue = self.state.add_issue(place.key, title, labels=[*map(str.casefold, labels)], author="ada")
        return Handle(ItemId("github", str(issue.id)), self.state.key(issue))

    def retitle(self, item: Handle, title: str) -> None:
        self.state.edit_issue(item.key, title=title)

    def close(self, item: Handle) -> None:
        self.state.close(item.key)

    def reopen(self, item: Handle) -> None:
        self.state.reopen(item.key)

    def put_below(self, item: Handle, parent: Handle | None) -> None:
        self.state.set_parent(item.key, parent.key if parent else None)

    def block(self, item: Handle, by: Handle | None) -> None:
        self.state.set_blocked_by(item.key, *([by.key] if by else []))

    def move(self, item: Handle, place: PlaceId) -> None:
        """A transfer makes another issue: that is no history of this one."""

    def delete(self, item: Handle) -> None:
        self.state.delete_issue(item.key)

    def label(self, item: Handle, label: str) -> None:
        self.state.add_label(item.key, label.casefold())

    def unlabel(self, item: Handle, label: str) -> None:
        self.state.remove_label(item.key, label)

    def write(self, item: Handle, text: str, *, mark: Mark | None = None) -> None:
        self.state.add_comment(item.key, f"{github_mark.line(mark)}\n{text}" if mark else text, "ada")

    def rewrite(self, item: Handle, note: Note, text: str, *, is_unmarked: bool = False) -> None:
        mark = "" if is_unmarked else note.text.partition("\n")[0] + "\n"
        self.state.edit_comment(int(note.id), mark + text)

    def erase(self, item: Handle, note: Note) -> None:
        self.state.delete_comment(int(note.id))

    def fail(self, place: PlaceId) -> None:
        self.state.people.permit(LOGIN, self.state.catalogue.repository(place.key), Role.NONE)

    def spoil(self, item: Handle) -> None:
        """Every row is well formed here."""

    def heal(self) -> None:
        for place in self.places:
            self.state.people.permit(LOGIN, self.state.catalogue.repository(place.key), Role.WRITE)
        assert self.server is not None
        self.server.faults.clear()

    def break_next(self, number: int) -> None:
        _break_next(self.server, self.name, number)

    def leave(self) -> None:
        """The server is stopped by the other side."""


_stopping = ThreadPoolExecutor(4)
"""Stopping a server takes a fifth of a second, which no history waits for."""


def _break_next(server: SimulatorServer | None, tracker: str, number: int) -> None:
    assert server is not None
    server.faults.add(Fault(tracker=tracker, skip=number // len(FAULTS), **FAULTS[number % len(FAULTS)]))


def _mark(value: Any) -> Mark | None:
    return Mark(owner=value["owner"], hash=value["hash"], version=value["version"]) if value else None


def simulated_sides(world: WorldClock) -> list[JiraSide | GitHubSide]:
    """Return both sides, served by one server, which is started."""
    jira, github = JiraSide(world), GitHubSide(world)
    jira.server = github.server = SimulatorServer(jira.state, github.state, clock=world).start()
    return [jira, github]
