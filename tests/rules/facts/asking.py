"""Asks a World for facts, one item at a time."""

from typing import Any

from rules.facts.table import FactTable
from rules.facts.vocabulary import all_facts
from rules.language.calendar import Calendar
from rules.world import World
from syncd.model.findings import Subject
from syncd.model.identity import ItemId
from syncd.model.truth import Unknown
from tests.builders import NOW, item_id

FACTS = {fact.name: fact for fact in all_facts()}


def fact(world: World, name: str, key: str = "PAY-1", *, about: str = "item", now=NOW) -> Any:
    """Return the value of a fact for the item of a key."""
    subject = Subject(about, item_id(key))
    table = FactTable(FACTS, world=world, subjects=(subject,), now=now, calendar=Calendar())
    return table.column(name)[0]


def of(world: World, name: str, who: str = "", *, now=NOW) -> Any:
    """Return the value of a fact about an outcome by its id, a team by its name, a container by its id as text."""
    about = name.partition(".")[0]
    tracker, _, native_id = who.partition(":") if about == "container" else ("", "", who or "checkout-latency")
    subject = Subject(about, ItemId(tracker, native_id))
    table = FactTable(FACTS, world=world, subjects=(subject,), now=now, calendar=Calendar())
    return table.column(name)[0]


def state(world: World, key: str = "PAY-1", now=NOW) -> str:
    """Return the trace state of an item, "unknown" where it can't be known."""
    found = fact(world, "trace.state", key, now=now)
    return "unknown" if isinstance(found, Unknown) else found


def ids(records) -> list[str]:
    """Return the ids of outcome records; "?" for what may be one more."""
    return ["?" if isinstance(record, Unknown) else record.id for record in records]


def keys(records) -> list[str]:
    """Return the keys of records of items; "?" for what may be one more."""
    return ["?" if isinstance(record, Unknown) else record.key for record in records]
