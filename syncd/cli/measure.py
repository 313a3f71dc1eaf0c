"""`syncd measure`: what the measure of an outcome was on a day, and how far that is on the way to its target."""

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec
import typer

from syncd.cli.options import ConfigOption, JsonOption, Session, WorkspaceOption, open_offline
from syncd.cli.text import plain
from syncd.model.errors import ConfigError

if TYPE_CHECKING:
    from datetime import date

    from rules.roadmap.loader import Roadmap
    from syncd.model.outcomes import Measure, Outcome, Reading

_MINUS_IS_NO_OPTION = {"ignore_unknown_options": True}
"""A value may be below zero."""


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command(context_settings=_MINUS_IS_NO_OPTION)(measure)


def measure(
    outcome: str = typer.Argument("", help="An outcome's id; without it, the last reading of every measure."),
    measure: str = typer.Argument("", help="The id of one of its measures; without it, all readings are listed."),
    value: str = typer.Argument("", help="What it was, in the measure's unit, such as 1.4."),
    on: str = typer.Option("", "--on", help="The day it was read, such as 2026-11-20; today without it."),
    remove: bool = typer.Option(False, "--remove", help="Take back what was told of that day."),
    config: ConfigOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell what the measure of an outcome was on a day, or list what is known; asks no tracker."""
    for word in (outcome, measure, value):
        if word.startswith("--"):
            raise typer.BadParameter(f"no such option: {word}")
    with open_offline(config, workspace) as session:
        roadmap = _roadmap(session)
        known = roadmap.outcomes
        if value or remove:
            found = _outcome(known, outcome)
            _say(
                _removed(session, found, measure, on) if remove else _stored(session, found, measure, value, on),
                as_json,
            )
            return
        chosen = [_outcome(known, outcome)] if outcome else [each for each in known if each.measures]
        if measure:
            chosen = [_only(found, _measure(found, measure)) for found in chosen]
        if as_json:
            _print_json([row for found in chosen for each in found.measures for row in _rows(found, each)])
            return
        for line in _listed(chosen, is_short=not outcome):
            typer.echo(line)
        for warning in roadmap.warnings:
            typer.echo(f"warning: {warning}")


class _Told:
    """A reading that was told or taken back, and what it means."""

    def __init__(self, outcome: "Outcome", measure: "Measure", reading: "Reading", line: str) -> None:
        self.outcome = outcome
        self.measure = measure
        self.reading = reading
        self.line = line


def _say(told: _Told, as_json: bool) -> None:
    if as_json:
        _print_json([_row(told.outcome, told.measure, told.reading)])
    else:
        typer.echo(told.line)


def _roadmap(session: Session) -> "Roadmap":
    """Return the roadmap of the files, with all readings; its warnings are what was told otherwise than a file says."""
    from rules.roadmap.loader import with_readings

    files = msgspec.structs.replace(session.files.roadmap, warnings=())
    return with_readings(files, session.workspace.store.readings())


def _outcome(known: "Sequence[Outcome]", name: str) -> "Outcome":
    from rules.roadmap.life import living
    from syncd.complaints import did_you_mean

    heirs = living(known).get(name.casefold(), ())
    found = {each.id: each for each in known}
    if name.casefold() in {each.casefold() for each in found}:
        return next(each for each in known if each.id.casefold() == name.casefold())
    if len(heirs) == 1:
        return found[heirs[0]]
    near = did_you_mean(name, found)
    raise ConfigError(
        f"no outcome '{plain(name, 60)}' on the roadmap.{near or ' `syncd measure` lists what is measured.'}"
    )


def _measure(outcome: "Outcome", name: str) -> "Measure":
    from syncd.complaints import did_you_mean, one_of

    ids = [each.id for each in outcome.measures]
    for each in outcome.measures:
        if each.id.casefold() == name.casefold():
            return each
    if not ids:
        raise ConfigError(
            f"outcome '{outcome.id}' has no measures; {outcome.stated_in} would name them under 'measures'"
        )
    if not name or _is_number(name):
        raise ConfigError(f"name a measure of '{outcome.id}': {one_of(ids)}")
    near = did_you_mean(name, ids) or f" It has: {one_of(ids)}."
    raise ConfigError(f"outcome '{outcome.id}' has no measure '{plain(name, 60)}'.{near}")


def _stored(session: Session, outcome: "Outcome", name: str, value: str, on: str) -> _Told:
    from syncd.model.outcomes import Reading

    found = _measure(outcome, name)
    reading = Reading(_day(session, on), _number(value))
    _refuse_stated(session, outcome, found, reading.on)
    before = next((each for each in found.readings if each.on == reading.on), None)
    session.workspace.store.save_reading(outcome.id, found.id, reading, session.clock.now())
    line = f"{outcome.id} {found.id}: {_amount(found, reading.value)} on {reading.on}{_meaning(found, reading.value)}."
    if before is not None and before.value != reading.value:
        line += f" Before, {_amount(found, before.value)} was told of that day."
    return _Told(outcome, found, reading, line)


def _removed(session: Session, outcome: "Outcome", name: str, on: str) -> _Told:
    found = _measure(outcome, name)
    if not on:
        raise ConfigError("say which day's reading to take back: --on 2026-11-20")
    day = _day(session, on)
    _refuse_stated(session, outcome, found, day)
    reading = next((each for each in found.readings if each.on == day), None)
    store = session.workspace.store
    gone = [store.remove_reading(each, found.id, day) for each in (outcome.id, *outcome.was)]
    if reading is None or not any(gone):
        raise ConfigError(f"nothing was told of {outcome.id} {found.id} on {day}")
    line = f"{outcome.id} {found.id}: {_amount(found, reading.value)} on {day} is taken back."
    return _Told(outcome, found, reading, line)


def _refuse_stated(session: Session, outcome: "Outcome", measure: "Measure", day: "date") -> None:
    """Refuse a day that a file states: the file counts, and what is told here would change nothing."""
    for each in session.files.roadmap.outcomes:
        for found in each.measures if each.id == outcome.id else ():
            for reading in found.readings if found.id == measure.id else ():
                if reading.on == day:
                    said = f"{_amount(measure, reading.value)} on {day}"
                    message = f"the roadmap's files say that {measure.id} was {said}, and they count; change it there"
                    raise ConfigError(message, file=outcome.stated_in)


def _day(session: Session, on: str) -> "date":
    from datetime import date

    today = session.workspace.charter.calendar.day(session.clock.now())
    if not on:
        return today
    try:
        day = date.fromisoformat(on) if len(on) == len("2026-11-20") else None
    except ValueError:
        day = None
    if day is None:
        raise ConfigError(f"--on: read '{plain(on, 40)}'; expected a day such as {today}")
    if day > today:
        raise ConfigError(f"--on: {day} is in the future; today is {today}")
    return day


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _number(text: str) -> float:
    if _is_number(text) and "_" not in text:
        return float(text)
    hint = f"; write {text.replace(',', '.')}" if _is_number(text.replace(",", ".", 1)) else ", without its unit"
    raise ConfigError(f"read '{plain(text, 40)}'; expected a number such as 1.4{hint}")


def _amount(measure: "Measure", value: float) -> str:
    return f"{value:.12g}{' ' if measure.unit else ''}{plain(measure.unit, 20)}"


def _meaning(measure: "Measure", value: float) -> str:
    """Return what a value means for the target, to follow the value; nothing where there is no target."""
    if measure.target is None:
        return ""
    target, way = f"{measure.target:.12g}", measure.way(value)
    if value == measure.target or (way is not None and way >= 1):
        return f": the target of {target} is reached"
    if way is None:
        return f"; the target is {target}"
    start = f"{measure.baseline:.12g}"
    if way < 0:
        return f": farther from the target of {target} than {start}, where it began"
    return f": {math.floor(100 * way + 1e-9)} % of the way from {start} to {target}"


def _only(outcome: "Outcome", measure: "Measure") -> "Outcome":
    return msgspec.structs.replace(outcome, measures=(measure,))


def _listed(outcomes: "Sequence[Outcome]", *, is_short: bool) -> Iterator[str]:
    if not any(outcome.measures for outcome in outcomes):
        names = f"Outcome '{outcomes[0].id}' has" if len(outcomes) == 1 else "The outcomes have"
        yield f"{names} no measures; the roadmap names them under 'measures' (docs/roadmap.md)."
        return
    for outcome in outcomes:
        yield f"{outcome.id}  {plain(outcome.title)}"
        for measure in outcome.measures:
            yield f"  {measure.id}{_heading(measure)}"
            shown = measure.readings[-1:] if is_short else measure.readings
            for reading in shown:
                yield f"    {reading.on}  {_amount(measure, reading.value)}{_meaning(measure, reading.value)}"
            if not shown:
                yield f"    not measured yet: syncd measure {outcome.id} {measure.id} VALUE"


def _heading(measure: "Measure") -> str:
    name = f"  {plain(measure.name)}" if measure.name else ""
    if measure.target is None:
        return name
    start = f", from {_amount(measure, measure.baseline)}" if measure.baseline is not None else ""
    return (
        f"{name}{start} to {_amount(measure, measure.target)}"
        if start
        else f"{name}, to {_amount(measure, measure.target)}"
    )


def _rows(outcome: "Outcome", measure: "Measure") -> Iterator[dict[str, object]]:
    for reading in measure.readings:
        yield _row(outcome, measure, reading)


def _row(outcome: "Outcome", measure: "Measure", reading: "Reading") -> dict[str, object]:
    return {
        "outcome": outcome.id,
        "measure": measure.id,
        "on": reading.on,
        "value": reading.value,
        "unit": measure.unit,
        "baseline": measure.baseline,
        "target": measure.target,
        "share_of_way": measure.way(reading.value),
    }


def _print_json(rows: "list[dict[str, object]]") -> None:
    typer.echo(msgspec.json.format(msgspec.json.encode(rows)).decode())
