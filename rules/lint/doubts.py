"""What is legal in the rules of a workspace and dead all the same; said only where it can be proved."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from rules.engine import RuleSet
from rules.facts.fact import Fact
from rules.language.values import Reader, ValueKind, kind_of
from rules.lint.asked import Product, Sets, TooMany, Written, facts_of, part, products, together
from rules.lint.repeats import repeated_conditions
from rules.lint.satisfiable import contradicted
from rules.lint.unused import unused_names
from rules.rule import Rule
from syncd.complaints import did_you_mean, one_of
from syncd.documents import Data, Document, Loc, parse_document
from syncd.model.errors import ConfigError
from syncd.model.findings import About
from syncd.model.items import Stage

_OPEN = "item.status_category: {not: done}"


class Closed(msgspec.Struct, frozen=True):
    """All the values that a fact can have here, and what says so."""

    values: tuple[str, ...]
    by: str


class Surroundings(msgspec.Struct, frozen=True, kw_only=True):
    """What trackers and roadmap can say here.

    ``absent``: facts that no configured tracker has a value for, each with the reason.
    """

    absent: Mapping[str, str] = {}
    closed: Mapping[str, Closed] = {}


class _RuleText(msgspec.Struct, frozen=True, kw_only=True):
    """A rule and where it is written. ``scope_is_default``: it says nothing of what it applies to."""

    rule: Rule
    loc: Loc
    when: Written
    scope: Written | None
    scope_is_default: bool
    escalate: Mapping[str, Written]
    is_enabled: bool

    def error(self, message: str, *path: str | int) -> ConfigError:
        """Return the doubt at a place of the rule."""
        return self.when.reader.document.error((*self.loc, *path), f"rule '{self.rule.terms.id}' {message}")


def doubts(
    rules: RuleSet, documents: Sequence[Document], surroundings: Surroundings | None = None
) -> Iterator[ConfigError]:
    """Yield what is doubtful in files that load without an error, each at its place; in no particular order."""
    around = surroundings or Surroundings()
    readers = [Reader(document) for document in documents]
    sets = {
        name: Written(reader=reader, loc=("sets", name), data=data)
        for reader in readers
        for name, data in _mapping(reader.document.data.get("sets")).items()
    }
    texts = [text for reader in readers for text in _rule_texts(reader, rules)]
    yield from _dead(texts, sets, rules.vocabulary, around)
    yield from _strange(texts, sets, around)
    yield from _shadowed(texts, sets)
    yield from _off(texts)
    yield from repeated_conditions(readers)
    yield from unused_names(readers)


def _mapping(data: Data) -> dict[str, Data]:
    return data if isinstance(data, dict) else {}


def _rule_texts(reader: Reader, rules: RuleSet) -> Iterator[_RuleText]:
    by_id = {rule.terms.id: rule for rule in rules.rules}
    written = reader.document.data.get("rules")
    defaults = _mapping(reader.document.data.get("defaults"))
    has_default = "applies_to" in defaults
    for at, raw in enumerate(written if isinstance(written, list) else ()):
        whole = Written(reader=reader, loc=("rules", at), data=raw)
        rule = by_id.get(reader.text((*whole.loc, "id"), _mapping(raw).get("id")) or "")
        if rule is None or "when" not in _mapping(raw):
            continue
        scope: Written | None = None
        if "applies_to" in _mapping(raw):
            scope = part(whole, "applies_to")
        elif has_default:
            scope = part(Written(reader=reader, loc=(), data=reader.document.data), "defaults", "applies_to")
        elif rule.about is About.ITEM and rule.applies_to is not None:
            scope = Written(reader=_OPEN_READER, loc=(), data=_OPEN_READER.document.data)
        yield _RuleText(
            rule=rule,
            loc=whole.loc,
            when=part(whole, "when"),
            scope=_named(scope),
            scope_is_default=scope is not None and scope.reader is _OPEN_READER,
            escalate={key: part(whole, "escalate", key) for key in _mapping(_mapping(raw).get("escalate"))},
            is_enabled=_mapping(raw).get("enabled", defaults.get("enabled")) is not False,
        )


_OPEN_READER = Reader(parse_document(_OPEN, "what is open"))


def _named(scope: Written | None) -> Written | None:
    """Return a scope that is the name of a set as a condition."""
    if scope is not None and isinstance(scope.data, str):
        return msgspec.structs.replace(scope, data={"set": scope.data})
    return scope


def _dead(
    texts: Sequence[_RuleText], sets: Sets, facts: Mapping[str, Fact], around: Surroundings
) -> Iterator[ConfigError]:
    kinds = {name: _closed(kind_of(fact), around.closed.get(name)) for name, fact in facts.items()}
    for name, each in sets.items():
        found = _never([each], sets, kinds)
        if found:
            message = f"the set '{name}' can never hold: nothing can be all that it asks of '{found}'"
            yield each.reader.document.error(each.loc, message, on_key=True)
    for text in texts:
        alone = _never([text.when], sets, kinds)
        if alone:
            yield text.error(f"can never hold: nothing can be all that it asks of '{alone}'", "when")
            continue
        found = _never([text.scope], sets, kinds) if text.scope else None
        if found:
            yield text.error(
                f"applies to nothing: nothing can be all that 'applies_to' asks of '{found}'", "applies_to"
            )
            continue
        found = _never([text.when, text.scope], sets, kinds) if text.scope else None
        if found:
            limit = "it looks only at what is open, as it has no 'applies_to'" if text.scope_is_default else ""
            limit = limit or "'applies_to' leaves out all for which it could"
            yield text.error(f"can never hold: {limit} ('{found}')", "when")
        else:
            yield from _dead_branches(text, sets, kinds)
            yield from _never_escalated(text, sets, kinds)


def _closed(kind: ValueKind, closed: Closed | None) -> ValueKind:
    return msgspec.structs.replace(kind, values=closed.values) if closed else kind


def _never(conditions: Sequence[Written | None], sets: Sets, kinds: Mapping[str, ValueKind]) -> str | None:
    """Return a fact that makes it impossible for all of them to hold; None where that is not proved."""
    try:
        found = together([products(each, sets) for each in conditions if each is not None])
    except TooMany:
        return None
    return _contradiction(found, kinds)


def _contradiction(found: Sequence[Product], kinds: Mapping[str, ValueKind]) -> str | None:
    names = [contradicted(product, kinds) for product in found]
    return names[0] if names and all(names) else None


def _dead_branches(text: _RuleText, sets: Sets, kinds: Mapping[str, ValueKind]) -> Iterator[ConfigError]:
    """Say which part of an ``any`` right under ``when`` can never be what makes the rule hold."""
    branches = _mapping(text.when.data).get("any")
    for at in range(len(branches)) if isinstance(branches, list) else ():
        rest = {key: value for key, value in _mapping(text.when.data).items() if key != "any"}
        others = [msgspec.structs.replace(text.when, data=rest)] if rest else []
        around = [each for each in (text.scope, *others) if each is not None]
        try:
            found = together([products(each, sets) for each in (part(text.when, "any", at), *around)])
        except TooMany:
            continue
        name = _contradiction(found, kinds)
        if name:
            message = f"never holds because of this part: nothing can be all that is asked of '{name}'"
            yield text.error(message, "when", "any", at)


def _never_escalated(text: _RuleText, sets: Sets, kinds: Mapping[str, ValueKind]) -> Iterator[ConfigError]:
    for severity, condition in text.escalate.items():
        found = _never([condition, text.when, text.scope], sets, kinds)
        if found:
            message = f"is never {severity}: nothing for which it holds can be all that is asked of '{found}'"
            yield text.error(message, "escalate", severity)


def _strange(texts: Sequence[_RuleText], sets: Sets, around: Surroundings) -> Iterator[ConfigError]:
    """Say which conditions ask for what no configured tracker tells; a set is told of once, at its own place."""
    named = [
        (f"rule '{text.rule.terms.id}'", each)
        for text in texts
        for each in (text.when, text.scope, *text.escalate.values())
        if each
    ]
    named += [(f"the set '{name}'", each) for name, each in sets.items()]
    for who, condition in named:
        for name, asked in facts_of(condition, sets):
            document = asked.reader.document
            if name in around.absent:
                message = f"{who} asks for '{name}', which no configured tracker provides: {around.absent[name]}"
                yield document.error(asked.loc, message, on_key=True)
            closed = around.closed.get(name)
            for loc, value in _values(asked) if closed else ():
                if closed and value not in closed.values:
                    near = did_you_mean(value, closed.values) or f" There is: {one_of(closed.values)}."
                    message = f"{who} asks for '{name}' '{value}', which {closed.by} never gives.{near}"
                    yield document.error(loc, message)


def _values(asked: Written) -> Iterator[tuple[Loc, str]]:
    """Yield the values that a fact is compared with as a whole."""
    data = asked.data
    if isinstance(data, list):
        for at in range(len(data)):
            yield from _values(part(asked, at))
    elif isinstance(data, dict):
        for key in data.keys() & {"eq", "in", "not", "not_in"}:
            yield from _values(part(asked, key))
    else:
        text = asked.reader.text(asked.loc, data)
        if text is not None:
            yield asked.loc, text


def _shadowed(texts: Sequence[_RuleText], sets: Sets) -> Iterator[ConfigError]:
    """Say which rules hold for the very same subjects as another, at the same time and told at the same place."""
    first: dict[object, _RuleText] = {}
    for text in texts:
        terms = text.rule.terms
        try:
            found = together([products(each, sets) for each in (text.when, text.scope) if each is not None])
        except TooMany:
            continue
        if terms.stage is Stage.OFF:
            continue
        same = frozenset(frozenset(each.key for each in product) for product in found)
        key = (text.rule.about, terms.told_on, terms.holds_for, same)
        other = first.setdefault(key, text)
        if other is not text:
            place = other.error("", "id")
            where = f"'{other.rule.terms.id}' ({place.file}:{place.line})"
            yield text.error(f"holds for the very same as {where}: one of the two is enough", "id")


def _off(texts: Sequence[_RuleText]) -> Iterator[ConfigError]:
    for text in texts:
        if text.rule.terms.stage is Stage.OFF and text.is_enabled:
            yield text.error(
                "is at stage off, so nothing ever judges it; 'enabled: false' says that it is meant", "stage"
            )
