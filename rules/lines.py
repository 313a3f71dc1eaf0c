"""What an item's text says in lines that name others (``Blocked by: PAY-88``), outside quotes and code."""

import enum
import re
from collections.abc import Iterable, Iterator, Sequence

from syncd.model.words import TextLines

_LONGEST_LINE = 2000
"""So much of a line is read for names."""
_MOST_NAMES = 500
"""A text that names more items than this is no plan; what it names first is read."""
_MANY_COLONS = 1000
_CODE = ("`", "~~~", "    ", "\t", "<!--")
_AFTER_WORD = "*_ \t"
_MARKUP = 7
"""So many signs of emphasis or spaces may stand between a word and its colon."""
_BULLET = re.compile(r"(?:(?:[-*+]|\d{1,9}[.)])[ \t]++(?:\[[ xX]\][ \t]++)?)++")
_FENCE = re.compile(r"`{3,}|~{3,}")
_TICKS = re.compile(r"`+")
_ADDRESS = r"https?://[^\s,;<>()\[\]\"'`]++"
_NAME = re.compile(rf"{_ADDRESS}|(?:[\w.-]++/[\w.-]++)?#\d{{1,18}}(?![\w-])|[A-Za-z]\w{{0,60}}-\d{{1,18}}(?![\w-])")
_LINKED = re.compile(rf"\[[^\]\[]*+\]\(({_ADDRESS})\)")
_OUTCOME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}\Z")


class LineKind(enum.Enum):
    """What a line says of the item that it stands in."""

    BLOCKED_BY = "blocked_by"
    BLOCKS = "blocks"
    PART_OF = "part_of"
    OUTCOME = "outcome"


class Scanner:
    """Finds the lines that begin with a workspace's words, and the closing keywords of changes."""

    def __init__(self, words: TextLines) -> None:
        spoken = {
            **dict.fromkeys(words.outcome, LineKind.OUTCOME),
            **dict.fromkeys(words.part_of, LineKind.PART_OF),
            **dict.fromkeys(words.blocks, LineKind.BLOCKS),
            **dict.fromkeys(words.blocked_by, LineKind.BLOCKED_BY),
        }
        self._kinds = {word.lower(): kind for word, kind in spoken.items() if word.strip()}
        self._words = tuple(self._kinds)
        self._ends = {end for word in self._words for end in _in_any_case(word[-2:])}
        self._reach = max(map(len, self._words), default=0) + _MARKUP
        self._line = re.compile(
            rf"[ \t]*+(?:{_BULLET.pattern})?+[*_]{{0,3}}({_any_of(self._kinds)})[*_ \t]{{0,{_MARKUP}}}:[*_]{{0,3}}(.*)",
            re.IGNORECASE | re.DOTALL,
        )
        closing = {word.lower() for word in words.closes if word.strip()}
        self._stems = [word for word in sorted(closing) if not any(map(word.startswith, closing - {word}))]
        self._closing = re.compile(rf"\b(?:{_any_of(closing)}):?[ \t]++({_NAME.pattern})", re.IGNORECASE)

    def names(self, text: str) -> list[tuple[LineKind, str]]:
        """Return what the lines of a text name, in order: keys, ``#n``, addresses; of an outcome its id."""
        if not self._may_have_lines(text):
            return []
        found: dict[tuple[LineKind, str], None] = {}
        for line in spoken_lines(text) if _has_code(text) else text.split("\n"):
            said = self._line.match(line) if ":" in line else None
            if said:
                kind = self._kinds[said[1].lower()]
                rest = said[2][:_LONGEST_LINE]
                named = outcome_names(rest) if kind is LineKind.OUTCOME else _item_names(rest)
                found.update(dict.fromkeys((kind, name) for name in named))
                if len(found) >= _MOST_NAMES:
                    break
        return list(found)[:_MOST_NAMES]

    def closed(self, text: str) -> list[str]:
        """Return what a change says it closes, wherever it says so outside code."""
        found = list(self._closings(text))
        if found and _has_code(text):
            lines = (without_code(line) for line in spoken_lines(text, quotes=True))
            found = [name for line in lines for name in self._closings(line)]
        return list(dict.fromkeys(map(_clean, found)))

    def _closings(self, text: str) -> Iterator[str]:
        lowered = text.lower()
        if len(lowered) != len(text):
            # A letter became two: positions are not the same.
            yield from self._closing.findall(text)
            return
        for at in sorted(at for stem in self._stems for at in _positions(lowered, stem)):
            found = self._closing.match(text, at)
            if found:
                yield found[1]

    def _may_have_lines(self, text: str) -> bool:
        # Most texts have none of the words: looking before each colon is far cheaper than a regular expression.
        if text.count(":") > _MANY_COLONS:
            return True
        ends, reach = self._ends, self._reach
        for part in text.split(":"):
            is_near = part[-2:] in ends or part[-1:] in _AFTER_WORD
            if is_near and part[-reach:].rstrip(_AFTER_WORD).lower().endswith(self._words):
                return True
        return False


