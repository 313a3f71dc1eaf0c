"""From one planning period to the next: what is carried over, what leaves, what comes, and the edits that say so."""

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta

import msgspec

from rules.facts.table import FactTable
from rules.facts.vocabulary import all_facts
from rules.language.calendar import Calendar
from rules.roadmap.loader import Exemption, Roadmap
from rules.world import World
from syncd.complaints import did_you_mean
from syncd.document_edits import Edit, scalar
from syncd.documents import Document
from syncd.model.errors import ConfigError
from syncd.model.findings import About, Subject
from syncd.model.identity import ItemId
from syncd.model.outcomes import Horizon, Outcome, OutcomeStatus, Period
from syncd.model.truth import Unknown

_OVER = (OutcomeStatus.ACHIEVED, OutcomeStatus.DROPPED)
_YEAR = re.compile(
    r"(?P<year>2[0-9]{3})(?:-?(?:Q(?P<quarter>[1-4])|H(?P<half>[12])|(?P<month>0[1-9]|1[0-2])))?\Z", re.I
)


class Rollover(msgspec.Struct, frozen=True, kw_only=True):
    """What a new period means for every outcome; ``before`` None: the roadmap had no period.

    ``carried`` stay in ``now`` without being achieved, ``leaving`` are achieved or dropped, ``promoted`` come into
    ``now``, ``candidates`` could. ``to_review`` are not worked on and fall due for a look until the period ends.
    ``ending`` are exemptions that end before the period does.
    """

    before: Period | None
    after: Period
    carried: tuple[Outcome, ...]
    leaving: tuple[Outcome, ...]
    promoted: tuple[Outcome, ...]
    candidates: tuple[Outcome, ...]
    to_review: tuple[Outcome, ...]
    ending: tuple[Exemption, ...]
    warnings: tuple[str, ...] = ()


def period_named(name: str, starts_on: date | None, ends_on: date | None) -> Period:
    """Return a period from its name, such as 2027-Q1, 2027-H1, 2027-03 or 2027, and the days that were given.

    Raises:
        ConfigError: the name says no days and they are not given, or it would end before it begins.
    """
    found = _days(name)
    if starts_on is None or ends_on is None:
        if found is None:
            raise ConfigError(f"'{name}' does not say its days as 2027-Q1 does; say them: --from DATE --to DATE")
        starts_on, ends_on = starts_on or found[0], ends_on or found[1]
    if ends_on < starts_on:
        raise ConfigError(f"the period would end on {ends_on}, before it begins on {starts_on}")
    return Period(id=name, starts_on=starts_on, ends_on=ends_on)


def _days(name: str) -> tuple[date, date] | None:
    found = _YEAR.match(name)
    if found is None:
        return None
    first, months = 1, 12
    if found["quarter"]:
        first, months = 3 * int(found["quarter"]) - 2, 3
    elif found["half"]:
        first, months = 6 * int(found["half"]) - 5, 6
    elif found["month"]:
        first, months = int(found["month"]), 1
    year, next_first = int(found["year"]), first + months
    end = date(year + 1, 1, 1) if next_first > 12 else date(year, next_first, 1)
    return date(year, first, 1), end - timedelta(days=1)


def roll_over(roadmap: Roadmap, after: Period, promote: Collection[str]) -> Rollover:
    """Return what a new period means for the outcomes of a roadmap; ``promote`` are ids that come into ``now``.

    Raises:
        ConfigError: the period is there already or overlaps, or what should be promoted can't be.
    """
    before = roadmap.period
    if before is not None and before.id == after.id:
        raise ConfigError(f"the roadmap's period is '{after.id}' already")
    if before is not None and after.starts_on <= before.ends_on:
        raise ConfigError(f"'{after.id}' would begin on {after.starts_on}, and '{before.id}' ends on {before.ends_on}")
    promoted = [_promoted(name, roadmap.outcomes) for name in dict.fromkeys(promote)]
    known = [outcome for outcome in roadmap.outcomes if not (outcome.split_into or outcome.merged_into)]
    live = [outcome for outcome in known if outcome.status not in _OVER]
    return Rollover(
        before=before,
        after=after,
        carried=tuple(outcome for outcome in live if outcome.horizon is Horizon.NOW),
        leaving=tuple(outcome for outcome in known if outcome.status in _OVER and _is_of(outcome, before)),
        promoted=tuple(promoted),
        candidates=tuple(each for each in live if each.horizon is Horizon.NEXT and each not in promoted),
        to_review=tuple(each for each in live if _rests(each) and each.revisit and each.revisit <= after.ends_on),
        ending=tuple(each for each in roadmap.exempt if each.until is not None and each.until < after.ends_on),
        warnings=tuple(_warnings(before, after)),
    )


def _warnings(before: Period | None, after: Period) -> Iterator[str]:
    gap = after.starts_on - before.ends_on - timedelta(days=1) if before is not None else timedelta(0)
    if before is not None and gap:
        days = f"{gap.days} days" if gap.days > 1 else "a day"
        yield f"{days} between {before.ends_on}, when {before.id} ends, and {after.starts_on} are of no period"


