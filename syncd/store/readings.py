"""Readings of measures that people told us, by outcome and measure; the newest word on a day counts."""

from datetime import date, datetime

from sqlalchemy import Connection, delete, select

from syncd.model.outcomes import Reading
from syncd.store.rows import all_of
from syncd.store.tables import readings
from syncd.store.times import micros
from syncd.store.upsert import Upsert, bulk_upsert

READINGS = Upsert(table=readings)


def save_reading(
    connection: Connection, workspace_id: str, outcome_id: str, measure_id: str, reading: Reading, now: datetime
) -> None:
    """Store what a measure was on a day, in place of what was said of that day before."""
    row = (workspace_id, outcome_id, measure_id, reading.on.isoformat(), reading.value, micros(now))
    bulk_upsert(connection, READINGS, [row])


def remove_reading(connection: Connection, workspace_id: str, outcome_id: str, measure_id: str, on: date) -> bool:
    """Forget what a measure was on a day; return whether there was something to forget."""
    key = (workspace_id, outcome_id, measure_id, on.isoformat())
    return connection.execute(delete(readings).where(*all_of(readings, *key))).rowcount > 0


def load_readings(connection: Connection, workspace_id: str) -> dict[tuple[str, str], tuple[Reading, ...]]:
    """Return every reading by outcome and measure, oldest first."""
    rows = connection.execute(
        select(readings).where(*all_of(readings, workspace_id)).order_by(*readings.primary_key.columns)
    )
    found: dict[tuple[str, str], list[Reading]] = {}
    for row in rows:
        reading = Reading(date.fromisoformat(row.day), row.value)
        found.setdefault((row.outcome_id, row.measure_id), []).append(reading)
    return {key: tuple(each) for key, each in found.items()}
