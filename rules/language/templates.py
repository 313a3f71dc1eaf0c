"""Message templates: text with ``{fact}`` and ``{fact | filter}``, checked at load, rendered to leaves, never to a
string."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

import msgspec
from msgspec.structs import replace

from rules.facts.fact import Fact, FactType, FactValue, Voice
from rules.language.values import Reader
from rules.language.wording import FILTERS, Speaker, plain
from syncd.complaints import did_you_mean, one_of
from syncd.documents import Loc
from syncd.model.comments import Leaf, Line, Text
from syncd.model.findings import About

_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_OURS, _ROADMAP = Speaker(voice=Voice.OURS), Speaker(voice=Voice.ROADMAP)
RULE_FIELDS = ("rule.id", "rule.title")


class Slot(msgspec.Struct, frozen=True, kw_only=True):
    """A placeholder: the value of a fact, put by a filter; ``wobbles`` where it is worked out anew every day."""

    name: str
    put: Callable[[FactValue, Speaker], Line] = plain
    wobbles: bool = False


Template: TypeAlias = tuple[Text | Slot, ...]
Source: TypeAlias = Callable[[str], tuple[FactValue, Speaker]]
"""Gives the value of a fact, and whose words it is."""


class TemplateNames(msgspec.Struct, frozen=True, kw_only=True):
    """What placeholders may name."""

    vocabulary: Mapping[str, Fact]
    about: About


def facts_of(template: Template) -> Iterator[str]:
    """Yield the names of the facts that a template shows."""
    for part in template:
        if isinstance(part, Slot) and part.name not in RULE_FIELDS:
            yield part.name


def render(template: Template, source: Source) -> Line:
    """Return the line; empty where a placeholder has nothing to show."""
    leaves: list[Leaf] = []
    for part in template:
        if isinstance(part, Text):
            leaves.append(part)
            continue
        value, speaker = source(part.name)
        put = part.put(value, speaker)
        if not put:
            return ()
        leaves.extend([replace(leaf, wobbles=True) for leaf in put] if part.wobbles else put)
    return tuple(leaves)


def parse_template(reader: Reader, loc: Loc, text: str, names: TemplateNames) -> Template | None:
    """Return the template written at ``loc``; None after refusing it."""
    parts: list[Text | Slot | None] = []
    written, last = "", 0
    for found in _PLACEHOLDER.finditer(text):
        written += text[last : found.start()]
        last = found.end()
        if found[0] in ("{{", "}}"):
            written += found[0][0]
        elif found[1] is None:
            reader.refuse(loc, f"a lone '{found[0]}' in a template; write it twice to show it")
            parts.append(None)
        else:
            parts += _texts(reader, loc, written)
            written = ""
            parts.append(_slot(reader, loc, found[1], names))
    parts += _texts(reader, loc, written + text[last:])
    template = tuple(part for part in parts if part is not None)
    return template if len(template) == len(parts) else None


def _texts(reader: Reader, loc: Loc, written: str) -> list[Text | None]:
    pieces = written.split("`")
    if len(pieces) % 2 == 0:
        reader.refuse(loc, "a lone '`' in a template; code stands between two, and a placeholder can't stand in code")
        return [None]
    return [Text(piece, code=index % 2 == 1) for index, piece in enumerate(pieces) if piece]


def _slot(reader: Reader, loc: Loc, written: str, names: TemplateNames) -> Slot | None:
    name, *filters = (part.strip() for part in written.split("|"))
    if name in RULE_FIELDS and not filters:
        return Slot(name=name)
    fact = names.vocabulary.get(name)
    if fact is None:
        near = did_you_mean(name, [*names.vocabulary, *RULE_FIELDS]) or " See 'syncd facts'."
        reader.refuse(loc, f"unknown fact '{name}' in a template.{near}")
        return None
    if names.about not in fact.about:
        meant = one_of([each.value for each in fact.about])
        reader.refuse(loc, f"'{name}' is a fact about {meant}; this is about {names.about.value}")
        return None
    return _filtered(reader, loc, fact, filters)


def _filtered(reader: Reader, loc: Loc, fact: Fact, filters: list[str]) -> Slot | None:
    if fact.type is FactType.SPAN:
        reader.refuse(loc, f"'{fact.name}' grows every day; a message shows dates, never ages")
        return None
    if not filters:
        return Slot(name=fact.name, wobbles=fact.daily)
    possible = [name for name, each in FILTERS.items() if each.fits(fact)]
    found = FILTERS.get(filters[0])
    if len(filters) > 1:
        reader.refuse(loc, f"'{fact.name}' has two filters; one can stand here")
        return None
    if found is None or fact.type not in found.types:
        what = "unknown filter" if found is None else "filter"
        reason = "" if found is None else f" does not fit '{fact.name}' ({fact.type.value})"
        near = did_you_mean(filters[0], possible) if found is None else ""
        hint = near or (f" Possible: {one_of(possible)}." if possible else " None can stand here.")
        reader.refuse(loc, f"{what} '{filters[0]}'{reason}.{hint}")
        return None
    if not found.fits(fact):
        reader.refuse(loc, f"members of '{fact.name}' have no key to show; use the filter 'title'")
        return None
    return Slot(name=fact.name, put=found.put, wobbles=fact.daily)


def speaker_of(fact: Fact, subject: Speaker) -> Speaker:
    """Return whose words a fact of the subject is: closed sets are ours, but what they tell of the roadmap is its."""
    if fact.voice is Voice.ROADMAP:
        return _ROADMAP
    return _OURS if fact.values or fact.voice is Voice.OURS else subject
