"""One file of a roadmap: its conditions, what it refers to, its readings, and what in it is wrong or doubtful."""

import re
from collections.abc import Collection, Iterator
from datetime import date

import msgspec

from rules.facts.fields import FIELD_FACTS
from rules.language.conditions import Condition
from rules.language.parser import WORDS_WITHOUT_SETS, fact_names, parse_condition
from rules.language.values import Reader
from rules.roadmap.life import Stated
from rules.roadmap.outcomes import measure_of
from rules.roadmap.readings import ReadFile, disorder, readings_of_csv
from rules.roadmap.texts import ExemptText, MeasureText, OutcomeText, RoadmapText, StandingText
from rules.roadmap.words import is_inside, share
from syncd.complaints import did_you_mean, one_of, shown
from syncd.documents import Document, Loc
from syncd.model.errors import ConfigError
from syncd.model.findings import About
from syncd.model.outcomes import Budget, Measure

MATCH_FACTS = {fact.name: fact for fact in FIELD_FACTS}
"""What ``match`` can ask for: what an item itself says, and its kind, team and place."""
_SAID_BY_TRACKERS = ("status", "horizon", "owner", "target_date", "launch", "tracked_in")
"""An outcome of a file that states none of these leaves its life to the tracker in which it lives, too."""
_IN_FOLDER = re.compile(r"roadmap(\.yaml|/[^/]*)\Z")


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


class RoadmapFile:
    """One file of a roadmap that has the right shape; ``errors`` are collected while its parts are read."""

    def __init__(self, document: Document, text: RoadmapText) -> None:
        self.document = document
        self.text = text
        self._reader = Reader(document)
        self._found: list[ConfigError] = []

    def standing(self) -> Iterator[Standing]:
        """Yield standing work whose condition is right."""
        for index, text in enumerate(self.text.standing):
            match = self._match(("standing", index, "match"), text)
            if match is not None:
                budget = Budget(least=share(text.budget.min), most=share(text.budget.max))
                yield Standing(id=text.id, title=text.title, match=match, budget=budget)

    def exempt(self) -> Iterator[Exemption]:
        """Yield exemptions whose condition is right."""
        for index, text in enumerate(self.text.exempt):
            match = self._match(("exempt", index, "match"), text)
            if match is not None:
                yield Exemption(match=match, reason=text.reason, until=text.until)

    def _match(self, loc: Loc, text: StandingText | ExemptText) -> Condition | None:
        names = fact_names(MATCH_FACTS, About.ITEM, words=WORDS_WITHOUT_SETS)
        return parse_condition(self._reader, loc, text.match, names)

    def stated(self) -> list[Stated]:
        """Return its outcomes as they are written."""
        return [Stated(self.document, index, text) for index, text in enumerate(self.text.outcomes)]

    def measures(self, outcome: Stated, read: ReadFile | None) -> list[Measure]:
        """Return an outcome's measures with all their readings that are right."""
        first: dict[str, int] = {}
        found = []
        for position, text in enumerate(outcome.text.measures):
            keys = ("measures", position)
            if first.setdefault(text.id, position) != position:
                message = f"measure '{text.id}' is in {outcome.place('measures', first[text.id], 'id')} too"
                self._found.append(outcome.error(message, *keys, "id"))
            measure = measure_of(text)
            for at, message in disorder(measure.readings):
                self._found.append(outcome.error(message, *keys, "readings", at, "on"))
            if isinstance(text.readings, str) and not is_inside(text.readings):
                message = f"read {shown(text.readings)}; expected a file inside the workspace's folder"
                self._found.append(outcome.error(f"{message}, such as measures/checkout.csv", *keys, "readings"))
            elif isinstance(text.readings, str) and read is not None:
                measure = self._with_file(measure, text, outcome, read, keys)
            found.append(measure)
        return found

    def _with_file(
        self, measure: Measure, text: MeasureText, outcome: Stated, read: ReadFile, keys: tuple[str | int, ...]
    ) -> Measure:
        path = str(text.readings)
        try:
            content = read(path)
        except ConfigError as error:
            self._found.append(outcome.error(f"'{path}' {error.message}", *keys, "readings"))
            return measure
        if content is None:
            message = f"no file '{path}' in the workspace's folder; it would hold the readings"
            self._found.append(outcome.error(message, *keys, "readings"))
            return measure
        readings, errors = readings_of_csv(content, _IN_FOLDER.sub("", self.document.name) + path, measure)
        self._found += errors
        return msgspec.structs.replace(measure, readings=readings)

    def errors(self) -> Iterator[ConfigError]:
        """Yield what was wrong with the parts that have been read."""
        for error in self._reader.errors:
            hint = " 'match' reads an item's own fields, kind, team and place."
            message = error.message + (hint if error.message.startswith("unknown fact") else "")
            yield ConfigError(message, file=error.file, line=error.line, column=error.column)
        yield from self._found

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

    def warnings(self, *, is_open: bool = False) -> Iterator[ConfigError]:
        """Yield what can be read and is doubtful; ``is_open``: what outcomes leave out may be said by trackers."""
        for index, outcome in enumerate(self.text.outcomes):
            if is_open and outcome.model_fields_set.isdisjoint(_SAID_BY_TRACKERS):
                continue
            for key, message in () if outcome.is_succeeded else _doubts(outcome, has_owner=self.text.owner is not None):
                yield self.document.error(("outcomes", index, key), f"outcome '{outcome.id}' {message}")
        for index, exempt in enumerate(self.text.exempt):
            if exempt.until is None:
                yield self.document.error(("exempt", index), "an exemption without 'until' has no end")


def _doubts(outcome: OutcomeText, *, has_owner: bool) -> Iterator[tuple[str, str]]:
    """Yield a key and what is missing of an outcome that can be read all the same."""
    is_over = outcome.status in ("achieved", "dropped")
    for key, word in (("horizon", outcome.horizon), ("status", outcome.status)):
        if word in ("not_now", "paused") and not (key == "horizon" and is_over):
            if not outcome.reason:
                yield key, f"is {word} without a 'reason'"
            if outcome.revisit is None:
                yield key, f"is {word} without 'revisit', a day to look at it again"
    if outcome.status == "dropped" and outcome.decide_by is None:
        yield "status", "is dropped without 'decide_by', the day by which its open work is decided on"
    if outcome.horizon == "now" and outcome.status == "active":
        if outcome.owner is None and not has_owner:
            yield "id", "is worked on now and has no 'owner'"
        if outcome.target_date is None and outcome.launch is None:
            yield "id", "is worked on now and has no 'target_date'"
        if outcome.tracked_in.is_empty:
            yield "id", "is worked on now and has no 'tracked_in': only work that names it serves it"
