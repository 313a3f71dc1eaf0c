"""`syncd report`: one page, or JSON, of what must be decided and how each outcome stands; reads the store only."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from syncd.cli.options import ConfigOption, JsonOption, Session, WorkspaceOption, open_offline
from syncd.model.errors import ConfigError

if TYPE_CHECKING:
    from rules.language.calendar import Calendar
    from syncd.web.report.contents import Report

WRITES = 20_000
"""So many of our last writes are looked through for what told a finding."""
SNAPSHOTS = timedelta(days=366)


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command()(report)


def report(
    html: Annotated[
        Path | None, typer.Option("--html", help="File to write the page to.", dir_okay=True, show_default=False)
    ] = None,
    since: Annotated[
        str, typer.Option("--since", help="What is new since: a span such as 7d or 2w, or a day such as 2026-11-02.")
    ] = "7d",
    config: ConfigOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a page of what to decide, how outcomes stand, and what is not known; polls nothing, reads the store."""
    if html is None and not as_json:
        raise ConfigError("syncd report: say where the page goes, with --html FILE, or print its data with --json")
    with open_offline(config, workspace) as session:
        now = session.clock.now()
        begins = since_when(since, now, session.workspace.charter.calendar)
        found = _report(session, now, begins)
    if html is not None:
        from syncd.web.report.page import page_of

        _write(html, page_of(found))
        typer.echo(_summary(html, found), err=as_json)
    if as_json:
        import msgspec

        typer.echo(msgspec.json.format(msgspec.json.encode(found)).decode())


def since_when(text: str, now: datetime, calendar: "Calendar") -> datetime:
    """Return the moment that --since means; raises ConfigError for what is no span and no day, or is to come."""
    from datetime import date

    from rules.language.spans import span_of

    span = span_of(text)
    if span is not None:
        begins = calendar.before(now, span)
    else:
        try:
            begins = calendar.begin(date.fromisoformat(text))
        except ValueError:
            wanted = "a span such as 7d, 2w or 5wd, or a day such as 2026-11-02"
            raise ConfigError(f"--since: read '{text}'; expected {wanted}") from None
    if begins > now:
        raise ConfigError(f"--since: {text} is to come")
    return begins


def _report(session: Session, now: datetime, since: datetime) -> "Report":
    from syncd.daemon.reconcile import judge
    from syncd.web.report.contents import report_of
    from syncd.web.report.given import Given, HistoryProgress, SetAside

    ready, store = session.workspace, session.workspace.store
    charter = ready.charter
    judged = judge(charter, store, now)
    histories = []
    for tracker in sorted({place.tracker for place in charter.places}):
        places = ready.places_of(tracker)
        known, total = store.backfill_progress(tracker, places)
        untold = tuple((handle.key, why) for handle, why in store.untold_histories(tracker, places))
        histories.append(HistoryProgress(tracker=tracker, known_count=known, item_count=total, untold=untold))
    return report_of(
        Given(
            workspace=ready.name,
            now=now,
            since=since,
            world=judged.world,
            rules=charter.rules,
            calendar=charter.calendar,
            findings=judged.reconciled.findings,
            unknown=judged.judgments.unknown,
            waiting=judged.reconciled.waiting,
            snapshots=store.snapshots(charter.calendar.day(min(since, now - SNAPSHOTS))),
            writes=store.ledger(limit=WRITES),
            histories=tuple(histories),
            set_aside=tuple(SetAside(key=each.handle.key, why=each.error) for each in store.problems()),
        )
    )


def _write(path: Path, page: str) -> None:
    """Write the page whole or not at all."""
    import os
    import tempfile

    made: Path | None = None
    path = path.resolve()  # a link stays one
    try:
        if path.exists() and not path.is_file():
            path.write_text(page, encoding="utf-8")  # a pipe, say; of a folder it tells that it is one
            return
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:100]}.", dir=path.parent)
        made = Path(name)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(page)
        if path.exists():  # a new one is its owner's alone, as the store is
            made.chmod(path.stat().st_mode & 0o777)
        made.replace(path)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ConfigError(f"{path}: can't be written: {reason}") from None
    finally:
        if made is not None:
            made.unlink(missing_ok=True)


def _summary(path: Path, found: "Report") -> str:
    from syncd.cli.text import counted

    asked = counted(len(found.decisions), "decision")
    told = counted(len(found.outcomes) + len(found.aside), "outcome")
    return f"{path}: {asked} needed, {told}, {counted(found.findings.count, 'finding')}."
