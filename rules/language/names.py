"""What the keys of a condition may name: facts, or the fields of one kind of record."""

from collections.abc import Mapping

import msgspec

from rules.facts.fact import Fact
from rules.language.params import NO_PARAMS, Params
from rules.language.values import ValueKind, kind_of
from syncd.model.findings import About

WORDS = ("all", "any", "not", "set")
WORDS_WITHOUT_SETS = ("all", "any", "not")


class Names(msgspec.Struct, frozen=True, kw_only=True):
    """What a condition may name; ``outer``, inside a record: the facts of the subject that has the record.

    ``team`` is the one whose values params have, None where that of nobody in particular.
    """

    noun: str
    kinds: Mapping[str, ValueKind]
    words: tuple[str, ...]
    sets: frozenset[str] = frozenset()
    about: About | None = None
    abouts: Mapping[str, tuple[About, ...]] = {}
    params: Params = NO_PARAMS
    outer: "Names | None" = None
    team: str | None = None

    @property
    def facts(self) -> "Names | None":
        """Return the names of facts: these, or those around a record."""
        return self if self.noun == "fact" else self.outer


def fact_names(
    vocabulary: Mapping[str, Fact],
    about: About | None,
    *,
    sets: frozenset[str] = frozenset(),
    words: tuple[str, ...] = WORDS,
    params: Params = NO_PARAMS,
) -> Names:
    """Return the names that a condition about one kind of thing can use; ``about`` None: about anything."""
    kinds = {name: kind_of(fact) for name, fact in vocabulary.items()}
    abouts = {name: fact.about for name, fact in vocabulary.items()}
    return Names(noun="fact", kinds=kinds, words=words, sets=sets, about=about, abouts=abouts, params=params)
