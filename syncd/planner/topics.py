"""What a finding is about, as a comment names it: an item by its key, an outcome or a milestone by its title."""

from typing import TYPE_CHECKING

import msgspec

from rules.subjects import container_of, outcome_of
from syncd.model.comments import Line, Quote, Reference, Text
from syncd.model.findings import About, Finding, Subject
from syncd.model.identity import ItemId
from syncd.model.items import Item, Place
from syncd.planner.keys import Natural, by_key, natural

if TYPE_CHECKING:
    from rules.world import World


class Topic(msgspec.Struct, frozen=True, kw_only=True):
    """A subject with its name. ``item`` is its item's id, None where it is none; ``order`` sorts topics.

    ``unnamed`` is what it is called where its readers may not hear of it; empty: its name is all that they may see.
    """

    item: ItemId | None
    name: Line
    order: tuple[Natural, object]
    unnamed: Line = ()

    @property
    def leads(self) -> Line:
        """Return the leaves of the name that a message has which needs no other opening."""
        return tuple(leaf for leaf in self.name if not isinstance(leaf, Text))


def item_topic(item: Item) -> Topic:
    """Return an item as a topic: its key and title."""
    key = Reference(item.key, url=item.url, item=item.id, source=item.place, restricted=item.restricted)
    title = (Text(" ("), Quote(item.title, source=item.place, restricted=item.restricted), Text(")"))
    return Topic(item=item.id, name=(key, *title) if item.title else (key,), order=by_key(item))


def topic_of(subject: Subject, world: "World") -> Topic | None:
    """Return a subject as a topic; None where it is not there, or a team, which has no item to be told on."""
    outcome, container = outcome_of(subject, world), container_of(subject, world)
    if outcome is not None:
        name: Line = (Text("Outcome "), Quote(outcome.title))
        unnamed: Line = (Text("an outcome that is not public"),)
    elif container is not None:
        opening = Text(f"{container.id.kind.capitalize()} ")
        name = (opening, Quote(container.title, source=container.place, restricted=container.place is None))
        unnamed = (Text(f"a {container.id.kind} of another place"),)
    else:
        is_of_items = subject.about in (About.ITEM.value, About.DEPENDENCY.value)
        item = world.item(subject.id) if is_of_items else None
        return None if item is None else item_topic(item)
    return Topic(item=None, name=name, order=(natural(str(subject)), subject.id), unnamed=unnamed)


def name_of(subject: Subject, world: "World") -> Line:
    """Return what a subject is called, for who runs syncd."""
    topic = topic_of(subject, world)
    return topic.name if topic is not None else (Text(f"{subject.about.capitalize()} {subject.id.native_id}"),)


def advice(finding: Finding, place: Place | None) -> tuple[Line, ...]:
    """Return what to do where a finding is told: for any tracker, then for that of the place."""
    kind = place.tracker_kind if place is not None else ""
    return (*finding.fix, *(line for named, lines in finding.fix_by_tracker if named == kind for line in lines))
