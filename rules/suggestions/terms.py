"""The terms of an item and of an outcome: what their words are about, without code, addresses and stack traces."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain
from typing import TypeAlias

from rules.facts.trace.names import LABEL_PREFIX
from rules.suggestions.stopwords import STOP_WORDS
from syncd.model.items import Item
from syncd.model.outcomes import Outcome

Terms: TypeAlias = Mapping[str, float]
"""How much of something is about each term, whatever else there is."""

LABEL, COMPONENT, PLACE, TEAM = "label:", "component:", "place:", "team:"
_TAGS = (LABEL, COMPONENT, PLACE, TEAM)
_SHOWN_TAGS = (LABEL, COMPONENT)
_TITLE, _BODY, _TAG, _WHERE = 3.0, 1.0, 2.0, 0.5
_MOST_IN_BODY = 3
"""So often a word of the body counts: who repeats it says no more."""
_LONGEST_TITLE, _LONGEST_BODY, _LONGEST_TAG = 500, 4000, 100
_LONGEST_WORD, _SHORTEST_WORD = 30, 3

_CODE = re.compile(
    r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|<!--.*?(?:-->|\Z)"
    r"|\{(code|noformat)(?::[^}\n]*)?\}.*?(?:\{\1\}|\Z)",
    re.DOTALL,
)
_ADDRESS = re.compile(r"\b(?:https?|ftp|file)://\S+|\bwww\.\S+")
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w.-]{1,200}")
_PICTURE = re.compile(r"!\S{1,200}?\.(?:png|jpe?g|gif)[^!\s]{0,200}!")
_NOISE = re.compile(
    r"[ \t]*(?:"
    r"at [\w$.<>/ ]+\(.*|File \".*\", line \d+.*|Traceback \(most recent.*|Caused by: .*|\.\.\. \d+ more"  # stacks
    r"|(?:\[?\d{4}-\d\d-\d\d[T ]|\[?\d\d:\d\d:\d\d|\[(?:INFO|DEBUG|WARN|WARNING|ERROR|TRACE)\]).*"  # logs
    r"|>.*|\$ .*|(?: {4}|\t)\S.*"  # quotes, commands, code
    r")\Z"
)
_NAMES = re.compile(r"\b[A-Za-z][A-Za-z0-9]{0,59}-\d{1,18}\b|(?:[\w.-]{1,100}/[\w.-]{1,100})?#\d{1,18}\b")
"""Keys of items say which, not what about."""
_NUMBERED = re.compile(r"[-#]\d")
_WORD = re.compile(r"[^\W_]+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+")
"""Scripts that put no space between words: their words are pairs of letters."""


def terms_of_item(item: Item, team: str = "") -> dict[str, float]:
    """Return the terms of an item; ``team`` is whose it is."""
    found = words_in_title(item.title)
    _add(found, words_of(spoken(item.body)), _BODY, _MOST_IN_BODY)
    tags = [(LABEL, label) for label in item.labels if not label.casefold().startswith(LABEL_PREFIX)]
    tags += [(COMPONENT, component) for component in item.components]
    for prefix, tag in tags:
        _add(found, (prefix + _folded(tag[:_LONGEST_TAG]),), _TAG, 1)
    where = [(PLACE, str(item.place)), *([(TEAM, team)] if team else [])]
    _add(found, (prefix + _folded(name) for prefix, name in where), _WHERE, 1)
    return found


def words_in_title(title: str) -> dict[str, float]:
    """Return the terms of a title alone."""
    found: dict[str, float] = {}
    _add(found, words_of(title[:_LONGEST_TITLE]), _TITLE, 1)
    return found


def terms_of_outcome(outcome: Outcome, *, in_public: bool = False) -> dict[str, float]:
    """Return the terms of what the roadmap says of an outcome; ``in_public``: of what may be read anywhere."""
    found = words_in_title(outcome.title)
    _add(found, words_of(spoken(outcome.why)), _BODY, _MOST_IN_BODY)
    if not in_public:
        for measure in outcome.measures:
            _add(found, words_of(measure.name[:_LONGEST_TITLE]), _BODY, _MOST_IN_BODY)
    return found


def _add(found: dict[str, float], words: Iterable[str], weight: float, most: int) -> None:
    """Count words into what was found: each as often as it stands there, at most ``most`` times."""
    for word, count in Counter(words).items():
        found[word] = found.get(word, 0.0) + weight * min(count, most)


def spoken(text: str) -> str:
    """Return what a text says: without code, quotes, addresses, logs and stack traces, and not without end."""
    text = text[: 4 * _LONGEST_BODY]
    if "`" in text or "{" in text or "~" in text or "<!" in text:
        text = _CODE.sub("\n", text)
    text = "\n".join([line for line in text.splitlines() if not _NOISE.match(line)])
    # Most texts have none of these, and a look at a sign is cheap.
    for sign, pattern in (("://", _ADDRESS), ("www.", _ADDRESS), ("@", _MAIL), ("!", _PICTURE)):
        if sign in text:
            text = pattern.sub(" ", text)
    return text[:_LONGEST_BODY]


def words_of(text: str) -> Iterator[str]:
    """Return the words of a text in small letters, in any language; a word of several is told whole and in parts."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    if _NUMBERED.search(text):
        text = _NAMES.sub(" ", text)
    return chain.from_iterable(map(_words, _WORD.findall(text)))


@lru_cache(maxsize=50_000)
def _words(written: str) -> tuple[str, ...]:
    """Return the words of what was written as one; remembered, for most are written again and again."""
    if _UNSPACED.search(written):
        return tuple(_pairs(written))
    if len(written) > _LONGEST_WORD:
        return ()
    parts = () if written.islower() or written.isupper() else _HUMP.split(written)
    return tuple(word for part in (written, *(parts if len(parts) > 1 else ())) if (word := _word(part)))


def _word(written: str) -> str:
    """Return a word as a term; empty where it says nothing."""
    if len(written) < _SHORTEST_WORD or _is_number(written):
        return ""
    word = written.casefold()
    return "" if word in STOP_WORDS else _singular(word)


def _is_number(word: str) -> bool:
    """Return whether a word is a number, or the hash of something."""
    digits = sum(letter.isdigit() for letter in word)
    return digits == len(word) or (digits * 3 >= len(word) and len(word) >= 7)


def _singular(word: str) -> str:
    """Return an English word without the s of its plural; of another language less, and always the same."""
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-3] + "y" if word.endswith("ies") and len(word) > 4 else word[:-1]
    return word


def _pairs(run: str) -> Iterator[str]:
    for part in _UNSPACED.findall(run):
        yield from (part[at : at + 2] for at in range(max(len(part) - 1, 1)))


def _folded(tag: str) -> str:
    return unicodedata.normalize("NFKC", tag).casefold().strip()


def is_where(term: str) -> bool:
    """Return whether a term says where work is, not what it is about."""
    return term.startswith((PLACE, TEAM))


def shown(term: str) -> str:
    """Return a term as people read it."""
    return next((term.removeprefix(prefix) for prefix in _SHOWN_TAGS if term.startswith(prefix)), term)
