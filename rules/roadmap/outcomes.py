"""From an outcome as an admin writes it to the noun."""

from collections.abc import Sequence

from rules.roadmap.texts import LaunchText, MeasureText, OutcomeText, Owner, PeriodText, TrackedInText
from rules.roadmap.words import item_ref, milestone_name
from syncd.model.items import Person
from syncd.model.outcomes import Horizon, Launch, Measure, Outcome, OutcomeStatus, Period, Reading, TrackedIn

Accounts = tuple[tuple[str, str], ...]


def period_of(text: PeriodText | None) -> Period | None:
    """Return the planning period."""
    return Period(id=text.id, starts_on=text.from_, ends_on=text.to) if text else None


def outcome_of(
    text: OutcomeText,
    *,
    stated_in: str,
    measures: Sequence[Measure],
    owner: Owner | None = None,
    period: Period | None = None,
) -> Outcome:
    """Return an outcome; ``owner`` and ``period`` are its file's and its roadmap's, where it states none itself."""
    person, accounts = _owner(text.owner or owner)
    status, reason = _status(text)
    return Outcome(
        id=text.id,
        title=text.title,
        why=text.why,
        horizon=Horizon(text.horizon),
        status=status,
        reason=reason,
        revisit=text.revisit,
        period=text.period or (period.id if period else ""),
        owner=person,
        accounts=accounts,
        target_date=text.target_date,
        measures=tuple(measures),
        tracked_in=_tracked_in(text.tracked_in),
        launch=_launch(text.launch),
        was=tuple(text.was),
        split_into=tuple(text.split_into),
        merged_into=text.merged_into or "",
        decide_by=text.decide_by,
        depends_on=tuple(text.depends_on),
        revision=text.revision,
        stated_in=stated_in,
        visibility=text.visibility,
    )


def measure_of(text: MeasureText) -> Measure:
    """Return a measure with the readings that stand in the same file."""
    readings = () if isinstance(text.readings, str) else tuple(Reading(each.on, each.value) for each in text.readings)
    return Measure(
        id=text.id, name=text.name, unit=text.unit, baseline=text.baseline, target=text.target, readings=readings
    )


def _status(text: OutcomeText) -> tuple[OutcomeStatus, str]:
    """Return status and reason: what was split or merged is not worked on, whatever it leaves out."""
    if text.is_succeeded and "status" not in text.model_fields_set:
        heirs = text.split_into or [text.merged_into or ""]
        return OutcomeStatus.DROPPED, text.reason or f"It lives on in {' and '.join(heirs)}."
    return OutcomeStatus(text.status), text.reason


def _owner(written: Owner | None) -> tuple[Person | None, Accounts]:
    if written is None:
        return None, ()
    if isinstance(written, str):
        return Person(written), ()
    return Person(written.name), tuple(sorted(written.accounts.items()))


def _tracked_in(text: TrackedInText) -> TrackedIn:
    return TrackedIn(
        items=tuple(item_ref(each) for each in text.items),
        milestones=tuple(milestone_name(each) for each in text.milestones),
        labels=tuple(text.labels),
    )


def _launch(text: LaunchText | None) -> Launch:
    if text is None:
        return Launch()
    return Launch(on=text.on, gates=tuple((name, item_ref(item)) for name, item in sorted(text.gates.items())))
