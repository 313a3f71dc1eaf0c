"""What was agreed of each subject; a row is written once and never changed."""

from collections.abc import Iterable

import msgspec
from sqlalchemy import Connection, select

from syncd.model.baselines import Baseline
from syncd.model.findings import Subject
from syncd.store.codec import encode
from syncd.store.rows import all_of
from syncd.store.tables import baselines
from syncd.store.times import micros
from syncd.store.upsert import Upsert, bulk_upsert

BASELINES = Upsert(table=baselines, kept=("body",))
_baseline = msgspec.json.Decoder(Baseline).decode


def add_baselines(connection: Connection, workspace_id: str, taken: Iterable[Baseline]) -> None:
    """Store baselines; one of the same subject and instant stays as it is."""
    rows = [(workspace_id, str(each.of), micros(each.at), encode(each)) for each in taken]
    bulk_upsert(connection, BASELINES, rows)


def load_baselines(connection: Connection, workspace_id: str) -> dict[Subject, tuple[Baseline, ...]]:
    """Return the baselines of each subject, oldest first."""
    found: dict[Subject, list[Baseline]] = {}
    statement = select(baselines.c.body).where(*all_of(baselines, workspace_id))
    for body in connection.scalars(statement.order_by(baselines.c.subject, baselines.c.at)):
        baseline = _baseline(body)
        found.setdefault(baseline.of, []).append(baseline)
    return {of: tuple(each) for of, each in found.items()}
