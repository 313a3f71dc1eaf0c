"""The files of a workspace's rule cases → cases that can be run: all that is wrong in all files is told at once."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from rules.language import spans
from rules.language.calendar import FIRST, Calendar, calendar_of
from rules.world import WorldInput
from syncd.calendar_text import CalendarText
from syncd.documents import Data, Document, Loc, validate
from syncd.model.errors import ConfigError, ConfigErrors
from syncd.model.findings import Span
from syncd.model.identity import ItemId
from syncd.planner.observed import COMMENT
from syncd.testing.expectations import Expected
from syncd.testing.ground import Ground
from syncd.testing.measured import Measured
from syncd.testing.moments import EXPECTED, absolute, moment_of
from syncd.testing.notes import Notes, Piece
from syncd.testing.reading import ExpectationReader
from syncd.testing.scene import Scene
from syncd.testing.texts import CasesText, CaseText, StepText
from syncd.testing.trackers import grounded

NOW = "2026-11-25T12:00"
"""When a case plays that does not say it: a Wednesday, noon in the calendar's zone."""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One moment of a case: what there is and what is expected.

    ``removed`` are labels that a person took away since the step before: item and rule. ``may_be_unknown``: something
    can't be read, so what is not named may be unknown.
    """

    line: int
    now: datetime
    given: WorldInput
    expected: tuple[Expected, ...]
    measured: Measured = Measured()
    removed: tuple[tuple[ItemId, str], ...] = ()
    may_be_unknown: bool = False


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One case, and the ground it stands on; ``rules`` are those that may say nothing but what is expected."""

    name: str
    file: str
    line: int
    column: int
    ground: Ground
    rules: frozenset[str]
    calendar: Calendar
    steps: tuple[Step, ...]


def load_cases(documents: Sequence[Document], ground: Ground) -> tuple[Case, ...]:
    """Return the cases of all files; raises ConfigErrors with all that is wrong in them, each at its place."""
    errors: list[ConfigError] = []
    cases: list[Case] = []
    for document in documents:
        notes = Notes(document)
        notes.take(document.errors)
        own = grounded(document, notes, ground)
        cases += _FileReading(document, notes, own or ground).cases(are_wanted=own is not None)
        errors += notes.errors
    if errors:
        raise ConfigErrors(errors)
    return tuple(cases)


class _FileReading:
    """Reads the cases of one file, each by itself: a mistake in one hides none in another."""

    def __init__(self, document: Document, notes: Notes, ground: Ground) -> None:
        self._document = document
        self._notes = notes
        self._ground = ground

    def cases(self, *, are_wanted: bool) -> list[Case]:
        """Return the cases; without ``are_wanted`` only look at their shape: what they stand on is wrong."""
        written = self._document.data.get("cases")
        count = len(written) if isinstance(written, list) else 0
        if not isinstance(written, list) or not written:
            if self._document.is_whole or "cases" in self._document.data:
                self._validated(self._document)
            return []
        top = {key: value for key, value in self._document.data.items() if key != "cases"}
        found = [self._case(index, written[index], top, are_wanted) for index in range(count)]
        self._refuse_namesakes(written)
        return [case for case in found if case is not None]

    def _case(self, index: int, written: Data, top: dict[str, Data], is_wanted: bool) -> Case | None:
        loc: Loc = ("cases", index)
        file = self._validated(Piece(self._document, {**top, "cases": [written]}, {("cases", 0): loc}))
        if file is None or not is_wanted:
            return None
        return _CaseReading(self._document, self._notes, self._ground, file, loc).case()

    def _validated(self, document: Document) -> CasesText | None:
        try:
            return validate(document, CasesText)
        except ConfigErrors as errors:
            self._notes.take(errors.errors)
            return None

    def _refuse_namesakes(self, written: Sequence[Data]) -> None:
        seen: dict[str, int] = {}
        for index, case in enumerate(written):
            name = case.get("name") if isinstance(case, dict) else None
            if isinstance(name, str) and name in seen:
                line, _ = self._notes.at(("cases", seen[name]))
                self._notes.refuse(("cases", index, "name"), f"a case of that name is on line {line} already")
            elif isinstance(name, str):
                seen[name] = index


