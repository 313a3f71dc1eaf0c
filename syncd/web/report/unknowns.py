"""What is not known, and why: places that can't be read, facts without an answer, histories and forecasts missing."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from syncd.model.identity import PlaceId
from syncd.model.items import PlaceState
from syncd.model.snapshots import Forecast
from syncd.model.truth import Unknown
from syncd.web.report.given import Facts, HistoryProgress, SetAside
from syncd.web.report.naming import outcome_name
from syncd.web.report.nouns import Count, OutcomeName
from syncd.web.report.outcomes import pace_of

REASONS = 6
UNTOLD = 5
_ASKED = (
    ("trace.state", "which outcome it serves"),
    ("item.in_play", "whether it is in play"),
    ("item.needed_by", "by when it is needed"),
    ("item.expected_at", "when it is expected"),
    ("deps.open_blockers", "what blocks it"),
)


class Source(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A tracker, and when its places were read last: the one that was read longest ago, and the newest.

    ``problems``: (place, why it can't be judged now); ``never_count`` of its places were never read.
    """

    tracker: str
    place_count: int
    oldest: datetime | None = None
    newest: datetime | None = None
    never_count: int = 0
    problems: tuple[tuple[str, str], ...] = ()


class NotKnown(msgspec.Struct, frozen=True, kw_only=True):
    """Of ``count`` open items (or pairs of rule and subject) a question has no answer, for ``reasons``."""

    question: str
    count: int
    reasons: tuple[Count, ...]
    more_reasons: int = 0


class NoForecast(msgspec.Struct, frozen=True, kw_only=True):
    """An outcome without a forecast, and why; ``needed_count`` more finished items would do, 0: it is not that."""

    outcome: OutcomeName
    why: str
    needed_count: int = 0


class Unknowns(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All that the report can't say."""

    questions: tuple[NotKnown, ...] = ()
    rules: tuple[Count, ...] = ()
    forecasts: tuple[NoForecast, ...] = ()
    not_agreed: tuple[OutcomeName, ...] = ()
    histories: tuple[HistoryProgress, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    set_aside_count: int = 0

    @property
    def is_empty(self) -> bool:
        """Say whether everything is known."""
        return self == Unknowns()


def sources(facts: Facts) -> tuple[Source, ...]:
    """Return every tracker with when it was read, by name."""
    by_tracker: dict[str, list[PlaceId]] = {}
    for place in facts.world.given.places:
        by_tracker.setdefault(place.tracker, []).append(place)
    return tuple(_source(facts, tracker, places) for tracker, places in sorted(by_tracker.items()))


def _source(facts: Facts, tracker: str, places: Sequence[PlaceId]) -> Source:
    known: Mapping[PlaceId, PlaceState] = facts.world.given.states
    read = [at for place in places if place in known and (at := known[place].read_at) is not None]
    darks = [(place.key, dark.reason) for place in sorted(places) if (dark := facts.world.is_dark(place)) is not None]
    return Source(
        tracker=tracker,
        place_count=len(places),
        oldest=min(read, default=None),
        newest=max(read, default=None),
        never_count=len(places) - len(read),
        problems=tuple(darks),
    )


def unknowns(facts: Facts, forecasts: Mapping[str, Forecast]) -> Unknowns:
    """Return all that the report can't say."""
    active = [(number, outcome) for number, outcome in enumerate(facts.outcomes) if outcome.is_active]
    aside = facts.given.set_aside
    histories = (each for each in facts.given.histories if each.known_count < each.item_count or each.untold)
    return Unknowns(
        questions=tuple(_questions(facts)),
        rules=tuple(_rules(facts)),
        forecasts=tuple(
            NoForecast(outcome=outcome_name(outcome), why=pace.unknown, needed_count=pace.needed_count)
            for number, outcome in active
            if (pace := pace_of(outcome, forecasts)).unknown and _has_open_work(facts, number, pace)
        ),
        not_agreed=tuple(outcome_name(outcome) for number, outcome in active if facts.agreed(number) is None),
        histories=tuple(msgspec.structs.replace(each, untold=each.untold[:UNTOLD]) for each in histories),
        set_aside=aside[:UNTOLD],
        set_aside_count=len(aside),
    )


def _has_open_work(facts: Facts, number: int, pace: Forecast) -> bool:
    """Say whether a forecast is missed: without open work there is nothing to forecast."""
    work = facts.outcome("outcome.open_items", number)
    return bool(pace.needed_count) or not isinstance(work, tuple) or bool(work)


def _questions(facts: Facts) -> Iterator[NotKnown]:
    """Yield what can't be told of open items, with the reasons."""
    for name, question in _ASKED:
        if not facts.has(name):
            continue
        reasons = Counter(_reason(value) for value in facts.of_open(name))
        del reasons[""]
        if reasons:
            yield _not_known(question, reasons)


def _reason(value: object) -> str:
    last = value[-1] if isinstance(value, tuple) and value else value
    return last.reason if isinstance(last, Unknown) else ""


def _not_known(question: str, reasons: Mapping[str, int]) -> NotKnown:
    ordered = sorted(reasons.items(), key=lambda each: (-each[1], each[0]))
    return NotKnown(
        question=question,
        count=sum(reasons.values()),
        reasons=tuple(Count(name=name, count=count) for name, count in ordered[:REASONS]),
        more_reasons=max(0, len(ordered) - REASONS),
    )


def _rules(facts: Facts) -> Iterator[Count]:
    """Yield the rules that could not be judged, with of how many subjects."""
    counts = Counter(rule_id for rule_id, _ in facts.given.unknown)
    yield from (
        Count(name=name, count=count) for name, count in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    )
