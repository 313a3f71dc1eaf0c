"""Adapters on the simulated site of a payments company, and what people do there."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec

from adapters.jira.adapter import JiraAdapter
from adapters.jira.settings import WORDS, JiraSettings
from adapters.transport import Transport
from syncd.clock import ManualClock
from syncd.model.comments import Mark
from syncd.model.identity import Handle, ItemId, PlaceId
from syncd.model.items import Place
from syncd.simulator.bot import ACCOUNT_ID, EMAIL, TOKEN
from syncd.simulator.faults import Fault
from syncd.simulator.jira import JiraState
from syncd.simulator.server import SimulatorServer
from tests.adapters.contract import OWNER, PREFIX

ADA = "712020:ada"


def adapter_for(
    url: str,
    clock: ManualClock,
    transport: Transport,
    *,
    keys: Sequence[str] = ("PAY", "FRAUD"),
    token: str = TOKEN,
    words: Any = WORDS,
    **given: Any,
) -> JiraAdapter:
    auth = {"email": EMAIL, "token": {"env": "JIRA_TOKEN"}}
    settings = JiraSettings.model_validate({"url": url, "auth": auth, **given})
    return JiraAdapter(
        settings,
        name="jira",
        places=tuple(
            Place(id=PlaceId("jira", key), words=words[key] if isinstance(words, dict) else words) for key in keys
        ),
        email=EMAIL,
        token=token,
        clock=clock,
        http=transport.http_adapter("jira", transport.budget("bot", settings.pace)),
        owner=OWNER,
        prefix=PREFIX,
    )


def handle_of(issue: Any) -> Handle:
    return Handle(ItemId("jira", issue.id), issue.key)


class JiraHands:
    """People on the simulated site."""

    def __init__(self, state: JiraState, server: SimulatorServer, clock: ManualClock) -> None:
        self.state = state
        self.server = server
        self.clock = clock
        self.places = ("PAY", "FRAUD")

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
        above = parent.key if parent else None
        issue = self.state.add_issue(place or "PAY", title, description=body, labels=labels, parent=above)
        if blocks:
            self.state.add_link("Blocks", issue.key, blocks.key)
        return handle_of(issue)

    def edit_title(self, item: Handle, title: str) -> None:
        self.state.edit_issue(item.key, summary=title)

    def delete_item(self, item: Handle) -> None:
        self.state.delete_issue(item.key)

    def labels(self, item: Handle) -> set[str]:
        return set(self.state.issue(item.key).labels)

    def add_label(self, item: Handle, label: str) -> None:
        self.state.edit_issue(item.key, add_labels=[label])

    def remove_label(self, item: Handle, label: str) -> None:
        self.state.edit_issue(item.key, remove_labels=[label])

    def comment_ids(self, item: Handle) -> list[str]:
        return [comment.id for comment in self.state.comments(item.key)]

    def edit_comment(self, item: Handle, comment_id: str, text: str) -> None:
        self.state.edit_comment(comment_id, text, ADA)

    def delete_comment(self, item: Handle, comment_id: str) -> None:
        self.state.delete_comment(comment_id)

    def add_foreign_comment(self, item: Handle, owner: str) -> None:
        self.state.add_comment(item.key, "theirs", ACCOUNT_ID, properties=mark_property(Mark(owner=owner, hash="1")))

    def forge_comment(self, item: Handle, mark: Mark) -> None:
        self.state.add_comment(item.key, "forged", ADA, properties=mark_property(mark))

    def harm(self, item: Handle, comment_id: str) -> list[str]:
        comment = self.state.comment(comment_id)
        assert comment is not None
        return list(harm_in(comment.body.adf))

    def break_item(self, item: Handle) -> None:
        issue = self.state.issue(item.key)
        self.state.put_issue(msgspec.structs.replace(issue, labels={"no": "list"}, updated_at=self.clock.now()))

    def break_place(self, place: str) -> None:
        self.state.people.permit(ACCOUNT_ID, place, ())

    def lose_next_write(self) -> None:
        self.server.faults.add(Fault(path=r"^/rest/api/3/issue/\d+", drop=True, work=True))

    def pass_time(self, span: timedelta) -> None:
        self.clock.set(self.clock.now() + span)

    def request_count(self) -> int:
        return len(self.server.journal.entries())


def mark_property(mark: Mark) -> dict[str, Any]:
    return {"syncd": {"version": mark.version, "owner": mark.owner, "hash": mark.hash}}


def harm_in(node: dict[str, Any]) -> list[str]:
    """Return what an ADF document pings, links, embeds, or would if a mail program looked for addresses in it."""
    found = [f"{node['type']} node"] if node["type"] not in _HARMLESS else []
    found += [f"{mark['type']} mark" for mark in node.get("marks", ()) if mark["type"] == "link"]
    text = node.get("text", "")
    found += [sign for sign in ("https://", "http://", "www.", "@e", "@a", "[~") if sign in text]
    found += [repr(sign) for sign in text if not sign.isprintable() and sign != "\u200b"]
    return found + [harm for child in node.get("content", ()) for harm in harm_in(child)]


_HARMLESS = frozenset({"doc", "paragraph", "heading", "bulletList", "listItem", "expand", "nestedExpand", "text"})
