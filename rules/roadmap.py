"""The roadmap an admin writes: outcomes, the period, standing and exempt work; several files are one roadmap."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

import msgspec

from rules.facts.fields import FIELD_FACTS
from rules.language.calendar import Calendar
from rules.language.conditions import Condition
from rules.language.parser import WORDS_WITHOUT_SETS, fact_names, parse_condition
from rules.language.values import Reader
from rules.roadmap_texts import (
    ExemptText,
    LaunchText,
    OutcomeText,
    PeriodText,
    RoadmapText,
    StandingText,
    TrackedInText,
    item_ref,
    milestone_name,
)
from syncd.complaints import did_you_mean, one_of
from syncd.documents import Document, Loc, validate
from syncd.model.errors import ConfigError, ConfigErrors
from syncd.model.findings import About
from syncd.model.items import Person
from syncd.model.outcomes import (
    Budget,
    Contradiction,
    Horizon,
    Launch,
    Measure,
    Outcome,
    OutcomeStatus,
    Period,
    TrackedIn,
)
from syncd.model.truth import Unknown

MATCH_FACTS = {fact.name: fact for fact in FIELD_FACTS}
"""What ``match`` can ask for: what an item itself says, and its kind, team and place."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Work that is always right, without an outcome."""

    id: str
    title: str
    match: Condition
    budget: Budget = Budget()


class Exemption(msgspec.Struct, frozen=True, kw_only=True):
    """Items that need no outcome; ``until`` is the last day on which it holds."""

    match: Condition
    reason: str
    until: date | None = None


class Roadmap(msgspec.Struct, frozen=True, kw_only=True):
    """The roadmap of a workspace; ``warnings`` say what is doubtful, at its place.

    ``calendar``: its working days, where they are not the installation's. ``contradictions``: what files and trackers
    say differently of an outcome, by its id. ``unread``: why outcomes that live in a tracker may be missing.
    """

    outcomes: tuple[Outcome, ...] = ()
    period: Period | None = None
    standing: tuple[Standing, ...] = ()
    exempt: tuple[Exemption, ...] = ()
    calendar: Calendar | None = None
    contradictions: Mapping[str, tuple[Contradiction, ...]] = {}
    unread: Unknown | None = None
    warnings: tuple[ConfigError, ...] = ()


def load_roadmap(documents: Sequence[Document], trackers: Collection[str] | None = None) -> Roadmap:
    """Return the roadmap of all files; raises ConfigErrors with all that is wrong in them.

    ``trackers`` are the names that a reference can begin with; None where they are not known.
    """
    errors: list[ConfigError] = []
    files: list[_File] = []
    for document in documents:
        try:
            files.append(_File(document, validate(document, RoadmapText)))
        except ConfigErrors as found:
            errors += found.errors
    exempt = [each for file in files for each in file.exempt()]
    standing = [each for file in files for each in file.standing()]
    errors += [error for file in files for error in file.errors()]
    if trackers is not None:
        errors += [error for file in files for error in file.strangers(trackers)]
    errors += _duplicates(files)
    periods = [file for file in files if file.text.period is not None]
    errors += _second_periods(periods)
    if errors:
        order = {document.name: position for position, document in enumerate(documents)}
        raise ConfigErrors(sorted(errors, key=lambda each: (order.get(each.file, 0), each.line, each.column)))
    period = _period(periods[0].text.period) if periods else None
    return Roadmap(
        outcomes=tuple(_outcome(text, period) for file in files for text in file.text.outcomes),
        period=period,
        standing=tuple(standing),
        exempt=tuple(exempt),
        warnings=tuple(warning for file in files for warning in file.warnings()),
    )


