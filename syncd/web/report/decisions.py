"""What somebody must decide: who, by when, and on what; what is due first stands first."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date

import msgspec

from syncd.model.comments import Day, Line, Quote, Reference, Text
from syncd.model.findings import About, Subject
from syncd.model.outcomes import Outcome, OutcomeStatus
from syncd.model.snapshots import Forecast
from syncd.web.report.given import Facts, records_in
from syncd.web.report.naming import Naming, anchor_of
from syncd.web.report.nouns import Items

RUNNER = "whoever runs syncd"
_HALF, _REST = 0.5, 0.15


class Decision(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing to decide. ``about``: the outcome, work or plan; ``anchor``: where the page says more of it.

    ``by`` None: nobody said by when. ``owner`` empty: nobody answers for it.
    """

    kind: str
    about: Line
    ask: Line
    owner: str = ""
    by: date | None = None
    is_overdue: bool = False
    items: Items = Items()
    anchor: str = ""


def decisions(facts: Facts, naming: Naming, forecasts: Mapping[str, Forecast]) -> tuple[Decision, ...]:
    """Return everything that somebody must decide."""
    found = [
        *(each for number in range(len(facts.outcomes)) for each in _of_outcome(facts, naming, number, forecasts)),
        *_ambiguous(facts, naming),
        *_contradicted(facts, naming),
        *_rings(facts, naming),
        *_waiting(facts),
    ]
    found = [msgspec.structs.replace(each, is_overdue=each.by is not None and each.by < facts.today) for each in found]
    return tuple(sorted(found, key=lambda each: (each.by is None, each.by or date.max, _KINDS.index(each.kind))))


_KINDS = (
    *("dropped", "passed", "revisit", "late", "maybe_late", "changed", "contradiction", "ambiguous"),
    *("contradicted", "ring", "waiting"),
)


def _of_outcome(facts: Facts, naming: Naming, number: int, forecasts: Mapping[str, Forecast]) -> Iterator[Decision]:
    outcome = facts.outcomes[number]
    yield from _life(facts, naming, number)
    if outcome.is_active and outcome.id in forecasts:
        yield from _late(outcome, forecasts[outcome.id])
    linked, unknown = records_in(facts.outcome("outcome.linked_before_change", number))
    if linked and outcome.is_active:
        ask = "It changed after this open work was linked to it: does the work still serve it?"
        yield _decision("changed", outcome, (Text(ask),), items=naming.items(linked, unknown))
    contradictions, _ = records_in(facts.outcome("outcome.contradictions", number))
    for record in contradictions:
        hidden = naming.is_hidden(getattr(record, "place", None), getattr(record, "restricted", True) is True)
        words = getattr(record, "field", "") if hidden else getattr(record, "title", "")
        ask = "The roadmap and its tracker differ; one of them is to be put right: "
        yield _decision("contradiction", outcome, (Text(ask), Quote(str(words))))


def _life(facts: Facts, naming: Naming, number: int) -> Iterator[Decision]:
    """Yield what an outcome's status, horizon and dates ask."""
    outcome = facts.outcomes[number]
    work, unknown = records_in(facts.outcome("outcome.open_items", number))
    if outcome.status is OutcomeStatus.DROPPED and work:
        ask = "It is dropped, and work for it is open: stop it, or move it to another outcome"
        yield _decision("dropped", outcome, (Text(ask),), by=outcome.decide_by, items=naming.items(work, unknown))
    is_over = outcome.status in (OutcomeStatus.DROPPED, OutcomeStatus.ACHIEVED)
    is_put_off = not is_over and not outcome.is_active
    if is_put_off and outcome.revisit is not None and outcome.revisit <= facts.today:
        ask = "It was put off until this day: take it up, put it off further, or drop it"
        yield _decision("revisit", outcome, (Text(ask),), by=outcome.revisit)
    passed = outcome.target_date
    if outcome.is_active and passed is not None and passed < facts.today and work:
        ask = "Its date has passed and work is open: a new date, less work, or the end"
        yield _decision("passed", outcome, (Text(ask),), by=passed, items=naming.items(work, unknown))


def _late(outcome: Outcome, forecast: Forecast) -> Iterator[Decision]:
    """Yield what a forecast past the target date asks."""
    target = forecast.target_date or outcome.target_date
    if target is None or not forecast.remaining_count:
        return
    risk = forecast.late_probability
    is_likely = risk >= _HALF if risk is not None else _is_past(forecast.p50, target)
    may_be = risk > _REST if risk is not None else _is_past(forecast.p85, target)
    if not (is_likely or may_be):
        return
    ask: list[Text | Day] = [Text(f"At the measured pace it {'will' if is_likely else 'may'} be late")]
    for day, words in ((forecast.p50, "half of the draws are done by"), (forecast.p85, "85 % by")):
        if day is not None:
            ask += [Text(f"{':' if len(ask) == 1 else ','} {words} "), Day(day)]
    if forecast.unknown:
        ask.append(Text(f": {forecast.unknown}"))
    if risk is not None:
        ask.append(Text(f"; {risk:.0%} of the draws miss the date".replace("%", "\N{NO-BREAK SPACE}%")))
    ask.append(Text(". A later date, less work, or more hands"))
    yield _decision("late" if is_likely else "maybe_late", outcome, tuple(ask), by=target)


