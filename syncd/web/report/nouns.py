"""The small things that every part of the report is made of: items, outcomes, and numbers that may not be known."""

from datetime import date

import msgspec

from syncd.model.truth import Unknown

Amount = int | float | Unknown | None
"""None: known, and there is none."""
Day = date | Unknown | None


class ItemName(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An item as the page names it. ``is_hidden``: not everybody inside may read it, so that its key stands alone."""

    key: str
    url: str = ""
    title: str = ""
    team: str = ""
    status: str = ""
    is_done: bool = False
    is_hidden: bool = False


class OutcomeName(msgspec.Struct, frozen=True, kw_only=True):
    """An outcome as the page names it; ``anchor`` is where on the page it is told, empty where it is not."""

    id: str
    title: str
    anchor: str = ""


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """How many there are of something; an empty ``name`` is told as "no team" or the like by whoever shows it."""

    name: str
    count: int


class Items(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Some items, the first few of ``count``; ``unknown`` says why there may be more."""

    shown: tuple[ItemName, ...] = ()
    count: int = 0
    unknown: str = ""

    @property
    def more(self) -> int:
        """Return how many are not shown."""
        return self.count - len(self.shown)
