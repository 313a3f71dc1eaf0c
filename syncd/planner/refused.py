"""What a tracker refused is tried again, but ever more seldom: asking again at once would only be refused again."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from syncd.model.changes import Change, Refusal

REST = timedelta(hours=1)
"""So long a change rests after it was refused once; twice as long after each further time in a day."""

Asked = tuple[object, ...]
"""What makes two changes the same question: another comment is another question."""


class Refused:
    """The refusals of the last day, by what was asked."""

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        self._refusals: dict[Asked, list[Refusal]] = {}
        for refusal in refusals:
            self._refusals.setdefault(_asked(refusal.change), []).append(refusal)

    def rests_until(self, change: Change) -> datetime | None:
        """Return until when a change is better not tried again; None where it was not refused."""
        refusals = self._refusals.get(_asked(change))
        return refusals[-1].at + REST * 2 ** (len(refusals) - 1) if refusals else None

    def reason(self, change: Change) -> str:
        """Return why a change was refused, in one line."""
        refusals = self._refusals.get(_asked(change))
        return f"refused, and tried again later: {refusals[-1].reason or 'it was not found'}" if refusals else ""


def _asked(change: Change) -> Asked:
    return change.target, change.action, change.label, change.comment_id, change.comment.hash if change.comment else ""