def spoken_lines(text: str, *, quotes: bool = False) -> Iterator[str]:
    """Yield the lines that are no code, no comment in HTML, and (unless ``quotes``) no quote."""
    fence, in_comment, in_list = "", False, False
    for line in text.split("\n"):
        inner = line.lstrip(" \t")
        if not inner:
            continue
        if fence:
            fence = "" if _closes(inner, fence) else fence
            continue
        if in_comment:
            in_comment = "-->" not in inner
            continue
        bullet = _BULLET.match(inner)
        # Four spaces make code, but inside a list they make a list in it.
        is_deep = line.startswith(("    ", "\t"))
        if is_deep and not in_list:
            continue
        in_list = bullet is not None or (in_list and inner is not line)
        rest = inner[bullet.end() :] if bullet else inner
        fence = _opens(rest)
        in_comment = rest.startswith("<!--") and "-->" not in rest
        hidden = fence or rest.startswith("<!--") or (is_deep and not bullet)
        if not hidden and (quotes or not rest.startswith(">")):
            yield line


def without_code(line: str) -> str:
    """Return a line without what stands between runs of as many backticks."""
    if "`" not in line:
        return line
    runs = list(_TICKS.finditer(line))
    next_alike: list[int | None] = [None] * len(runs)
    seen: dict[int, int] = {}
    for position in range(len(runs) - 1, -1, -1):
        length = len(runs[position][0])
        next_alike[position] = seen.get(length)
        seen[length] = position
    kept: list[str] = []
    begin, position = 0, 0
    while position < len(runs):
        end = next_alike[position]
        if end is not None:
            kept.append(line[begin : runs[position].start()])
            begin, position = runs[end].end(), end
        position += 1
    return " ".join([*kept, line[begin:]])


def outcome_names(written: str) -> list[str]:
    """Return the ids in a list by commas; free text, which has spaces, names nothing."""
    parts = (part.strip(" \t\r*_\"'").rstrip(".") for part in written.split(","))
    return [part for part in parts if _OUTCOME.match(part)]


def _item_names(rest: str) -> Iterator[str]:
    linked = [found[1] for found in _LINKED.finditer(rest)]
    for part in _LINKED.sub(" ", rest).split(",") if linked else rest.split(","):
        found = _NAME.match(part.strip(" \t\r*_<[("))
        if found:
            yield _clean(found[0])
    yield from map(_clean, linked)


def _clean(name: str) -> str:
    return name.rstrip(".,;:!?") if name.startswith("http") else name


def _any_of(words: Iterable[str]) -> str:
    """Return a pattern of the words, longer ones first; of none, one that fits nothing."""
    ordered: Sequence[str] = sorted(set(words), key=lambda word: (-len(word), word))
    return "|".join(map(re.escape, ordered)) or r"(?!)"


def _has_code(text: str) -> bool:
    """Return whether anything in a text may be code or hidden."""
    return any(sign in text for sign in _CODE)


def _positions(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + len(word))


def _in_any_case(end: str) -> Iterator[str]:
    """Yield two letters as they may be written; of a word of one letter what may stand before it is not known."""
    firsts = {end[0], end[0].upper()} if len(end) > 1 else {"", *map(chr, range(128))}
    yield from (first + last for first in firsts for last in {end[-1], end[-1].upper()})


def _opens(line: str) -> str:
    """Return the run that opens a block of code, or nothing."""
    run = _FENCE.match(line) if line[0:1] in ("`", "~") else None
    if run is None or (run[0][0] == "`" and "`" in line[run.end() :]):
        return ""
    return run[0]


def _closes(line: str, fence: str) -> bool:
    return line.startswith(fence) and not line.strip().strip(fence[0])
