"""What a rollover means, as lines for a terminal or as JSON."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from syncd.cli.text import counted, plain
from syncd.model.findings import FindingState

if TYPE_CHECKING:
    from syncd.document_edits import Edit
    from syncd.model.outcomes import Outcome
    from syncd.planner.reconcile import Reconciled
    from syncd.rollover import Rollover

SHOWN = 20
"""So many outcomes of a list are shown; --json has them all."""


class Effects:
    """What two roadmaps make of the same items: findings and changes, by rule."""

    def __init__(self, before: "Reconciled", after: "Reconciled") -> None:
        old, new = _holding(before), _holding(after)
        self.added = Counter(rule for rule, _ in new - old)
        self.resolved = Counter(rule for rule, _ in old - new)
        self.planned = _changes(after)
        self.planned_before = _changes(before)

    @property
    def rules(self) -> list[str]:
        """Return the rules for which something changes."""
        differ = {r for r in {*self.planned, *self.planned_before} if self.planned[r] != self.planned_before[r]}
        return sorted({*self.added, *self.resolved, *differ})

    def document(self) -> dict[str, object]:
        """Return everything for a machine to read."""
        return {
            rule: {
                "added": self.added[rule],
                "resolved": self.resolved[rule],
                "changes": self.planned[rule],
                "changes_before": self.planned_before[rule],
            }
            for rule in self.rules
        }

    def lines(self) -> Iterator[str]:
        """Yield everything for a person to read."""
        yield ""
        if not self.rules:
            yield "No finding comes or goes by it, and no other write would be planned."
            return
        yield "What it changes, judged on what was read last:"
        width = max(len(rule) for rule in self.rules)
        for rule in self.rules:
            parts = [f"+{self.added[rule]:,} found"] if self.added[rule] else []
            parts += [f"-{self.resolved[rule]:,} resolved"] if self.resolved[rule] else []
            if self.planned[rule] != self.planned_before[rule]:
                was = f", {self.planned_before[rule]:,} without it" if self.planned_before[rule] else ""
                parts.append(f"{counted(self.planned[rule], 'write')} planned{was}")
            yield f"  {rule:{width}}  {', '.join(parts)}"


def _holding(reconciled: "Reconciled") -> set[tuple[str, str]]:
    states = (FindingState.PENDING, FindingState.OPEN)
    return {(each.rule_id, str(each.subject)) for each in reconciled.findings if each.state in states}


def _changes(reconciled: "Reconciled") -> Counter[str]:
    return Counter(rule for change in reconciled.plan.changes for rule in change.rule_ids)


class RolloverText:
    """A rollover for a person or a machine to read; ``work``: open items by outcome, empty where nothing was read."""

    def __init__(
        self, rolled: "Rollover", work: Mapping[str, int], effects: Effects | None, edits: "Sequence[Edit]"
    ) -> None:
        self._rolled = rolled
        self._work = work
        self._effects = effects
        self._edits = edits

    def document(self) -> dict[str, object]:
        """Return everything for a machine to read."""
        rolled = self._rolled
        return {
            "before": rolled.before,
            "after": rolled.after,
            "carried": self._rows(rolled.carried),
            "leaving": self._rows(rolled.leaving),
            "promoted": self._rows(rolled.promoted),
            "candidates": self._rows(rolled.candidates),
            "to_review": self._rows(rolled.to_review),
            "exemptions_ending": [{"reason": each.reason, "until": each.until} for each in rolled.ending],
            "warnings": rolled.warnings,
            "effects": self._effects.document() if self._effects is not None else None,
            "edits": [{"file": e.file, "what": e.what, "before": e.before, "after": e.after} for e in self._edits],
        }

    def _rows(self, outcomes: "Sequence[Outcome]") -> list[dict[str, object]]:
        return [
            {
                "id": each.id,
                "title": each.title,
                "status": each.status.value,
                "horizon": each.horizon.value,
                "open_items": self._work.get(each.id) if self._work else None,
            }
            for each in outcomes
        ]

    def lines(self) -> Iterator[str]:
        """Yield everything for a person to read."""
        rolled = self._rolled
        before = f"{rolled.before.id} (to {rolled.before.ends_on})" if rolled.before else "no period"
        yield f"From {before} to {rolled.after.id} ({rolled.after.starts_on} to {rolled.after.ends_on})."
        yield from (f"Note: {warning}." for warning in rolled.warnings)
        for title, outcomes in (
            ("Carried over: in now, and not achieved", rolled.carried),
            ("Comes into now", rolled.promoted),
            ("Leaves: its work is over", rolled.leaving),
            ("Could come into now: next, with --promote ID", rolled.candidates),
            ("To look at again before the period ends", rolled.to_review),
        ):
            yield from self._outcome_lines(title, outcomes)
        if rolled.ending:
            yield ""
            yield "Exemptions that end before the period does:"
            yield from (f"  until {each.until}: {plain(each.reason, 100)}" for each in rolled.ending)
        if self._effects is not None:
            yield from self._effects.lines()
        else:
            yield ""
            yield "Nothing was read from the trackers yet: open work and writes are not known (`syncd plan` reads)."
        yield ""
        yield "Edits:"
        yield from (f"  {e.file}  {e.what}: {f'{e.before} → ' if e.before else ''}{e.after}" for e in self._edits)

    def _outcome_lines(self, title: str, outcomes: "Sequence[Outcome]") -> Iterator[str]:
        if not outcomes:
            return
        yield ""
        yield f"{title} ({len(outcomes)}):"
        width = max(len(each.id) for each in outcomes[:SHOWN])
        for each in outcomes[:SHOWN]:
            yield f"  {each.id:{width}}  {plain(each.title, 70)}{self._details(each)}"
        if len(outcomes) > SHOWN:
            yield f"  … and {len(outcomes) - SHOWN} more; --json lists them all"

    def _details(self, outcome: "Outcome") -> str:
        parts = [outcome.status.value] if outcome.status.value != "active" else []
        parts += [counted(self._work[outcome.id], "open item")] if self._work.get(outcome.id) is not None else []
        due = outcome.target_date or outcome.launch.on
        if due is not None and due < self._rolled.after.starts_on and outcome not in self._rolled.leaving:
            parts.append(f"due {due}")
        if outcome.revisit is not None:
            parts.append(f"revisit {outcome.revisit}")
        return f" ({', '.join(parts)})" if parts else ""
