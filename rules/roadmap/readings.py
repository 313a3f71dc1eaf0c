"""Readings of measures: in a roadmap file, in a CSV file beside it, and those that the store keeps; pure."""

import csv
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise

import msgspec

from syncd.complaints import did_you_mean, one_of, shown
from syncd.model.errors import ConfigError
from syncd.model.outcomes import Measure, Outcome, Reading

ReadFile = Callable[[str], str | None]
"""Returns the text of a file by its path in the workspace's folder, None where there is none; raises ConfigError."""
Kept = Mapping[tuple[str, str], Sequence[Reading]]
"""Readings that were stored, by outcome and measure."""

_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ][0-9:.+Z -]*)?\Z")
_NUMBER = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?\Z")
_DELIMITERS = (";", "\t", ",")
_DAY_NAMES = ("on", "date", "day", "time", "timestamp")
_VALUE = "value"
_MOST = 20_000
"""So many rows are read; more is no measure that people follow."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One reading of a file and where its day stands."""

    reading: Reading
    line: int
    column: int = 1


def disorder(readings: Sequence[Reading]) -> Iterator[tuple[int, str]]:
    """Yield the position of each reading that is out of order, or of a day that was read already, and what is wrong."""
    for position, (before, reading) in enumerate(pairwise(readings), start=1):
        if reading.on == before.on:
            yield position, f"{reading.on} was read already; a measure has one reading a day"
        elif reading.on < before.on:
            yield position, f"{reading.on} stands after {before.on}; readings go from the oldest to the newest"


def readings_of_csv(text: str, name: str, measure: Measure) -> tuple[tuple[Reading, ...], list[ConfigError]]:
    """Return the readings of a CSV file, and all that is wrong in it; what is right is returned all the same.

    Its columns are a day and a value, separated by commas, semicolons or tabs, with a heading or without; where there
    is a heading, the measure's id or name may head its column. Behind semicolons and tabs decimal commas are read.
    """
    table = _Table(text.removeprefix("\ufeff"), name, measure)
    rows = list(table.rows())
    for position, message in disorder([row.reading for row in rows]):
        table.errors.append(ConfigError(message, file=name, line=rows[position].line, column=rows[position].column))
    kept: dict[date, Reading] = {}
    for row in rows:
        kept.setdefault(row.reading.on, row.reading)
    return tuple(sorted(kept.values())), sorted(table.errors, key=lambda each: (each.line, each.column))


