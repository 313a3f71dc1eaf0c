"""Values in words: leaves of a comment, which say whose words they are and who may read them."""

import math
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta

import msgspec

from rules.facts.fact import Fact, FactType, FactValue, Voice
from rules.language.values import fields_of
from syncd.model.comments import Day, Leaf, Line, Quote, Reference, Text
from syncd.model.identity import ItemId, PlaceId
from syncd.model.truth import Unknown

_NAMED = 5
"""A line names so many things and counts the rest."""
_IN_RING = 9


class Speaker(msgspec.Struct, frozen=True, kw_only=True):
    """Where the words of a value come from: a place, and for a record of an item that item."""

    voice: Voice = Voice.TRACKER
    place: PlaceId | None = None
    item: ItemId | None = None
    restricted: bool = False


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """A way to put a value: on which types it can stand, and what it makes of it. An empty line: there is nothing.

    ``needs_key``: records without keys have nothing that it could show.
    """

    types: frozenset[FactType]
    meaning: str
    put: Callable[[FactValue, Speaker], Line]
    needs_key: bool = False

    def fits(self, fact: Fact) -> bool:
        """Return whether it can put the values of a fact."""
        return fact.type in self.types and not (self.needs_key and is_keyless(fact))


def is_keyless(fact: Fact) -> bool:
    """Return whether the members of a fact are records without keys."""
    return fact.record is not None and "key" not in fields_of(fact.record)


def plain(value: FactValue, speaker: Speaker) -> Line:
    """Return a value as it is put without a filter."""
    if value is None or isinstance(value, Unknown) or value == "":
        return ()
    if isinstance(value, tuple | list):
        return joined([_named(member, speaker) for member in _known(value)])
    if isinstance(value, bool):
        return (_counted("yes" if value else "no", speaker),)
    if isinstance(value, datetime | date):
        day = value.astimezone(UTC).date() if isinstance(value, datetime) else value
        return (Day(day, source=speaker.place, restricted=speaker.restricted, item=speaker.item),)
    if isinstance(value, timedelta):
        return (Text(_length(value)),)
    return (said(value, speaker) if isinstance(value, str) else _counted(_number(value), speaker),)


def _counted(words: str, speaker: Speaker) -> Leaf:
    """Return a number, or yes or no: what another item says, as its words, and all else as ours."""
    return Text(words) if speaker.item is None else said(words, speaker)


def said(words: str, speaker: Speaker) -> Leaf:
    """Return words as their speaker's: ours as they are, others' quoted."""
    if speaker.voice is Voice.OURS:
        return Text(words)
    if speaker.voice is Voice.ROADMAP:
        return Quote(words)
    return Quote(words, source=speaker.place, restricted=speaker.restricted, item=speaker.item)


def joined(lines: Sequence[Line]) -> Line:
    """Return "a, b and c"; of many the first few, and how many more there are."""
    filled = [line for line in lines if line]
    rest = len(filled) - _NAMED
    # "and 1 more" is no shorter than the name itself.
    if rest > 1:
        filled = [*filled[:_NAMED], (Text(f"{rest} more"),)]
    parts: list[Leaf] = []
    for index, line in enumerate(filled):
        if index:
            parts.append(Text(" and " if index == len(filled) - 1 else ", "))
        parts.extend(line)
    return tuple(parts)


def _known(value: FactValue) -> list[object]:
    members = value if isinstance(value, tuple | list) else ()
    return [member for member in members if not isinstance(member, Unknown)]


def _of_record(record: object) -> Speaker:
    if not hasattr(record, "place"):
        return Speaker(voice=Voice.ROADMAP)
    place = getattr(record, "place", None)
    if not isinstance(place, PlaceId):
        # Nobody knows who may read it.
        return Speaker(restricted=True)
    item = _told(record, "item") or _told(record, "said_by")
    return Speaker(
        place=place,
        item=item if isinstance(item, ItemId) else None,
        restricted=bool(getattr(record, "restricted", False)),
    )


def speaker_in(records: FactValue) -> Speaker:
    """Return who says what is in the first of some records; nobody that could be shown where there is none."""
    known = _known(records)
    return _of_record(known[0]) if known else Speaker(restricted=True)


def _key(member: object, speaker: Speaker) -> Line:
    """Return the key as a reference, else the title, else (for a text) the text."""
    if isinstance(member, str):
        return (said(member, speaker),)
    key, url, item = (_told(member, name) for name in ("key", "url", "item"))
    if not key:
        return _title(member, speaker)
    by = _of_record(member)
    reference = Reference(
        str(key),
        url=str(url or ""),
        item=item if isinstance(item, ItemId) else None,
        source=by.place,
        restricted=by.restricted,
    )
    return (reference,)


