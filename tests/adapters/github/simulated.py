"""A simulated GitHub over real HTTP, the adapter on it, and the hands of people."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from adapters.github import mark
from adapters.github.adapter import GitHubAdapter
from adapters.github.settings import GitHubAuth, GitHubSettings
from adapters.pacing import Budget
from adapters.settings import SecretSource
from adapters.transport import Transport
from syncd.clock import ManualClock
from syncd.model.comments import Mark
from syncd.model.identity import Handle, ItemId, PlaceId
from syncd.model.items import Place
from syncd.model.words import Words
from syncd.simulator.faults import Fault
from syncd.simulator.github import GitHubState
from syncd.simulator.github.people import Role
from syncd.simulator.github.records import Issue
from syncd.simulator.server import SimulatorServer
from tests.adapters.github.reading_markdown import harms
from tests.adapters.steps import OWNER, PREFIX

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TOKEN = "ghp_test"
CHECKOUT, SDK = "acme/checkout", "acme/sdk"


class SimulatedGitHub:
    """Two repositories, our account ``syncd-bot`` and a person, ``ada``."""

    def __init__(self) -> None:
        self.places: Sequence[str] = (CHECKOUT, SDK)
        self.clock = ManualClock(NOW)
        self.state = GitHubState(self.clock)
        for name in self.places:
            self.state.add_repository(name, private=name == CHECKOUT)
        self.state.people.add("syncd-bot", token=TOKEN, role=Role.WRITE)
        self.state.people.add("ada", token="ghp_ada", role=Role.ADMIN)
        self.server = SimulatorServer(None, self.state, clock=self.clock)

    def adapter(
        self, *, token: str = TOKEN, places: Sequence[str] | None = None, owner: str = OWNER, name: str = "github"
    ) -> GitHubAdapter:
        """Return an adapter that starts from nothing."""
        settings = GitHubSettings(
            url=self.server.github_url, auth=GitHubAuth(token=SecretSource(env="TOKEN")), repositories={}
        )
        keys = self.places if places is None else places
        return GitHubAdapter(
            settings,
            name=name,
            places=tuple(Place(id=PlaceId(name, key), words=Words()) for key in keys),
            token=token,
            clock=self.clock,
            http=Transport(self.clock).http_adapter(name, Budget(self.clock)),
            owner=owner,
            prefix=PREFIX,
        )

    def requests(self) -> list[str]:
        """Return what was asked since the last time, and forget it."""
        entries = self.server.journal.entries("github")
        self.server.journal.clear()
        return [f"{entry.method} {entry.path} {entry.status}" for entry in entries]

    def fault(self, **given: object) -> None:
        """Let the next requests go wrong."""
        self.server.faults.add(Fault(tracker="github", **given))  # type: ignore[arg-type]

    # the hands of people

    def add_item(
        self,
        title: str,
        *,
        body: str = "",
        labels: Sequence[str] = (),
        parent: Handle | None = None,
        blocks: Handle | None = None,
        place: str = "",
    ) -> Handle:
        issue = self.state.add_issue(place or self.places[0], title, body=body, labels=tuple(labels), author="ada")
        handle = self.handle(issue)
        if parent is not None:
            self.state.set_parent(handle.key, parent.key)
        if blocks is not None:
            self.state.set_blocked_by(blocks.key, handle.key)
        return handle

    def handle(self, issue: Issue) -> Handle:
        return Handle(ItemId("github", str(issue.id)), self.state.key(issue))

    def edit_title(self, item: Handle, title: str) -> None:
        self.state.edit_issue(item.key, title=title)

    def delete_item(self, item: Handle) -> None:
        self.state.delete_issue(item.key)

    def labels(self, item: Handle) -> set[str]:
        return set(self.state.issue(item.key).labels)

    def add_label(self, item: Handle, label: str) -> None:
        self.state.add_label(item.key, label)

    def remove_label(self, item: Handle, label: str) -> None:
        self.state.remove_label(item.key, label)

    def comment_ids(self, item: Handle) -> list[str]:
        return [str(comment.id) for comment in self.state.comments_of(int(item.id.native_id))]

    def body(self, comment_id: str) -> str:
        comment = self.state.comment(int(comment_id))
        assert comment is not None
        return comment.body

    def edit_comment(self, item: Handle, comment_id: str, text: str) -> None:
        marked = self.body(comment_id).partition("\n")[0]
        self.state.edit_comment(int(comment_id), f"{marked}\n{text}")

    def delete_comment(self, item: Handle, comment_id: str) -> None:
        self.state.delete_comment(int(comment_id))

    def add_foreign_comment(self, item: Handle, owner: str) -> None:
        self.state.add_comment(item.key, mark.line(Mark(owner=owner, hash="0" * 16)), "syncd-bot")

    def forge_comment(self, item: Handle, mark_: Mark) -> None:
        self.state.add_comment(item.key, f"{mark.line(mark_)}\nMine now.", "mallory")

    def harm(self, item: Handle, comment_id: str) -> list[str]:
        return harms(self.body(comment_id))

    def break_item(self, item: Handle) -> None:
        broken = msgspec.structs.replace(self.state.issue(item.key), title=None, updated_at=self.clock.now())
        self.state.put_issue(broken)

    def break_place(self, place: str) -> None:
        self.state.people.permit("syncd-bot", self.state.catalogue.repository(place), Role.NONE)
        self.state.catalogue.set_private(place, private=True)

    def lose_next_write(self) -> None:
        self.fault(method="POST", drop=True, work=True)

    def pass_time(self, span: timedelta) -> None:
        self.clock.set(self.clock.now() + span)

    def request_count(self) -> int:
        return len(self.server.journal.entries("github"))


def issue_row(**given: object) -> dict[str, object]:
    """Return a row as GitHub lists issues, with defaults."""
    row: dict[str, object] = {
        "id": 5001,
        "number": 12,
        "title": "Checkout is slow",
        "state": "open",
        "body": "Why.\r\n\r\nHow.",
        "html_url": "https://github.com/acme/checkout/issues/12",
        "url": "https://api.github.com/repos/acme/checkout/issues/12",
        "user": {"login": "ada", "id": 1, "type": "User"},
        "labels": [],
        "assignees": [],
        "comments": 3,
        "created_at": "2026-11-01T08:00:00Z",
        "updated_at": "2026-11-02T08:00:00Z",
        "closed_at": None,
    }
    return {**row, **given}


def without(row: Mapping[str, object], *names: str) -> dict[str, object]:
    """Return a row without some of its fields."""
    return {name: value for name, value in row.items() if name not in names}
