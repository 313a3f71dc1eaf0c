"""How the work of outcomes stands beside what was agreed, in items."""

from collections import Counter
from collections.abc import Mapping

from rules.facts.fact import FactContext
from rules.facts.outcomes.serving import serving_of
from rules.scope.causes import Causes
from rules.scope.drift import Drift, drifts_of
from rules.subjects import outcome_subject
from syncd.model.snapshots import Counts


def counts(context: FactContext) -> Mapping[str, Counts]:
    """Return the counts of each outcome, by its id; none of one whose work can't be counted, as a place is dark.

    Where there is a baseline, ``item_count`` is what it counts, less what was removed, and what was added.
    """
    found: dict[str, Counts] = {}
    for number, outcome in enumerate(context.world.roadmap.outcomes):
        work = serving_of(context).work(number)
        if work.dark is not None:
            continue
        drift = drifts_of(context).of(outcome_subject(outcome.id))
        if drift is None:
            done = sum(not context.world.is_open(each) for each in work.counted)
            found[outcome.id] = Counts(item_count=len(work.counted), done_count=done)
        else:
            found[outcome.id] = _beside(context, drift)
    return found


def _beside(context: FactContext, drift: Drift) -> Counts:
    causes = Causes(context, drift)
    by_cause = Counter(causes.cause(each) for each in drift.added)
    return Counts(
        item_count=drift.item_count,
        done_count=drift.done_count,
        baseline_count=len(drift.baseline.counted),
        added_count=len(drift.added),
        removed_count=len(drift.removed),
        added_by_cause=dict(sorted(by_cause.items())),
        larger_count=len(drift.upward),
    )
