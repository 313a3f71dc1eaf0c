"""`syncd test`: the cases that stand beside the rules, run without a network."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from syncd.cli.options import ConfigOption, JsonOption, WorkspaceOption, read_configuration
from syncd.cli.text import counted, plain

if TYPE_CHECKING:
    from syncd.configuration import Configuration, WorkspaceFiles
    from syncd.testing import Case, Ground, Mismatch, Verdict

CASES = "rules/tests/*.yaml"
"""Where the cases of a workspace are."""

_LOOK_EVERY = 200
"""Milliseconds."""

RuleOption = Annotated[str | None, typer.Option("--rule", help="Look at this rule alone.", show_default=False)]
WatchOption = Annotated[bool, typer.Option("--watch", help="Run again whenever a file of the configuration changes.")]


class Tested(msgspec.Struct, frozen=True, kw_only=True):
    """The cases of one workspace, run. ``never_fired`` are rules that no case makes fire; ``off`` are not judged."""

    workspace: str
    verdicts: tuple["Verdict", ...]
    never_fired: tuple[str, ...]
    off: tuple[str, ...] = ()

    @property
    def failed(self) -> list["Verdict"]:
        """Return the cases that came otherwise than expected."""
        return [verdict for verdict in self.verdicts if verdict.mismatches]


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command("test")(cases)


def cases(
    config: ConfigOption = None,
    workspace: WorkspaceOption = None,
    rule: RuleOption = None,
    watch: WatchOption = False,
    as_json: JsonOption = False,
) -> None:
    """Run the cases beside the rules, and name the rules that no case makes fire."""
    if watch:
        import os

        from syncd.configuration import config_folder

        for _ in changes(config_folder(config, os.environ)):
            _run_and_tell(config, workspace, rule, as_json)
        return
    if not _run(config, workspace, rule, as_json):
        raise typer.Exit(1)


def changes(folder: Path) -> Iterator[None]:
    """Yield once at the beginning, and whenever a file below a folder that could matter has changed."""
    from watchfiles import watch

    # Its first word is a timeout: from then on nothing is missed, not even what is saved while cases are run.
    seen = watch(
        folder,
        watch_filter=lambda _, path: path.endswith((".yaml", ".yml", ".csv")),
        rust_timeout=_LOOK_EVERY,
        yield_on_timeout=True,
    )
    next(seen)
    yield
    for found in seen:
        if found:
            yield


def _run_and_tell(config: Path | None, workspace: str | None, rule: str | None, as_json: bool) -> None:
    """Run, and tell what is wrong with the files instead of ending with it."""
    from syncd.model.errors import ConfigError, ConfigErrors

    try:
        _run(config, workspace, rule, as_json)
    except (ConfigError, ConfigErrors) as error:
        for line in str(error).splitlines():
            typer.echo(line, err=True)


def _run(config: Path | None, workspace: str | None, rule: str | None, as_json: bool) -> bool:
    """Run and print; say whether all is as expected."""
    configuration = read_configuration(config)
    chosen = [configuration.workspace(workspace)] if workspace else configuration.workspaces
    tested = run_tests(configuration, chosen, rule)
    if as_json:
        typer.echo(msgspec.json.format(msgspec.json.encode([_row(each) for each in tested])).decode())
    else:
        for each in tested:
            for line in _lines(each, rule):
                typer.echo(line)
    return not any(each.failed for each in tested)


def run_tests(
    configuration: "Configuration", workspaces: Sequence["WorkspaceFiles"], rule: str | None = None
) -> list[Tested]:
    """Run the cases of workspaces; raises ConfigErrors with all that is wrong in their files, ConfigError where no
    workspace has the rule that was asked for.
    """
    from syncd.complaints import did_you_mean
    from syncd.model.errors import ConfigError, ConfigErrors
    from syncd.model.items import Stage
    from syncd.testing import judge_case

    grounds = [(files, ground_of(files, configuration)) for files in workspaces]
    ids = [each.terms.id for _, ground in grounds for each in ground.rules.rules]
    if rule is not None and rule not in ids:
        raise ConfigError(f"no rule '{rule}'.{did_you_mean(rule, ids)}")
    errors: list[ConfigError] = []
    loaded: list[tuple[WorkspaceFiles, Ground, tuple[Case, ...]]] = []
    for files, ground in grounds:
        try:
            loaded.append((files, ground, cases_of(files, ground)))
        except ConfigErrors as found:
            errors += found.errors
    if errors:
        raise ConfigErrors(errors)
    tested = []
    for files, ground, cases in loaded:
        verdicts = tuple(judge_case(case, rule) for case in cases if rule is None or rule in case.rules)
        fired = {each for verdict in verdicts for each in verdict.fired}
        looked_at = [each.terms for each in ground.rules.rules if rule in (None, each.terms.id)]
        judged = [terms.id for terms in looked_at if terms.stage is not Stage.OFF]
        tested.append(
            Tested(
                workspace=files.name,
                verdicts=verdicts,
                never_fired=tuple(each for each in judged if each not in fired),
                off=tuple(terms.id for terms in looked_at if terms.id not in judged),
            )
        )
    return tested


def ground_of(files: "WorkspaceFiles", configuration: "Configuration") -> "Ground":
    """Return what the cases of a workspace stand on: as in a pass, but as if its stage were ``comment``."""
    from syncd.bootstrap import charter_of
    from syncd.daemon.reconcile import policy_of
    from syncd.model.items import Stage
    from syncd.testing import Ground

    charter = charter_of(files, configuration.settings)
    return Ground(
        rules=charter.rules,
        roadmap=charter.roadmap,
        places=charter.places,
        policy=policy_of(charter, Stage.COMMENT),
    )


def cases_of(files: "WorkspaceFiles", ground: "Ground") -> tuple["Case", ...]:
    """Return the cases of a workspace; raises ConfigErrors with all that is wrong in their files."""
    from syncd.documents import read_leniently
    from syncd.testing import load_cases

    paths = sorted(files.folder.glob(CASES))
    documents = [read_leniently(path, f"{files.name}/{path.relative_to(files.folder)}") for path in paths]
    return load_cases(documents, ground)


def _lines(tested: Tested, rule: str | None) -> Iterator[str]:
    for verdict in tested.failed:
        yield from _diff(verdict)
        yield ""
    count, failed = len(tested.verdicts), len(tested.failed)
    if not count:
        named = f" that looks at {rule}" if rule else f" in {tested.workspace}/{CASES}"
        yield f"{tested.workspace}: no case{named}"
    else:
        yield f"{tested.workspace}: {counted(count, 'case')}, " + (f"{failed:,} failed" if failed else "none failed")
    if tested.off:
        yield f"{tested.workspace}: these rules are off, and nothing is expected of them: {', '.join(tested.off)}"
    if tested.never_fired:
        yield f"{tested.workspace}: no case makes these rules fire: {', '.join(tested.never_fired)}"


def _diff(verdict: "Verdict") -> Iterator[str]:
    case = verdict.case
    yield f"{case.file}:{case.line}:{case.column}: {plain(case.name)}"
    for each in verdict.mismatches:
        yield from _difference(each, len(case.steps) > 1)


def _difference(mismatch: "Mismatch", has_steps: bool) -> Iterator[str]:
    step = f" (step {mismatch.step}, line {mismatch.line})" if has_steps else ""
    yield f"  {mismatch.rule}: {plain(mismatch.subject)}{step}"
    yield f"    - expected  {plain(mismatch.expected)}"
    yield f"    + got       {plain(mismatch.got)}"
    for fact, value in mismatch.facts:
        yield f"                {fact} {plain(value, 80)}"


def _row(tested: Tested) -> dict[str, object]:
    return {
        "workspace": tested.workspace,
        "cases": [
            {
                "file": verdict.case.file,
                "line": verdict.case.line,
                "name": verdict.case.name,
                "passed": not verdict.mismatches,
                "mismatches": [msgspec.to_builtins(each) for each in verdict.mismatches],
            }
            for verdict in tested.verdicts
        ],
        "never_fired": list(tested.never_fired),
        "off": list(tested.off),
    }
