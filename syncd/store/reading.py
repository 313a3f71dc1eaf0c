"""The rest of a page: containers, problems, the state of places, the cursor; and saving all of it at once."""

from collections.abc import Iterable, Mapping

import msgspec
from sqlalchemy import Connection, delete, select

from syncd.model.identity import ContainerId, ItemId, PlaceId
from syncd.model.items import Audience, Container, PlaceState
from syncd.model.reading import Capabilities, Cursor, Page, Problem
from syncd.store.codec import digest, encode
from syncd.store.items import observed_at_of, save_items
from syncd.store.ownership import forget_absences
from syncd.store.rows import all_of, bodies
from syncd.store.tables import containers, cursors, places, problems
from syncd.store.times import instant, micros
from syncd.store.upsert import Upsert, bulk_upsert

CONTAINERS = Upsert(table=containers, newer=("observed_at", "hash"))
PROBLEMS = Upsert(table=problems, newer=("seen_at",))
PLACES = Upsert(table=places)
CURSORS = Upsert(table=cursors)
_container = msgspec.json.Decoder(Container).decode
_problem = msgspec.json.Decoder(Problem).decode
_audience = msgspec.json.Decoder(Audience).decode


class Saved(msgspec.Struct, frozen=True):
    """What a page changed: items that are new, differ, or are there again."""

    changed: tuple[ItemId, ...]


def save_page(connection: Connection, workspace_id: str, tracker: str, page: Page) -> Saved:
    """Save one page of a poll; the cursor moves with it or not at all."""
    changed = save_items(connection, workspace_id, tracker, page.items, page.observed_at)
    forget_absences(connection, workspace_id, page.items, page.observed_at)
    seen_at = micros(page.observed_at)
    rows = []
    for container in page.containers:
        body = encode(container)
        of = container.id
        rows.append((workspace_id, of.tracker, of.kind, of.native_id, seen_at, digest(body), body))
    bulk_upsert(connection, CONTAINERS, rows)
    _clear_problems(connection, workspace_id, tracker, page)
    _save_problems(connection, workspace_id, tracker, page.problems)
    _save_places(connection, workspace_id, tracker, page)
    if page.cursor is not None:
        bulk_upsert(connection, CURSORS, [(workspace_id, tracker, page.cursor.state)])
    return Saved(changed)


def _clear_problems(connection: Connection, workspace_id: str, tracker: str, page: Page) -> None:
    """Forget the problems of items that were read well since."""
    read = {item.id.native_id for item in page.items}
    rows = connection.execute(
        select(problems.c.native_id).where(
            *all_of(problems, workspace_id, tracker), problems.c.seen_at <= micros(page.observed_at)
        )
    )
    cleared = [native_id for (native_id,) in rows if native_id in read]
    if cleared:
        connection.execute(
            delete(problems).where(*all_of(problems, workspace_id, tracker), problems.c.native_id.in_(cleared))
        )


def _save_problems(connection: Connection, workspace_id: str, tracker: str, found: tuple[Problem, ...]) -> None:
    seen = {problem.handle.id.native_id: micros(problem.seen_at) for problem in found}
    read_at = observed_at_of(connection, workspace_id, tracker, list(seen))
    bulk_upsert(
        connection,
        PROBLEMS,
        [
            (workspace_id, tracker, native_id, seen[native_id], encode(problem))
            for problem in found
            if read_at.get(native_id := problem.handle.id.native_id, 0) < seen[native_id]
        ],
    )


def _save_places(connection: Connection, workspace_id: str, tracker: str, page: Page) -> None:
    if not (page.read_places or page.imported_places or page.failures):
        return
    states = load_places(connection, workspace_id)
    at = page.observed_at
    for place in page.read_places:
        state = states.get(place, PlaceState(id=place))
        read_at = at if state.read_at is None else max(at, state.read_at)
        states[place] = msgspec.structs.replace(state, read_at=read_at, error="")
    for place in page.imported_places:
        state = states.get(place, PlaceState(id=place))
        states[place] = msgspec.structs.replace(state, imported_at=state.imported_at or at)
    for failure in page.failures:
        state = states.get(failure.place, PlaceState(id=failure.place))
        states[failure.place] = msgspec.structs.replace(state, error=failure.error)
    named = {*page.read_places, *page.imported_places, *(failure.place for failure in page.failures)}
    save_places(connection, workspace_id, [states[place] for place in sorted(named)])


def save_places(connection: Connection, workspace_id: str, states: Iterable[PlaceState]) -> None:
    """Store the states of places as they are given."""
    rows = [
        (
            *(workspace_id, state.id.tracker, state.id.key),
            *(micros(state.imported_at), micros(state.read_at), micros(state.census_at)),
            *(None if state.audience is None else encode(state.audience), state.error),
        )
        for state in states
    ]
    bulk_upsert(connection, PLACES, rows)


def load_places(connection: Connection, workspace_id: str) -> dict[PlaceId, PlaceState]:
    """Return what is known of our reading of every place."""
    found = {}
    for row in connection.execute(select(places).where(*all_of(places, workspace_id))):
        place = PlaceId(row.tracker, row.key)
        found[place] = PlaceState(
            id=place,
            imported_at=instant(row.imported_at),
            read_at=instant(row.read_at),
            census_at=instant(row.census_at),
            audience=None if row.audience is None else _audience(row.audience),
            error=row.error,
        )
    return found


def save_audiences(connection: Connection, workspace_id: str, audiences: Mapping[PlaceId, Audience]) -> None:
    """Store who reads the places, as their trackers tell it."""
    states = load_places(connection, workspace_id)
    save_places(
        connection,
        workspace_id,
        [
            msgspec.structs.replace(states.get(place, PlaceState(id=place)), audience=audience)
            for place, audience in audiences.items()
        ],
    )


def audiences_of(capabilities: Capabilities) -> dict[PlaceId, Audience]:
    """Return the audiences that a probe was told; a place that tells nothing keeps what was known."""
    return {report.id: report.audience for report in capabilities.places if report.audience is not None}


def load_containers(connection: Connection, workspace_id: str) -> dict[ContainerId, Container]:
    """Return every milestone, version and sprint."""
    found = [_container(body) for body in bodies(connection, containers, workspace_id)]
    return {container.id: container for container in found}


def load_problems(connection: Connection, workspace_id: str) -> tuple[Problem, ...]:
    """Return the items that were set aside."""
    return tuple(_problem(body) for body in bodies(connection, problems, workspace_id))


def load_cursor(connection: Connection, workspace_id: str, tracker: str) -> Cursor | None:
    """Return where a poll goes on."""
    state = connection.scalar(select(cursors.c.state).where(*all_of(cursors, workspace_id, tracker)))
    return None if state is None else Cursor(tracker, state)