class _File:
    """One file of a roadmap that has the right shape."""

    def __init__(self, document: Document, text: RoadmapText) -> None:
        self.document = document
        self.text = text
        self._reader = Reader(document)

    def standing(self) -> Iterator[Standing]:
        for index, text in enumerate(self.text.standing):
            match = self._match(("standing", index, "match"), text)
            if match is not None:
                yield Standing(id=text.id, title=text.title, match=match)

    def exempt(self) -> Iterator[Exemption]:
        for index, text in enumerate(self.text.exempt):
            match = self._match(("exempt", index, "match"), text)
            if match is not None:
                yield Exemption(match=match, reason=text.reason, until=text.until)

    def _match(self, loc: Loc, text: StandingText | ExemptText) -> Condition | None:
        names = fact_names(MATCH_FACTS, About.ITEM, words=WORDS_WITHOUT_SETS)
        return parse_condition(self._reader, loc, text.match, names)

    def errors(self) -> Iterator[ConfigError]:
        """Yield what is wrong with the conditions, which must have been read before."""
        for error in self._reader.errors:
            hint = " 'match' reads an item's own fields, kind, team and place."
            message = error.message + (hint if error.message.startswith("unknown fact") else "")
            yield ConfigError(message, file=error.file, line=error.line, column=error.column)

    def strangers(self, trackers: Collection[str]) -> Iterator[ConfigError]:
        """Yield every reference to a tracker that is none of ``trackers``."""
        known = sorted(trackers)
        for loc, written in self._references():
            name = written.partition(":")[0]
            if "://" not in written and name not in trackers:
                hint = did_you_mean(name, known) or f" trackers.yaml names {one_of(known)}."
                yield self.document.error(loc, f"unknown tracker '{name}'.{hint}")

    def _references(self) -> Iterator[tuple[Loc, str]]:
        for index, outcome in enumerate(self.text.outcomes):
            for key in ("items", "milestones"):
                for position, written in enumerate(getattr(outcome.tracked_in, key)):
                    yield ("outcomes", index, "tracked_in", key, position), written
            for gate, written in outcome.launch.gates.items() if outcome.launch else ():
                yield ("outcomes", index, "launch", "gates", gate), written

    def ids(self) -> Iterator[tuple[str, str, ConfigError]]:
        """Yield every id with what it is of and where it stands."""
        for index, outcome in enumerate(self.text.outcomes):
            yield "outcome", outcome.id, self.document.error(("outcomes", index, "id"), "")
        for index, standing in enumerate(self.text.standing):
            yield "standing work", standing.id, self.document.error(("standing", index, "id"), "")

    def warnings(self) -> Iterator[ConfigError]:
        for index, outcome in enumerate(self.text.outcomes):
            loc: Loc = ("outcomes", index)
            for key, message in _doubts(outcome):
                yield self.document.error((*loc, key), f"outcome '{outcome.id}' {message}")
        for index, exempt in enumerate(self.text.exempt):
            if exempt.until is None:
                yield self.document.error(("exempt", index), "an exemption without 'until' has no end")


def _doubts(outcome: OutcomeText) -> Iterator[tuple[str, str]]:
    """Yield a key and what is missing of an outcome that can be read all the same."""
    if outcome.horizon == "not_now":
        if not outcome.reason:
            yield "horizon", "is not_now without a 'reason'"
        if outcome.revisit is None:
            yield "horizon", "is not_now without 'revisit', a day to look at it again"
    if outcome.horizon == "now" and outcome.status == "active":
        if outcome.owner is None:
            yield "id", "is worked on now and has no 'owner'"
        if outcome.target_date is None and outcome.launch is None:
            yield "id", "is worked on now and has no 'target_date'"
        if not (outcome.tracked_in.items or outcome.tracked_in.milestones or outcome.tracked_in.labels):
            yield "id", "is worked on now and has no 'tracked_in': only work that names it serves it"


def _duplicates(files: Iterable[_File]) -> Iterator[ConfigError]:
    """Yield an error at every place of an id that stands in several; labels compare without case, and so do ids."""
    places: dict[tuple[str, str], list[ConfigError]] = {}
    for file in files:
        for what, written, place in file.ids():
            places.setdefault((what, written.casefold()), []).append(place)
    for (what, written), found in places.items():
        for position, place in enumerate(found if len(found) > 1 else ()):
            other = found[0] if position else found[1]
            message = f"{what} '{written}' is in {other.file}:{other.line}:{other.column} too; ids are unique"
            yield ConfigError(message, file=place.file, line=place.line, column=place.column)


def _second_periods(files: Sequence[_File]) -> Iterator[ConfigError]:
    for file in files[1:]:
        first = files[0].document.error(("period",), "", on_key=True)
        message = f"the period is in {first.file}:{first.line} already; a roadmap has one"
        yield file.document.error(("period",), message, on_key=True)


def _period(text: PeriodText | None) -> Period | None:
    return Period(id=text.id, starts_on=text.from_, ends_on=text.to) if text else None


def _outcome(text: OutcomeText, period: Period | None) -> Outcome:
    return Outcome(
        id=text.id,
        title=text.title,
        why=text.why,
        horizon=Horizon(text.horizon),
        status=OutcomeStatus(text.status),
        reason=text.reason,
        revisit=text.revisit,
        period=text.period or (period.id if period else ""),
        owner=Person(text.owner.name) if text.owner else None,
        accounts=tuple(sorted(text.owner.accounts.items())) if text.owner else (),
        target_date=text.target_date,
        measures=tuple(
            Measure(id=each.id, name=each.name, unit=each.unit, baseline=each.baseline, target=each.target)
            for each in text.measures
        ),
        tracked_in=_tracked_in(text.tracked_in),
        launch=_launch(text.launch),
        visibility=text.visibility,
    )


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