class _Table:
    """A CSV file while it is read; what is wrong is collected."""

    def __init__(self, text: str, name: str, measure: Measure) -> None:
        self._lines = text.splitlines()
        self._name = name
        self._measure = measure
        head = next((line for line in self._lines if line.strip()), "")
        self._delimiter = next((each for each in _DELIMITERS if each in head), ",")
        self._columns: tuple[int, int] | None = None
        self._width = 2
        self.errors: list[ConfigError] = []

    def rows(self) -> Iterator[Row]:
        """Yield every row that is right."""
        if len(self._lines) > _MOST:
            self._refuse(_MOST + 1, f"more than {_MOST:,} lines; a reading a day is enough")
            return
        reader = csv.reader(self._lines, delimiter=self._delimiter, strict=True)
        while True:
            try:
                cells = next(reader, None)
            except csv.Error as error:
                self._refuse(reader.line_num, f"is no CSV: {error}")
                return
            if cells is None:
                return
            if any(cell.strip() for cell in cells):
                row = self._row(reader.line_num, [cell.strip() for cell in cells])
                if row is not None:
                    yield row

    def _row(self, line: int, cells: list[str]) -> Row | None:
        if self._columns is None:
            self._columns = (0, 1)
            if any(cell.casefold() in _DAY_NAMES for cell in cells) or not any(cell[:1].isdigit() for cell in cells):
                self._read_heading(line, cells)
                return None
        day_at, value_at = self._columns
        if day_at < 0:
            return None
        if len(cells) != self._width and not (len(cells) > self._width and not any(cells[self._width :])):
            hint = ""
            if len(cells) == self._width + 1 and self._delimiter == ",":
                hint = "; write a value as 2.1, or put semicolons between columns"
            self._refuse(line, f"read {len(cells)} columns; expected {self._width}{hint}")
            return None
        if not cells[value_at]:
            return None
        day, value = self._day(line, cells[day_at]), self._value(line, cells[value_at])
        if day is None or value is None:
            return None
        return Row(reading=Reading(day, value), line=line, column=self._column(line, cells[day_at]))

    def _read_heading(self, line: int, cells: list[str]) -> None:
        names = [cell.casefold() for cell in cells]
        self._width = len(cells)
        days = [at for at, name in enumerate(names) if name in _DAY_NAMES]
        wanted = [self._measure.id.casefold(), self._measure.name.casefold(), _VALUE]
        values = [names.index(name) for name in wanted if name and name in names]
        if not days:
            self._refuse(line, f"no column of days: its heading is one of {one_of(_DAY_NAMES)}; read {one_of(cells)}")
        elif not values and len(cells) == 2:
            values = [1 - days[0]]
        elif not values:
            near = did_you_mean(self._measure.id, cells)
            message = f"no column '{self._measure.id}' or '{_VALUE}' among {one_of(cells)}.{near}"
            self._refuse(line, message)
        self._columns = (days[0], values[0]) if days and values else (-1, -1)

    def _day(self, line: int, cell: str) -> date | None:
        found = _DAY.match(cell)
        try:
            return date.fromisoformat(found[1] if found else "")
        except ValueError:
            self._refuse(line, f"read {shown(cell)}; expected a day such as 2026-12-31", cell)
            return None

    def _value(self, line: int, cell: str) -> float | None:
        has_decimal_comma = self._delimiter != "," and cell.count(",") == 1 and "." not in cell
        plain = cell.replace(",", ".") if has_decimal_comma else cell
        if _is_number(plain):
            return float(plain)
        hint = "; a comma there may mean thousands or decimals" if "," in cell else ""
        self._refuse(line, f"read {shown(cell)}; expected a number such as 1234.5{hint}", cell)
        return None

    def _column(self, line: int, cell: str) -> int:
        return self._lines[line - 1].find(cell) + 1 if cell and line <= len(self._lines) else 1

    def _refuse(self, line: int, message: str, cell: str = "") -> None:
        column = max(self._column(line, cell), 1)
        self.errors.append(ConfigError(message, file=self._name, line=max(line, 1), column=column))


def _is_number(text: str) -> bool:
    return _NUMBER.match(text) is not None and math.isfinite(float(text))


def with_kept(outcomes: Sequence[Outcome], kept: Kept) -> tuple[tuple[Outcome, ...], tuple[ConfigError, ...]]:
    """Return outcomes with the readings that were stored, and what was stored otherwise than a file says it.

    Of a day that both state, the file's reading counts.
    """
    if not kept:
        return tuple(outcomes), ()
    doubts: list[ConfigError] = []
    merged = []
    for outcome in outcomes:
        ids = (outcome.id, *outcome.was)
        measures = tuple(_measure_with(outcome, measure, ids, kept, doubts) for measure in outcome.measures)
        changed = measures != outcome.measures
        merged.append(msgspec.structs.replace(outcome, measures=measures) if changed else outcome)
    return tuple(merged), tuple(doubts)


def read_until(outcome: Outcome, read: Outcome | None, last: date) -> Outcome:
    """Return an outcome as it stood on a day, with what its measures (as ``read`` has them) had been until then."""
    readings = {each.id: each.readings for each in read.measures} if read is not None else {}
    if not any(readings.values()):
        return outcome
    measures = tuple(
        msgspec.structs.replace(each, readings=tuple(r for r in readings.get(each.id, ()) if r.on <= last))
        for each in outcome.measures
    )
    return msgspec.structs.replace(outcome, measures=measures)


def _measure_with(
    outcome: Outcome, measure: Measure, ids: Sequence[str], kept: Kept, doubts: list[ConfigError]
) -> Measure:
    found: dict[date, Reading] = {}
    for each in reversed(ids):
        found.update({reading.on: reading for reading in kept.get((each, measure.id), ())})
    if not found:
        return measure
    for reading in measure.readings:
        other = found.get(reading.on)
        if other is not None and other.value != reading.value:
            message = (
                f"{measure.id} of '{outcome.id}' was {reading.value:g} on {reading.on} by its file and"
                f" {other.value:g} by `syncd measure`; the file counts"
            )
            doubts.append(ConfigError(message, file=outcome.stated_in))
        found[reading.on] = reading
    return msgspec.structs.replace(measure, readings=tuple(sorted(found.values())))
