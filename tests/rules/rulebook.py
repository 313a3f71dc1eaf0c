"""A small vocabulary, a world that is a table of its values, and short ways to ask."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, cast

import msgspec

from rules.facts.fact import Fact, FactContext, FactType, FactValue, Voice
from rules.language import conditions
from rules.language.matchers import Moment
from rules.language.params import read_params
from rules.language.parser import fact_names, parse_condition
from rules.language.values import Reader
from rules.loader import load_rules
from syncd.documents import parse_document
from syncd.model.errors import ConfigErrors
from syncd.model.findings import About, Subject
from syncd.model.identity import ItemId, PlaceId
from syncd.model.items import Item
from syncd.model.outcomes import OutcomeStatus
from syncd.model.truth import Truth, Unknown

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)  # a Wednesday
PAY = PlaceId("jira", "PAY")
FRAUD = PlaceId("jira", "FRAUD")


class Blocker(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An item that blocks another."""

    key: str
    item: ItemId | None = None
    title: str = ""
    url: str = ""
    team: str | None = None
    place: PlaceId | None = PAY
    restricted: bool = False
    expected_at: date | None = None
    moved: int = 0


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A change of a field."""

    field: str
    at: datetime
    before: str = ""
    after: str = ""


class Served(msgspec.Struct, frozen=True, kw_only=True):
    """An outcome that is reached."""

    id: str
    title: str
    status: OutcomeStatus = OutcomeStatus.ACTIVE


def make_fact(name: str, type_: FactType, *, about: Sequence[About] = (About.ITEM,), **more: Any) -> Fact:
    def column(context: FactContext) -> list[FactValue]:
        world = cast("FakeWorld", context.world)
        world.computed.append(name)
        return [world.facts_of(subject).get(name) for subject in context.subjects]

    return Fact(name=name, type=type_, about=tuple(about), meaning="for tests", column=column, **more)


BOTH = (About.ITEM, About.DEPENDENCY)
STATES = ("traced", "unlinked", "broken", "unknown")
VOCABULARY = (
    make_fact("item.key", FactType.TEXT),
    make_fact("item.title", FactType.TEXT),
    make_fact("item.kind", FactType.TEXT, voice=Voice.OURS),
    make_fact("item.status_category", FactType.TEXT, values=("todo", "in_progress", "done")),
    make_fact("item.labels", FactType.TEXTS, fold_case=True),
    make_fact("item.component", FactType.TEXT, fold_case=True),
    make_fact("item.estimate", FactType.NUMBER),
    make_fact("item.in_play", FactType.BOOL),
    make_fact("item.team", FactType.TEXT),
    make_fact("item.limit", FactType.NUMBER),
    make_fact("item.due_on", FactType.DATE),
    make_fact("item.needed_by", FactType.DATE),
    make_fact("item.created_at", FactType.INSTANT),
    make_fact("item.history", FactType.RECORDS, record=Change),
    make_fact("item.activity_at", FactType.INSTANT),
    make_fact("item.idle_for", FactType.SPAN),
    make_fact("trace.state", FactType.TEXT, values=STATES),
    make_fact("trace.outcomes", FactType.RECORDS, record=Served, voice=Voice.ROADMAP),
    make_fact("deps.open_blockers", FactType.RECORDS, record=Blocker),
    make_fact("deps.cycle", FactType.RECORDS, record=Blocker, about=BOTH),
    make_fact("deps.length", FactType.NUMBER, about=(About.DEPENDENCY,)),
    make_fact("period.id", FactType.TEXT, about=BOTH, voice=Voice.ROADMAP),
)


class FakeWorld:
    """Facts by the key of an item or ring; ``parents`` by key; ``dark`` keys can't be judged."""

    def __init__(
        self,
        items: Mapping[str, Mapping[str, Any]],
        *,
        rings: Mapping[str, Mapping[str, Any]] | None = None,
        parents: Mapping[str, str] | None = None,
        dark: Mapping[str, str] | None = None,
    ) -> None:
        self.computed: list[str] = []
        self._items = {make_id(key): make_item(key) for key in items}
        self._parents, self._dark = parents or {}, dark or {}
        self._facts = {item_subject(key): facts for key, facts in items.items()}
        self._facts |= {ring_subject(key): facts for key, facts in (rings or {}).items()}
        self.subjects = tuple(self._facts)

    def among(self, only: Collection[Subject]) -> tuple[Subject, ...]:
        return tuple(each for each in self.subjects if each in only)

    def facts_of(self, subject: Subject) -> Mapping[str, Any]:
        return {"item.key": subject.id.native_id, **self._facts[subject]}

    def item(self, item_id: ItemId) -> Item | None:
        return self._items.get(item_id)

    def is_dark_subject(self, subject: Subject) -> Unknown | None:
        reason = self._dark.get(subject.id.native_id)
        return Unknown(reason) if reason else None

    def changed_at(self, subject: Subject) -> datetime:
        return datetime(2026, 11, 20, tzinfo=UTC)

    def ancestors(self, item_id: ItemId) -> tuple[ItemId, ...]:
        parent = self._parents.get(item_id.native_id)
        return (make_id(parent), *self.ancestors(make_id(parent))) if parent else ()


def make_id(key: str) -> ItemId:
    return ItemId("jira", key)


def make_item(key: str) -> Item:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    url = f"https://acme.example/{key}"
    place = FRAUD if key.startswith("FRAUD-") else PAY
    return Item(id=make_id(key), key=key, place=place, url=url, title=f"Title of {key}", created_at=at, updated_at=at)


def item_subject(key: str) -> Subject:
    return Subject("item", make_id(key))


def ring_subject(key: str) -> Subject:
    return Subject("dependency", make_id(key))


def read_condition(
    text: str, about: About | None = About.ITEM, sets: frozenset[str] = frozenset(), params: str = "{}"
) -> Any:
    """Return the condition, which is an atom where it asks one fact; AssertionError with what was refused."""
    reader = Reader(parse_document(text, "rule"))
    read = read_params([Reader(parse_document(params, "params"))])
    names = fact_names({fact.name: fact for fact in VOCABULARY}, about, sets=sets, params=read)
    found = parse_condition(reader, (), reader.document.data, names)
    assert not reader.errors, [str(error) for error in reader.errors]
    assert found is not None
    return found


def asked(text: str, **facts: Any) -> Truth:
    """Return what a condition says of one thing; facts as ``item_kind="bug"``."""
    values = {name.replace("_", ".", 1): value for name, value in facts.items()}
    return conditions.judge(read_condition(text), values.get, Moment(NOW))


RULE = """\
rules:
  - id: {id}
    title: A title
    message: A message
    when: {{{when}}}
"""


def rule_text(when: str, rule_id: str = "some-rule") -> str:
    """Return a file of one rule with a condition in flow style."""
    return RULE.format(id=rule_id, when=when)


def load(*texts: str) -> Any:
    """Return the RuleSet of files a.yaml, b.yaml, …; fakes may be handed to it."""
    documents = [parse_document(text, f"{name}.yaml") for name, text in zip("abcdef", texts, strict=False)]
    return load_rules(documents, VOCABULARY)


def errors_of(*texts: str) -> list[str]:
    """Return the lines of what is wrong with files a.yaml, b.yaml, …; none where nothing is."""
    try:
        load(*texts)
    except ConfigErrors as errors:
        return str(errors).splitlines()
    return []
