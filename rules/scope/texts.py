"""What an item says, without markup, and how much of it was rewritten."""

import re
from collections.abc import Iterator

from rapidfuzz.distance import Indel

from syncd.model.items import Item

MOST = 12_000
"""So many characters of a text are kept and compared: it is read by people, and the rest is logs."""
_CRITERIA = "acceptance"
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_WIKI = re.compile(r"\{(?:noformat|code|quote|color|panel|info|note|tip|warning|expand)(?::[^}\n]{0,80})?\}")
_LINK = re.compile(r"!?\[([^\][\n]{0,300})\]\([^()\s]{0,500}(?:\s[^()\n]{0,200})?\)")
_WIKI_LINK = re.compile(r"\[([^\]|\n]{1,300})\|[^\]\n]{1,500}\]")
_BOX = re.compile(r"^([^\S\n]*[-*+][^\S\n]+)\[[ xX]\]", re.MULTILINE)
_HEADING = re.compile(r"^[^\S\n]*h[1-6]\.\s", re.MULTILINE)
_WORD = re.compile(r"\w[\w'\u2019./:@+-]*\w|\w")


def words_of(item: Item) -> str:
    """Return an item's description and acceptance criteria as words with a blank between, without markup."""
    return plain_words("\n".join(_parts(item)))


def _parts(item: Item) -> Iterator[str]:
    yield item.body
    yield from _criteria(item)


def _criteria(item: Item) -> Iterator[str]:
    for name in sorted(item.fields):
        value = item.fields[name]
        if isinstance(value, str) and _CRITERIA in name.casefold():
            yield value


def has_criteria_field(item: Item) -> bool:
    """Return whether acceptance criteria stand in a field of their own: of those no history is told."""
    return next(_criteria(item), None) is not None


def plain_words(text: str) -> str:
    """Return the words of a text in small letters. A ticked box, a bold word and a wrapped line change nothing."""
    # A little more than is kept: markup goes, and what is cut may end in a comment.
    cut = _COMMENT.sub(" ", text[: 2 * MOST])
    for pattern in (_WIKI, _HEADING):
        cut = pattern.sub(" ", cut)
    cut = _BOX.sub(r"\1", cut)
    for pattern in (_LINK, _WIKI_LINK):
        cut = pattern.sub(r"\1", cut)
    words = " ".join(_WORD.findall(cut.replace("_", " ").casefold()))
    return words[:MOST]


def rewritten_share(then: str, now: str) -> float:
    """Return how much of a text is another one, from 0 to 1: words that came or went, beside all words of both."""
    return Indel.normalized_distance(then.split(), now.split()) if then != now else 0.0
