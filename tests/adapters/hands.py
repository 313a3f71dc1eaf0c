"""The hands of people on a tracker: what a subclass of the contract suite must be able to do past the adapter."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

from syncd.model.comments import Mark
from syncd.model.identity import Handle


class TrackerHands(Protocol):
    """What people do on the tracker, past the adapter, and its bad days. Items are added to the first place.

    Two places are configured, ``places`` has their keys. Nothing a person does may carry our mark, but for a forger.
    """

    places: Sequence[str]

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
        """Add an item; it blocks another one where told so."""

    def edit_title(self, item: Handle, title: str) -> None:
        """Change an item's title."""

    def delete_item(self, item: Handle) -> None:
        """Delete an item for good."""

    def labels(self, item: Handle) -> set[str]:
        """Return all labels that stand on an item."""

    def add_label(self, item: Handle, label: str) -> None:
        """Put a label on an item by hand."""

    def remove_label(self, item: Handle, label: str) -> None:
        """Take a label off by hand."""

    def comment_ids(self, item: Handle) -> list[str]:
        """Return the ids of all comments under an item, oldest first."""

    def edit_comment(self, item: Handle, comment_id: str, text: str) -> None:
        """Let a person edit a comment of ours: whatever marks it stays."""

    def delete_comment(self, item: Handle, comment_id: str) -> None:
        """Delete a comment by hand."""

    def add_foreign_comment(self, item: Handle, owner: str) -> None:
        """Write a comment by our account that carries the mark of another owner."""

    def forge_comment(self, item: Handle, mark: Mark) -> None:
        """Write a comment by another account that carries exactly this mark."""

    def harm(self, item: Handle, comment_id: str) -> list[str]:
        """Return what a comment would ping, link, embed or forge, as the tracker understands its body."""

    def break_item(self, item: Handle) -> None:
        """Make the tracker send a row for this item that can't be an item; it counts as changed."""

    def break_place(self, place: str) -> None:
        """Make a place unreadable for the credential."""

    def lose_next_write(self) -> None:
        """Do the next write and lose its answer."""

    def pass_time(self, span: timedelta) -> None:
        """Let time pass, for the tracker and for the adapter; what lags has caught up then."""

    def request_count(self) -> int:
        """Return how many requests the tracker was asked so far."""