class _CaseReading:
    """Reads one case: the top of its file, itself, and its steps."""

    def __init__(self, document: Document, notes: Notes, ground: Ground, file: CasesText, loc: Loc) -> None:
        self._document = document
        self._notes = notes
        self._ground = ground
        self._file = file
        self._text: CaseText = file.cases[0]
        self._loc = loc
        self._calendar = _overlaid(_overlaid(ground.policy.calendar, file.calendar), self._text.calendar)

    def case(self) -> Case:
        now = self._now()
        scene = Scene(self._ground, self._notes, self._calendar, now)
        scene.outlook.set_rest(self._file.roadmap, ("roadmap",))
        scene.outlook.set_rest(self._text.roadmap, (*self._loc, "roadmap"))
        scene.add(self._file, (), now)
        scene.add(self._text, self._loc, now)
        reader = ExpectationReader(self._ground, self._notes, scene)
        steps = [self._first(scene, reader, now)]
        for index, step in enumerate(self._text.then):
            steps.append(self._step(step, (*self._loc, "then", index), scene, reader, steps[-1].now))
        line, column = self._notes.at(self._loc)
        named = {expected.rule for step in steps for expected in step.expected}
        return Case(
            name=self._text.name,
            file=self._document.name,
            line=line,
            column=column,
            ground=self._ground,
            rules=frozenset(self._looked_at(reader) | named),
            calendar=self._calendar,
            steps=tuple(steps),
        )

    def _first(self, scene: Scene, reader: ExpectationReader, now: datetime) -> Step:
        given = scene.given(now)
        loc = (*self._loc, "expect")
        expected = reader.read(self._text.expect, loc)
        line, _ = self._notes.at(loc)
        return Step(
            line=line,
            now=now,
            given=given,
            measured=scene.measured(),
            expected=expected,
            may_be_unknown=scene.is_partly_dark,
        )

    def _step(self, text: StepText, loc: Loc, scene: Scene, reader: ExpectationReader, before: datetime) -> Step:
        now = self._next(text, loc, before)
        scene.add(text, loc, now, is_step=True)
        given = scene.given(now)
        removed = []
        for key, rules in text.removed.items():
            named = scene.named(key)
            if named is None:
                self._notes.refuse((*loc, "removed", key), f"no item '{key}' in this case", on_key=True)
                continue
            for rule_id in [rules] if isinstance(rules, str) else rules:
                if rule_id == COMMENT or reader.rule(rule_id, (*loc, "removed", key)) is not None:
                    removed.append((named.id, rule_id))
        return Step(
            line=self._notes.at(loc)[0],
            now=now,
            given=given,
            measured=scene.measured(),
            expected=reader.read(text.expect, (*loc, "expect")),
            removed=tuple(removed),
            may_be_unknown=scene.is_partly_dark,
        )

    def _now(self) -> datetime:
        usual = absolute(NOW, self._calendar) or FIRST
        loc, written = (*self._loc, "now"), self._text.now
        if written is None:
            loc, written = ("now",), self._file.now
        return usual if written is None else self._moment(written, loc, usual)

    def _next(self, text: StepText, loc: Loc, before: datetime) -> datetime:
        if (text.after is None) == (text.now is None):
            self._notes.refuse(loc, "say when: 'after: 2wd' or 'now: 2026-11-27T09:00', one of them")
            return before
        if text.after is not None:
            return self._calendar.after(before, spans.span_of(text.after) or Span())
        now = self._moment(text.now or "", (*loc, "now"), before)
        if now < before:
            self._notes.refuse((*loc, "now"), f"{text.now} is before what happens before it")
        return now

    def _moment(self, written: str, loc: Loc, now: datetime) -> datetime:
        found = moment_of(written, now, self._calendar)
        if found is None:
            self._notes.refuse(loc, f"read '{written}'; expected {EXPECTED}")
        return found or now

    def _looked_at(self, reader: ExpectationReader) -> set[str]:
        """Return the rules that are looked at: those that are named, else those of the file beside this one."""
        rules = self._ground.rules.rules
        of_case = self._text.rules is not None
        said = self._text.rules if of_case else self._file.rules
        loc: Loc = (*self._loc, "rules") if of_case else ("rules",)
        if isinstance(said, list):
            for index, rule_id in enumerate(said):
                reader.rule(rule_id, (*loc, index))
            return set(said)
        if said not in (None, "all"):
            self._notes.refuse(
                (*self._loc, "rules") if of_case else ("rules",), f"read '{said}'; expected a list, or all"
            )
        own = self._document.name.rpartition("/")[2]
        beside = {rule.terms.id for rule in rules if rule.file.rpartition("/")[2] == own}
        return beside if said is None and beside else {rule.terms.id for rule in rules}


def _overlaid(calendar: Calendar, text: CalendarText | None) -> Calendar:
    """Return a calendar with what is said of it anew."""
    if text is None:
        return calendar
    new = calendar_of(text)
    parts = {"timezone": "zone", "workdays": "workdays", "holidays": "holidays"}
    said = {parts[field]: getattr(new, parts[field]) for field in text.model_fields_set}
    return msgspec.structs.replace(calendar, **said)
