"""Facts about what happened to an item, and about its sprints."""

from collections.abc import Callable
from datetime import datetime
from itertools import pairwise

from rules.facts.fact import Fact, FactContext, FactType, FactValue, RecordType, Voice
from rules.facts.fields import ABOUT_ITEM, of_position
from rules.facts.history import ChangeRecord, past_of
from rules.facts.sprints import known, sprints_of
from syncd.model.items import Container, ContainerState
from syncd.model.truth import Unknown

_NO_HISTORY = "its history is not read, or not so far back"
_NO_SPRINT = "a sprint of it was not read"
Read = Callable[[FactContext, int], FactValue]


def _history(context: FactContext, position: int) -> FactValue:
    return past_of(context.world).changes(position)


def _status_since(context: FactContext, position: int) -> FactValue:
    return known(past_of(context.world).status_since(position))


def _in_status_for(context: FactContext, position: int) -> FactValue:
    since = past_of(context.world).status_since(position)
    return context.now - since if isinstance(since, datetime) else known(since)


def _first_due_on(context: FactContext, position: int) -> FactValue:
    days, missing = past_of(context.world).due_dates(position)
    return missing or (days[0] if days else None)


def _date_moved_count(context: FactContext, position: int) -> FactValue:
    days, missing = past_of(context.world).due_dates(position)
    return missing or sum(later > earlier for earlier, later in pairwise(days))


def _of_sprint(read: Callable[[Container], FactValue]) -> Read:
    def value(context: FactContext, position: int) -> FactValue:
        sprint = sprints_of(context).present(position)
        return sprint if sprint is None or isinstance(sprint, Unknown) else read(sprint)

    return value


def _added_at(context: FactContext, position: int) -> FactValue:
    at = sprints_of(context).added_at(position)
    return known(at) if isinstance(at, datetime | Unknown) else None


def _added_late(context: FactContext, position: int) -> FactValue:
    late = sprints_of(context).is_added_late(position)
    return Unknown(late.reason) if isinstance(late, Unknown) else late


def _carried_over_count(context: FactContext, position: int) -> FactValue:
    found = sprints_of(context).carried_over(position)
    return found if isinstance(found, Unknown) else len(found)


def _carried_over_from(context: FactContext, position: int) -> FactValue:
    found = sprints_of(context).carried_over(position)
    return (found,) if isinstance(found, Unknown) else tuple(container.title for container in found)


def _fact(
    name: str,
    fact_type: FactType,
    meaning: str,
    read: Read,
    *,
    unknown_when: str = _NO_SPRINT,
    values: tuple[str, ...] = (),
    record: RecordType | None = None,
    voice: Voice = Voice.TRACKER,
) -> Fact:
    return Fact(
        name=f"item.{name}",
        type=fact_type,
        about=ABOUT_ITEM,
        meaning=meaning,
        column=of_position(read),
        unknown_when=unknown_when,
        values=values,
        record=record,
        voice=voice,
    )


PAST_FACTS: tuple[Fact, ...] = (
    _fact(
        "history",
        FactType.RECORDS,
        "What happened to it, oldest first.",
        _history,
        unknown_when=_NO_HISTORY,
        record=ChangeRecord,
    ),
    _fact(
        "in_status_since",
        FactType.INSTANT,
        "Since when it has had its status.",
        _status_since,
        unknown_when=_NO_HISTORY,
    ),
    _fact(
        "in_status_for",
        FactType.SPAN,
        "How long it has had its status.",
        _in_status_for,
        unknown_when=_NO_HISTORY,
    ),
    _fact(
        "first_due_on",
        FactType.DATE,
        "The first due date that it had.",
        _first_due_on,
        unknown_when=_NO_HISTORY,
    ),
    _fact(
        "date_moved_count",
        FactType.NUMBER,
        "How often its due date was put later.",
        _date_moved_count,
        unknown_when=_NO_HISTORY,
    ),
    _fact(
        "sprint",
        FactType.TEXT,
        "The name of its sprint: the running one, else the next to come.",
        _of_sprint(lambda sprint: sprint.title),
    ),
    _fact(
        "sprint_state",
        FactType.TEXT,
        "Whether that sprint runs (active) or is to come (future).",
        _of_sprint(lambda sprint: sprint.state.value),
        values=(ContainerState.ACTIVE.value, ContainerState.FUTURE.value),
        voice=Voice.OURS,
    ),
    _fact(
        "sprint_starts_on",
        FactType.DATE,
        "The first day of that sprint.",
        _of_sprint(lambda sprint: sprint.starts_on),
    ),
    _fact("sprint_ends_on", FactType.DATE, "The last day of that sprint.", _of_sprint(lambda sprint: sprint.ends_on)),
    _fact(
        "added_to_sprint_at",
        FactType.INSTANT,
        "When it was put into that sprint.",
        _added_at,
        unknown_when=_NO_HISTORY,
    ),
    _fact(
        "added_after_sprint_start",
        FactType.BOOL,
        "Whether it was put into that sprint, or created, after the sprint's first day.",
        _added_late,
        unknown_when=_NO_HISTORY,
    ),
    _fact(
        "carried_over_count",
        FactType.NUMBER,
        "How many closed sprints it was in at their end without being done.",
        _carried_over_count,
    ),
    _fact("carried_over_from", FactType.TEXTS, "The names of those sprints, oldest first.", _carried_over_from),
)