def _told(record: object, name: str) -> object:
    """Return a field of a record; nothing where it is not there or not known."""
    value = getattr(record, name, None)
    return None if isinstance(value, Unknown) else value


def _title(member: object, speaker: Speaker) -> Line:
    if isinstance(member, str):
        return (said(member, speaker),)
    title = _told(member, "title")
    return (said(str(title), _of_record(member)),) if title else ()


def _named(member: object, speaker: Speaker) -> Line:
    key, title = _key(member, speaker), _title(member, speaker)
    return (*key, Text(" ("), *title, Text(")")) if title and title != key else key


def _each(put: Callable[[object, Speaker], Line]) -> Callable[[FactValue, Speaker], Line]:
    return lambda value, speaker: joined([put(member, speaker) for member in _known(value)])


def _links(value: FactValue, speaker: Speaker) -> Line:
    lines = [_key(member, speaker) for member in _known(value) if not isinstance(member, str)]
    return joined([line for line in lines if any(isinstance(leaf, Reference) and leaf.url for leaf in line)])


def _arrows(value: FactValue, speaker: Speaker) -> list[Line]:
    """Return the keys that follow one another; of many the first few, and how many more there are."""
    keys = [_key(member, speaker) for member in _known(value)]
    rest = len(keys) - _IN_RING
    return [*keys[:_IN_RING], (Text(f"{rest} more"),)] if rest > 1 else keys


def _chain(value: FactValue, speaker: Speaker) -> Line:
    parts: list[Leaf] = []
    for line in _arrows(value, speaker):
        parts += [Text(" → "), *line] if parts else line
    return tuple(parts)


def _ring(value: FactValue, speaker: Speaker) -> Line:
    keys = _arrows(value, speaker)
    parts = [leaf for line in keys for leaf in (*line, Text(" → "))]
    return (*parts, *keys[0]) if keys else ()


def _count(value: FactValue, _: Speaker) -> Line:
    return (Text(str(len(_known(value)))),) if isinstance(value, tuple | list) else ()


def _percent(value: FactValue, speaker: Speaker) -> Line:
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        return plain(value, speaker)
    share = 100 * value
    return (_counted(f"{share:.0f} %" if abs(share) >= 1 or not share else f"{share:.1g} %", speaker),)


def _words(value: FactValue, speaker: Speaker) -> Line:
    return plain(value.replace("_", " ") if isinstance(value, str) else value, speaker)


def _number(value: float) -> str:
    return str(int(value)) if isinstance(value, int) or value.is_integer() else f"{value:.10g}"


def _length(span: timedelta) -> str:
    days, hours = span.days, span.seconds // 3600
    return f"{days} days" if days else f"{hours} hours"


_LISTS = frozenset({FactType.TEXTS, FactType.RECORDS})
_RECORDS = frozenset({FactType.RECORDS})
_TIMES = frozenset({FactType.DATE, FactType.INSTANT})

FILTERS: dict[str, Filter] = {
    "names": Filter(
        types=_LISTS, meaning="keys with their titles: PAY-88 (Fast checkout) and PAY-90", put=_each(_named)
    ),
    "keys": Filter(types=_LISTS, meaning="keys alone: PAY-88 and PAY-90", put=_each(_key), needs_key=True),
    "title": Filter(types=_LISTS, meaning="titles alone", put=_each(_title)),
    "list": Filter(types=_LISTS, meaning="the members: a, b and c", put=plain),
    "count": Filter(types=_LISTS, meaning="how many there are", put=_count),
    "chain": Filter(types=_RECORDS, meaning="keys that follow one another: A → B → C", put=_chain, needs_key=True),
    "link": Filter(
        types=_RECORDS,
        meaning="keys that lead to their addresses; what has none is left out",
        put=_links,
        needs_key=True,
    ),
    "ring": Filter(types=_RECORDS, meaning="keys in a ring: A → B → A", put=_ring, needs_key=True),
    "date": Filter(types=_TIMES, meaning="the day", put=plain),
    "percent": Filter(types=frozenset({FactType.NUMBER}), meaning="a share in percent: 0.42 is 42 %", put=_percent),
    "words": Filter(types=frozenset({FactType.TEXT}), meaning="with spaces for underscores: not now", put=_words),
}
