"""What is remembered of judging a workspace: findings, outcomes and their readings, baselines, daily snapshots."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from syncd.model.baselines import Baseline, KeptText
from syncd.model.changes import Change
from syncd.model.findings import Finding, Subject
from syncd.model.outcomes import Outcome, OutcomeRevision, Reading
from syncd.model.snapshots import Snapshot
from syncd.store import baselines, changes, findings, readings, snapshots, texts
from syncd.store.engine import Database


class Remembered:
    """What the next judgment of a workspace must know; threads may share it. Any method may raise StoreError."""

    def __init__(self, database: Database, name: str) -> None:
        self.name = name
        self._database = database

    def findings(self) -> dict[tuple[str, Subject], Finding]:
        """Return every finding, closed ones too, by rule id and subject."""
        with self._database.read() as connection:
            return findings.load_findings(connection, self.name)

    def save_findings(self, found: Iterable[Finding], now: datetime) -> None:
        """Store findings; those that are not named stay as they are."""
        with self._database.write() as connection:
            findings.save_findings(connection, self.name, found, now)

    def outcome_revisions(self) -> tuple[OutcomeRevision, ...]:
        """Return every revision of every outcome, oldest first."""
        with self._database.read() as connection:
            return findings.load_revisions(connection, self.name)

    def revisions(self) -> dict[str, tuple[OutcomeRevision, ...]]:
        """Return the revisions of each outcome, oldest first."""
        found: dict[str, list[OutcomeRevision]] = {}
        for revision in self.outcome_revisions():
            found.setdefault(revision.outcome.id, []).append(revision)
        return {outcome_id: tuple(revisions) for outcome_id, revisions in found.items()}

    def save_outcomes(self, stated: Sequence[Outcome], now: datetime) -> None:
        """Write a revision of each outcome that is new, differs, left the roadmap or came back."""
        with self._database.write() as connection:
            findings.save_outcomes(connection, self.name, stated, now)

    def readings(self) -> dict[tuple[str, str], tuple[Reading, ...]]:
        """Return what `syncd measure` was told, by outcome and measure, oldest first."""
        with self._database.read() as connection:
            return readings.load_readings(connection, self.name)

    def save_reading(self, outcome_id: str, measure_id: str, reading: Reading, now: datetime) -> None:
        """Store what a measure was on a day, in place of what was said of that day before."""
        with self._database.write() as connection:
            readings.save_reading(connection, self.name, outcome_id, measure_id, reading, now)

    def remove_reading(self, outcome_id: str, measure_id: str, on: date) -> bool:
        """Forget what a measure was on a day; return whether there was something to forget."""
        with self._database.write() as connection:
            return readings.remove_reading(connection, self.name, outcome_id, measure_id, on)

    def waiting(self) -> list[tuple[Change, str]]:
        """Return what waits for review, and why."""
        with self._database.read() as connection:
            return findings.load_waiting(connection, self.name)

    def save_waiting(self, changes: Iterable[tuple[Change, str]], now: datetime) -> None:
        """Replace what waits for review."""
        with self._database.write() as connection:
            findings.save_waiting(connection, self.name, changes, now)

    def baselines(self) -> dict[Subject, tuple[Baseline, ...]]:
        """Return what was agreed of each subject, oldest first: the last one counts."""
        with self._database.read() as connection:
            return baselines.load_baselines(connection, self.name)

    def add_baselines(self, taken: Iterable[Baseline]) -> None:
        """Store baselines; one that is there already stays as it is."""
        found = list(taken)
        with self._database.write() as connection:
            baselines.add_baselines(connection, self.name, found)
            changes.note(connection, self.name, [changes.BASELINES] if found else [])

    def texts(self) -> texts.KeptTexts:
        """Return what items said when their work began, each read when it is asked for."""
        return texts.KeptTexts(self._database, self.name)

    def keep_texts(self, kept: Iterable[KeptText]) -> None:
        """Store what items said; an item that has a text keeps it."""
        found = list(kept)
        with self._database.write() as connection:
            texts.keep_texts(connection, self.name, found)
            changes.note(connection, self.name, [each.item for each in found])

    def snapshot(self) -> Snapshot | None:
        """Return the newest daily snapshot."""
        with self._database.read() as connection:
            return snapshots.load_newest(connection, self.name)

    def snapshots(self, since: date) -> tuple[Snapshot, ...]:
        """Return the daily snapshots of a day and after, oldest first, without what only the newest holds."""
        with self._database.read() as connection:
            return snapshots.load_since(connection, self.name, since)

    def save_snapshot(self, snapshot: Snapshot) -> None:
        """Store a day's snapshot; a day that has one keeps it."""
        with self._database.write() as connection:
            snapshots.save_snapshot(connection, self.name, snapshot)
