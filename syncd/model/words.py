"""A tracker's words in ours, as an admin maps them; what the engine needs to read items of any tracker alike."""

import msgspec


class Selector(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an item must have to be of a kind; all that is given must fit. ``type`` compares exactly, ``label``
    without case.
    """

    type: str = ""
    label: str = ""


class LinkWord(msgspec.Struct, frozen=True, omit_defaults=True):
    """A tracker's link name; ``reversed`` where "A NAME B" means "B KIND A" in ours (Jira's *Depends*)."""

    name: str
    reversed: bool = False


class InProgress(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What makes an open item in progress beyond its own status category.

    ``statuses`` of the tracker's; ``pull_request``: an open change closes it; ``assigned_days``: assigned and active
    within that many days (0: never).
    """

    statuses: tuple[str, ...] = ()
    pull_request: bool = True
    assigned_days: int = 30


class TextLines(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The words that begin a line which names other items, without the colon, compared without case."""

    blocked_by: tuple[str, ...] = ("Blocked by", "Depends on")
    blocks: tuple[str, ...] = ("Blocks",)
    part_of: tuple[str, ...] = ("Part of", "Parent")
    outcome: tuple[str, ...] = ("Outcome",)
    closes: tuple[str, ...] = ("close", "closes", "closed", "fix", "fixes", "fixed", "resolve", "resolves", "resolved")


class OutcomeWords(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What of a place is an outcome of the roadmap: items of a type or with a label, those that a query in the
    tracker's own language selects (``Item.states_outcome``), and milestones and versions.
    """

    types: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    milestones: bool = False
    jql: str = ""


class Words(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The map of one tracker or place.

    ``kinds``: (our kind, selectors), read in order, first fit wins. ``links``: (LinkKind value, its tracker's words).
    ``fields``: (``estimate`` | ``team`` | ``needed_by`` | ``outcome``, names of fields, the first filled one counts).
    ``in_play_top``: the first so many of a place's backlog are in play.
    """

    kinds: tuple[tuple[str, tuple[Selector, ...]], ...] = ()
    links: tuple[tuple[str, tuple[LinkWord, ...]], ...] = ()
    fields: tuple[tuple[str, tuple[str, ...]], ...] = ()
    in_progress: InProgress = InProgress()
    lines: TextLines = TextLines()
    outcomes: OutcomeWords = OutcomeWords()
    in_play_top: int = 0
