"""What a case expects of a rule: of whom, in which state, told where, how severe, in which words."""

import re
from collections.abc import Sequence

import msgspec

from syncd.model.findings import Subject
from syncd.model.identity import ItemId

KEY_PATTERN = r"^\S(.*\S)?$"
STATES = ("holds", "told", "labelled", "silent", "pending", "clearing", "unknown", "not")
"""holds: one of the next three; told: a comment and a label stand; labelled: a label alone; silent: nothing is
written; pending: it has not held for long enough; clearing: it holds no longer, not yet for long enough; not: it is
known not to hold."""
SAID_PATTERN = rf"^({'|'.join(STATES)})( on \S(.*\S)?)?$"
EXPECTED = f"{', '.join(STATES[:-1])} or {STATES[-1]}, and where if not on itself, such as 'told on PAY-9'"

HOLDING = ("told", "labelled", "silent")

_SAID = re.compile(SAID_PATTERN.replace("$", r"\Z"))
_WORDS = {"not": "does not hold", "silent": "holds"}


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule shall say of one subject; ``on`` None: wherever it is told. ``named`` is how the case calls it."""

    rule: str
    subject: Subject
    named: str
    state: str = "told"
    on: tuple[ItemId, ...] | None = None
    severity: str = ""
    says: tuple[str, ...] = ()


def said(text: str) -> tuple[str, tuple[str, ...]] | None:
    """Return state and keys of ``told on PAY-1, PAY-2``; None where it is no such text."""
    found = _SAID.match(text)
    if found is None:
        return None
    return found[1], tuple(key.strip() for key in (found[2] or "").removeprefix(" on ").split(",") if key.strip())


def in_words(state: str, keys: Sequence[str], severity: str = "", says: Sequence[str] = ()) -> str:
    """Return a state, where it is told, its severity and its words, for people."""
    words = _WORDS.get(state, state)
    parts = [f"{words} on {', '.join(keys)}" if keys else words]
    parts += ["nothing is written"] if state == "silent" else []
    parts += [severity] if severity else []
    parts += [f"saying '{each}'" for each in says]
    return ", ".join(parts)
