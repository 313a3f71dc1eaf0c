"""What happened since a day: findings that came and went, work that was done or added, dates that moved."""

from collections.abc import Iterator
from datetime import date, datetime

import msgspec

from rules.tracing import tracing_of
from syncd.model.comments import Line, Quote, Reference
from syncd.model.findings import FindingState
from syncd.model.outcomes import Outcome, OutcomeRevision
from syncd.planner.findings import is_live
from syncd.web.report.findings import FindingLine, lines_of
from syncd.web.report.given import Facts, records_in
from syncd.web.report.growth import Addition, added_day, additions_of
from syncd.web.report.naming import Naming, outcome_name
from syncd.web.report.nouns import ItemName, Items, OutcomeName
from syncd.web.report.outcomes import is_listed, work_of
from syncd.web.report.resolved import Hurt, Resolved

SHOWN = 10


class Scope(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What came to an outcome and went from it. ``is_agreed`` False: nothing was agreed, so what came is what was
    created since, and of what went nothing is known."""

    outcome: OutcomeName
    added: tuple[Addition, ...] = ()
    added_count: int = 0
    removed: Items = Items()
    is_agreed: bool = True


class Moved(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A date that is another one now; None: there was, or is, none. ``is_hidden``: not everybody may read which."""

    what: Line
    before: date | None = None
    after: date | None = None
    is_hidden: bool = False


class SinceThen(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What happened since a day. ``done_count`` items were finished, of which ``served_count`` serve an outcome."""

    since: date
    today: date
    came: tuple[FindingLine, ...] = ()
    came_count: int = 0
    went: tuple[FindingLine, ...] = ()
    went_count: int = 0
    before_it_hurt: tuple[Resolved, ...] = ()
    done: tuple[ItemName, ...] = ()
    done_count: int = 0
    served_count: int = 0
    scope: tuple[Scope, ...] = ()
    moved: tuple[Moved, ...] = ()
    moved_count: int = 0


def since_then(facts: Facts, naming: Naming) -> SinceThen:
    """Return what happened since the report's day."""
    since = facts.given.since
    came = [each for each in facts.given.findings if is_live(each) and each.opened_at and each.opened_at >= since]
    closed = [each for each in facts.given.findings if each.state is FindingState.CLOSED]
    told = [each for each in closed if each.opened_at and each.closed_at and each.closed_at >= since]
    went = [each for each in told if facts.world.has(each.subject)]
    done = _done(facts, since)
    moved = [*_moved_outcomes(facts, since), *_moved_items(facts, naming, since)]
    return SinceThen(
        since=facts.day(since),
        today=facts.today,
        came=lines_of(facts, naming, came, SHOWN),
        came_count=len(came),
        went=lines_of(facts, naming, went, SHOWN),
        went_count=len(went),
        before_it_hurt=Hurt(facts, naming).resolved(went),
        done=tuple(naming.at(position) for position in done[:SHOWN]),
        done_count=len(done),
        served_count=sum(bool(tracing_of(facts.world).reached(facts.world.rows[each].id)) for each in done),
        scope=tuple(_scopes(facts, naming, since)),
        moved=tuple(moved[:SHOWN]),
        moved_count=len(moved),
    )


def _done(facts: Facts, since: datetime) -> list[int]:
    """Return the positions of what was finished since, the last finished first."""
    found = [
        (item.closed_at, position)
        for position, item in enumerate(facts.world.rows)
        if item.closed_at is not None and not item.is_change and since <= item.closed_at <= facts.given.now
    ]
    return [position for _, position in sorted(found, reverse=True) if not facts.world.is_open(position)]


def _scopes(facts: Facts, naming: Naming, since: datetime) -> Iterator[Scope]:
    """Yield the outcomes to which something came or from which something went."""
    first = facts.day(since)
    for number, outcome in enumerate(facts.outcomes):
        if not is_listed(outcome):
            continue
        is_agreed = bool(additions_of(facts, naming, number)) or _is_agreed(facts, number)
        if is_agreed:
            added = [each for each in additions_of(facts, naming, number) if each.added_on and each.added_on >= first]
        else:
            rows = facts.world.rows
            new = [each for each in work_of(facts, number).counted if since <= rows[each].created_at <= facts.given.now]
            added = [Addition(item=naming.at(each), added_on=facts.day(rows[each].created_at)) for each in new]
        removed = _removed(facts, naming, number, first)
        if added or removed.count:
            yield Scope(
                outcome=outcome_name(outcome),
                added=tuple(added[:SHOWN]),
                added_count=len(added),
                removed=removed,
                is_agreed=is_agreed,
            )


def _is_agreed(facts: Facts, number: int) -> bool:
    return facts.has("scope.added") and isinstance(facts.outcome("scope.baseline_at", number), datetime)


def _removed(facts: Facts, naming: Naming, number: int, first: date) -> Items:
    records, unknown = records_in(facts.outcome("scope.removed", number))
    days = ((record, added_day(facts, getattr(record, "removed_at", None))) for record in records)
    found = [record for record, day in days if day is not None and day >= first]
    return naming.items(found, unknown if facts.has("scope.removed") else "")


def _moved_outcomes(facts: Facts, since: datetime) -> Iterator[Moved]:
    """Yield the outcomes of which a date is another one than it was."""
    for outcome in facts.outcomes:
        before = _stated_at(facts.world.revisions.get(outcome.id, ()), since)
        if before is None:
            continue
        for was, now in ((before.target_date, outcome.target_date), (before.launch.on, outcome.launch.on)):
            if was != now:
                yield Moved(what=(Quote(outcome.title),), before=was, after=now)


def _stated_at(revisions: tuple[OutcomeRevision, ...], at: datetime) -> Outcome | None:
    """Return an outcome as it stood at a moment; None where it did not, or nobody knows."""
    seen = [revision for revision in revisions if revision.seen_at <= at]
    return seen[-1].outcome if seen and not seen[-1].gone else None


def _moved_items(facts: Facts, naming: Naming, since: datetime) -> Iterator[Moved]:
    """Yield the open items of which the due date is another one than it was."""
    rows, histories = facts.world.rows, facts.world.histories
    for position in facts.open_positions:
        item = rows[position]
        if item.updated_at < since:
            continue
        history = histories.get(item.id)
        events = [each for each in history.events if each.field == "due_on" and each.at >= since] if history else []
        if not events or events[0].before == events[-1].after:
            continue
        name = naming.at(position)
        what: Line = (Reference(name.key, url=name.url), *([Quote(f" {name.title}")] if name.title else []))
        if name.is_hidden:
            yield Moved(what=what, is_hidden=True)
        else:
            yield Moved(what=what, before=_date(events[0].before), after=_date(events[-1].after))


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