def _is_of(outcome: Outcome, period: Period | None) -> bool:
    return period is None or outcome.period in ("", period.id)


def _rests(outcome: Outcome) -> bool:
    return outcome.horizon is Horizon.NOT_NOW or outcome.status is OutcomeStatus.PAUSED


def _promoted(name: str, outcomes: Sequence[Outcome]) -> Outcome:
    found = next((each for each in outcomes if each.id.casefold() == name.casefold()), None)
    if found is None:
        near = did_you_mean(name, [each.id for each in outcomes])
        raise ConfigError(f"--promote: no outcome '{name}' on the roadmap.{near}")
    why_not = ""
    if found.status in _OVER:
        why_not = f"is {found.status.value}"
    elif found.horizon is Horizon.NOW:
        why_not = "is in now already"
    elif found.horizon is Horizon.NOT_NOW or found.status is OutcomeStatus.PAUSED:
        word = "not_now" if found.horizon is Horizon.NOT_NOW else "paused"
        why_not = f"is {word}, with a reason; change it in {found.stated_in}"
    if why_not:
        raise ConfigError(f"--promote: '{found.id}' {why_not}")
    return found


def edits_of(rollover: Rollover, roadmap: Roadmap, documents: Sequence[Document]) -> list[Edit]:
    """Return the edits of the roadmap's files that say what a rollover means.

    Raises:
        ConfigError: an outcome that should be promoted lives in a tracker.
    """
    edits = list(_period_edits(rollover, documents))
    places = _places(documents)
    before = rollover.before
    for outcome in rollover.promoted:
        if outcome.id not in places:
            raise ConfigError(f"--promote: '{outcome.id}' lives in a tracker, {outcome.stated_in}; start it there")
    promoted = {outcome.id for outcome in rollover.promoted}
    leaving = {outcome.id for outcome in rollover.leaving}
    coming = promoted | {outcome.id for outcome in rollover.carried}
    for outcome in roadmap.outcomes:
        if outcome.id not in places:
            continue
        document, index = places[outcome.id]
        keys = roadmap.stated.get(outcome.id, frozenset())
        if outcome.id in promoted:
            loc = ("outcomes", index, "horizon")
            edits.append(_edit(document, loc, f"{outcome.id}: horizon", outcome.horizon.value, Horizon.NOW.value))
        if before is None or outcome.id not in (coming | leaving):
            continue
        loc = ("outcomes", index, "period")
        if outcome.id in leaving and "period" not in keys:
            edits.append(_edit(document, loc, f"{outcome.id}: period", "", before.id))
        elif outcome.id in coming and "period" in keys and outcome.period == before.id:
            edits.append(_edit(document, loc, f"{outcome.id}: period", before.id, rollover.after.id))
    return edits


def _period_edits(rollover: Rollover, documents: Sequence[Document]) -> Iterator[Edit]:
    before, after = rollover.before, rollover.after
    document = next((each for each in documents if "period" in each.data), None)
    if before is None or document is None:
        if not documents:
            raise ConfigError("there is no roadmap.yaml to change")
        days = f"from: {after.starts_on}, to: {after.ends_on}"
        yield _edit(documents[0], ("period",), "period", "", f"{{id: {scalar(after.id)}, {days}}}")
        return
    for key, old, new in (
        ("id", before.id, after.id),
        ("from", str(before.starts_on), str(after.starts_on)),
        ("to", str(before.ends_on), str(after.ends_on)),
    ):
        yield _edit(document, ("period", key), f"period: {key}", old, new)


def _edit(document: Document, loc: tuple[str | int, ...], what: str, before: str, after: str) -> Edit:
    return Edit(file=document.name, loc=loc, what=what, before=before, after=after)


def _places(documents: Sequence[Document]) -> dict[str, tuple[Document, int]]:
    """Return where each outcome stands, by its id."""
    found: dict[str, tuple[Document, int]] = {}
    for document in documents:
        written = document.data.get("outcomes")
        for index in range(len(written) if isinstance(written, list) else 0):
            outcome_id = document.source(("outcomes", index, "id"))
            if outcome_id is not None:
                found[outcome_id] = (document, index)
    return found


def open_work(world: World, now: datetime, calendar: Calendar) -> dict[str, int]:
    """Return how many open items are known to serve each outcome, by its id, as ``outcome.open_items`` has them."""
    outcomes = world.roadmap.outcomes
    subjects = [Subject(About.OUTCOME.value, ItemId("", outcome.id)) for outcome in outcomes]
    table = FactTable(
        {fact.name: fact for fact in all_facts()}, world=world, subjects=subjects, now=now, calendar=calendar
    )
    column = table.column("outcome.open_items")
    return {
        outcome.id: sum(not isinstance(each, Unknown) for each in found)
        for outcome, found in zip(outcomes, column, strict=True)
        if isinstance(found, tuple)
    }
