"""`syncd backtest`: what rules would have said on the stored history, and what that would have cost."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from syncd.cli.options import ConfigOption, Session, WorkspaceOption, open_offline
from syncd.model.errors import ConfigError

if TYPE_CHECKING:
    from rules.engine import RuleSet
    from rules.world import WorldInput
    from syncd.backtest import Backtest, Variant
    from syncd.backtest.replay import Progress
    from syncd.documents import Document
    from syncd.model.identity import ItemId

SinceOption = Annotated[str, typer.Option("--since", help="How far back: 90d, or a day as 2026-08-30.")]
UntilOption = Annotated[
    str | None, typer.Option("--until", help="Up to the end of this day; else up to now.", show_default=False)
]
RulesOption = Annotated[
    Path | None,
    typer.Option("--rules", help="A folder of rules to try, in place of the workspace's.", show_default=False),
]
AgainstOption = Annotated[
    str | None,
    typer.Option("--against", help="Compare with the rules as they are at this git revision.", show_default=False),
]
RuleOption = Annotated[
    list[str] | None, typer.Option("--rule", help="Only this rule; may be said several times.", show_default=False)
]
FormatOption = Annotated[str, typer.Option("--format", help="text, json or markdown.")]
_FORMATS = ("text", "json", "markdown")
_DAYS = re.compile(r"([1-9]\d{0,3})d")


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command()(backtest)


def backtest(
    config: ConfigOption = None,
    workspace: WorkspaceOption = None,
    since: SinceOption = "90d",
    until: UntilOption = None,
    rules: RulesOption = None,
    against: AgainstOption = None,
    rule: RuleOption = None,
    form: FormatOption = "text",
) -> None:
    """Replay the stored history day by day: what rules would have said, for how long, and what writing it would cost.

    Nothing is read from a tracker and nothing is written.
    """
    if form not in _FORMATS:
        raise typer.BadParameter(f"read '{form}'; expected text, json or markdown", param_hint="--format")
    with open_offline(config, workspace) as session:
        found = _backtest(session, since, until, rules, against, tuple(rule or ()))
    _tell(found, form)


def _backtest(
    session: Session, since: str, until: str | None, folder: Path | None, against: str | None, ids: tuple[str, ...]
) -> "Backtest":
    from syncd.backtest import run, working_days

    charter, now = session.workspace.charter, session.clock.now()
    new, old = _variants(session, folder, against, ids)
    end = _end(until, now, charter.calendar.end)
    begin = _begin(since, end, charter.calendar.begin)
    given, gone_at = _given(session)
    if not given.items:
        raise ConfigError("the store holds no items yet: `syncd run` or `syncd plan` reads them")
    with _progress() as progress:
        return run(
            given,
            working_days(begin, end, charter.calendar),
            new,
            old,
            calendar=charter.calendar,
            gone_at=gone_at,
            team_stages=charter.team_stages,
            progress=progress,
        )


def _variants(
    session: Session, folder: Path | None, against: str | None, ids: tuple[str, ...]
) -> "tuple[Variant, Variant | None]":
    """Return the rules to replay, and those to compare them with: at a revision, else, for a folder's, today's."""
    from syncd.backtest import Variant

    files = session.files
    new = Variant(name="the rules", rules=session.workspace.charter.rules)
    old = None
    if folder is not None:
        old, new = new, Variant(name=f"the rules in {folder}", rules=_rules_in(folder))
    if against is not None:
        from syncd.cli.revisions import documents_at

        old = Variant(name=f"the rules at {against}", rules=_loaded(documents_at(files.folder, against)))
    if ids:
        known = {each.terms.id for variant in (new, old) if variant is not None for each in variant.rules.rules}
        _refuse_strangers(ids, known)
        new = Variant(name=new.name, rules=new.rules.with_rules(ids))
        old = Variant(name=old.name, rules=old.rules.with_rules(ids)) if old is not None else None
    return new, old


def _rules_in(folder: Path) -> "RuleSet":
    from syncd.documents import read_document

    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        raise ConfigError(f"no rules in '{folder}': it needs *.yaml files, as in a workspace's rules/")
    return _loaded([read_document(path, str(path)) for path in paths])


def _loaded(documents: "list[Document]") -> "RuleSet":
    from rules.facts.vocabulary import all_facts
    from rules.loader import load_rules

    return load_rules(documents, all_facts())


def _refuse_strangers(ids: tuple[str, ...], known: set[str]) -> None:
    from syncd.complaints import did_you_mean

    for rule_id in ids:
        if rule_id not in known:
            near = did_you_mean(rule_id, sorted(known))
            raise ConfigError(f"no rule '{rule_id}'.{near or ' `syncd check` counts them.'}")


def _given(session: Session) -> "tuple[WorldInput, dict[ItemId, datetime]]":
    from syncd.daemon.reconcile import world_of

    store = session.workspace.store
    return world_of(session.workspace.charter, store).given, store.gone_at()


def _end(until: str | None, now: datetime, end_of: Callable[[date], datetime]) -> datetime:
    if until is None:
        return now
    return min(end_of(_day(until, "--until")) - timedelta(seconds=1), now)


def _begin(since: str, end: datetime, begin_of: Callable[[date], datetime]) -> datetime:
    days = _DAYS.fullmatch(since)
    begin = end - timedelta(days=int(days[1])) if days else begin_of(_day(since, "--since"))
    if begin >= end:
        raise typer.BadParameter(f"read '{since}', which is not before {end:%Y-%m-%d}", param_hint="--since")
    return begin


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        allowed = "days as 90d, or a day as 2026-08-30" if option == "--since" else "a day as 2026-08-30"
        raise typer.BadParameter(f"read '{text}'; expected {allowed}", param_hint=option) from None


@contextmanager
def _progress() -> "Iterator[Progress]":
    """Show how many days are done on a terminal, nothing in a pipe."""
    from syncd.cli.progress import progress_of

    with progress_of("replaying", "days") as show:
        yield lambda done, total: show("history", done)


def _tell(found: "Backtest", form: str) -> None:
    from syncd.backtest.reports import json_of, markdown_lines, text_lines

    if form == "json":
        typer.echo(json_of(found))
        return
    for line in text_lines(found) if form == "text" else markdown_lines(found):
        typer.echo(line)