def _is_past(day: date | None, target: date) -> bool:
    return day is not None and day > target


def _decision(
    kind: str, outcome: Outcome, ask: Line, *, by: date | None = None, items: Items | None = None
) -> Decision:
    return Decision(
        kind=kind,
        about=(Quote(outcome.title),),
        ask=ask,
        owner=outcome.owner.name if outcome.owner else "",
        by=by,
        items=items or Items(),
        anchor=anchor_of(outcome.id),
    )


def _ambiguous(facts: Facts, naming: Naming) -> Iterator[Decision]:
    """Yield, for each set of outcomes that items may serve, the question which of them they do."""
    groups = _by_outcomes(facts, "ambiguous", "trace.outcomes")
    for ids, positions in sorted(groups.items()):
        outcomes = [outcome for outcome in facts.outcomes if outcome.id in ids]
        names: list[Quote | Text] = []
        for outcome in outcomes:
            names += [*([Text(" or ")] if names else []), Quote(outcome.title)]
        targets = [outcome.target_date for outcome in outcomes if outcome.target_date]
        yield Decision(
            kind="ambiguous",
            about=(Text("Work that could serve several outcomes"),),
            ask=(Text("Which of them does it serve: "), *names),
            owner=_owners(outcomes),
            by=min(targets, default=None),
            items=_items(naming, positions),
        )


def _contradicted(facts: Facts, naming: Naming) -> Iterator[Decision]:
    """Yield the items that name another outcome than what is above them, by the outcomes that they name."""
    for ids, positions in sorted(_by_outcomes(facts, "contradicted", "trace.named").items()):
        outcomes = [outcome for outcome in facts.outcomes if outcome.id in ids]
        yield Decision(
            kind="contradicted",
            about=tuple(Quote(outcome.title) for outcome in outcomes[:1]),
            ask=(Text("It is named by work under other outcomes: move the work, or name the outcome of its parent"),),
            owner=_owners(outcomes),
            items=_items(naming, positions),
            anchor=anchor_of(outcomes[0].id) if outcomes else "",
        )


def _by_outcomes(facts: Facts, state: str, fact: str) -> Mapping[tuple[str, ...], list[int]]:
    """Return the open items in a state of trace, by the outcomes that a fact names."""
    found: dict[tuple[str, ...], list[int]] = {}
    for index, value in enumerate(facts.of_open("trace.state")):
        if value == state:
            records, _ = records_in(facts.of_open(fact)[index])
            ids = tuple(sorted(str(getattr(record, "id", "")) for record in records))
            found.setdefault(ids, []).append(facts.open_positions[index])
    return found


def _owners(outcomes: list[Outcome]) -> str:
    return ", ".join(dict.fromkeys(outcome.owner.name for outcome in outcomes if outcome.owner))


def _items(naming: Naming, positions: list[int]) -> Items:
    return Items(shown=tuple(naming.at(position) for position in positions[:8]), count=len(positions))


def _rings(facts: Facts, naming: Naming) -> Iterator[Decision]:
    """Yield the rings of work that waits for itself."""
    for knot in facts.world.knots:
        subject = Subject(About.DEPENDENCY.value, facts.world.rows[knot.ring[0]].id)
        if facts.has("deps.in_cycle") and facts.of("deps.in_cycle", subject) is not True:
            continue
        teams = Counter(naming.at(position).team for position in knot.ring)
        yield Decision(
            kind="ring",
            about=(Text("Work that waits for itself"),),
            ask=(Text("Each waits for the one before, and the first for the last"), *_cut(facts, naming, subject)),
            owner=", ".join(sorted(teams.keys() - {""})),
            items=_items(naming, list(knot.ring)),
        )


def _cut(facts: Facts, naming: Naming, subject: Subject) -> Line:
    """Return which link of a ring to cut."""
    ends, _ = records_in(facts.of("deps.cycle_cut", subject))
    because = facts.of("deps.cycle_cut_because", subject)
    if len(ends) != 2:
        return (Text(": cut one of the links"),)
    blocker, waiting = (naming.record(end) for end in ends)
    why = f" ({because})" if isinstance(because, str) else ""
    return (
        *(Text(": cut the link from "), Reference(blocker.key, url=blocker.url)),
        *(Text(" to "), Reference(waiting.key, url=waiting.url), Text(why)),
    )


def _waiting(facts: Facts) -> Iterator[Decision]:
    """Yield the changes of ours that wait for review."""
    reasons = Counter(each.reason for each in facts.given.waiting)
    for reason, count in sorted(reasons.items()):
        what = "1 change of ours waits" if count == 1 else f"{count:,} changes of ours wait"
        yield Decision(
            kind="waiting",
            about=(Text("What syncd would write"),),
            ask=(Text(f"{what} for review: {reason}"),),
            owner=RUNNER,
        )
