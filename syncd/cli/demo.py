"""`syncd demo` and `syncd simulator`: syncd on simulated trackers, or the simulated trackers alone."""

import tempfile
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from syncd.cli.options import Session, open_session

if TYPE_CHECKING:
    from syncd.daemon.reconcile import Judged
    from syncd.model.changes import Change
    from syncd.simulator.server import SimulatorServer

SHOWN = 3
"""So many annotated items are shown whole."""


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command()(demo)
    app.command()(simulator)


def demo(
    once: bool = typer.Option(False, "--once", help="End after the second plan instead of serving on."),
    port: int = typer.Option(0, "--port", help="Port of the simulated trackers; 0: any that is free."),
) -> None:
    """Annotate the items of a small simulated payments company: no account, no network, a minute."""
    from syncd.clock import SystemClock
    from syncd.simulator.scenario import TOKENS, company, write_config
    from syncd.simulator.server import SimulatorServer

    clock = SystemClock()
    jira, github = company(clock)
    with (
        SimulatorServer(jira=jira, github=github, clock=clock, port=port) as server,
        tempfile.TemporaryDirectory(prefix="syncd-demo-") as name,
    ):
        server.lead_here()
        folder = Path(name)
        write_config(folder / "config", jira_url=server.jira_url, github_url=server.github_url, now=clock.now())
        env = {**TOKENS, "SYNCD_STORE": f"sqlite:///{folder}/syncd.db"}
        typer.echo("A small payments company on a simulated Jira and GitHub. Nothing leaves this machine.")
        with open_session(folder / "config", None, clock, env) as session:
            _first_passes(session, server)
        if not once:
            _serve_on(folder / "config", server, env)


def _first_passes(session: Session, server: "SimulatorServer") -> None:
    from syncd.cli.history import read_histories
    from syncd.cli.passes import read_trackers
    from syncd.cli.plans import applied_lines, plan_lines
    from syncd.daemon.passes import apply_pass, plan_pass

    charter = session.workspace.charter
    typer.echo("\n$ syncd history")
    read_trackers(session)
    read_histories(session)
    typer.echo("\n$ syncd plan")
    read_trackers(session)
    judged = plan_pass(session.workspace, session.clock)
    _tell(plan_lines(judged, charter, session.workspace.stage(), session.clock.now(), shown=8))
    typer.echo("\n$ syncd apply")
    _tell(applied_lines(apply_pass(session.workspace, judged, session.clock)))
    _show_annotated(judged)
    typer.echo("\n$ syncd plan")
    read_trackers(session)
    second = plan_pass(session.workspace, session.clock)
    _tell(plan_lines(second, charter, session.workspace.stage(), session.clock.now()))
    typer.echo(f"\nSee what was written: {server.url}/")


def _show_annotated(judged: "Judged") -> None:
    """Show the comments of the first items, as a reader of the tracker would see them."""
    from syncd.cli.text import comment_lines, plain
    from syncd.model.changes import Action

    created = [each for each in judged.reconciled.plan.changes if each.action is Action.CREATE_COMMENT]
    longest = {each.rule_ids: each for each in sorted(created, key=_length)}
    for change in sorted(longest.values(), key=_length, reverse=True)[:SHOWN]:
        item = judged.world.item(change.target)
        typer.echo(f"\n{change.key}  {plain(item.title) if item else ''}")
        if change.comment is not None:
            _tell(comment_lines(change.comment, indent="  | "))


def _length(change: "Change") -> int:
    """Return how long the comment is: the one on an epic for all its stories shows most."""
    return len(str(change.comment))


def _serve_on(config: Path, server: "SimulatorServer", env: Mapping[str, str]) -> None:
    """Run the service on the simulated trackers until Ctrl-C."""
    from datetime import timedelta

    from syncd.daemon.service import Service

    with open_session(config, None, env=env) as session:
        settings = session.configuration.settings
        service = Service(
            [session.workspace],
            session.clock,
            poll_every=timedelta(seconds=5),
            census_every=settings.poll.census,
        )
        try:
            service.start()
            typer.echo("The service polls every 5 seconds: take a label away there, and it stays away.")
            typer.echo(f"Requests so far: {server.url}/_simulator/journal. Ctrl-C ends the demo.")
            _wait_for_the_end()
        except KeyboardInterrupt:
            typer.echo("")
        finally:
            service.stop(timedelta(seconds=5))


def _wait_for_the_end() -> None:
    """Wait for Ctrl-C, which raises KeyboardInterrupt."""
    # One that comes just before an endless wait would never be seen.
    while not threading.Event().wait(1):
        pass


def _tell(lines: Iterable[str]) -> None:
    for line in lines:
        typer.echo(line)


def simulator(
    github: Annotated[list[Path] | None, typer.Option("--github", help="Exported GitHub issues, JSON lines.")] = None,
    jira: Annotated[list[Path] | None, typer.Option("--jira", help="Exported Jira issues, JSON lines.")] = None,
    port: Annotated[int, typer.Option("--port", help="Port on 127.0.0.1; 0: any that is free.")] = 8788,
) -> None:
    """Serve a simulated Jira and GitHub, empty or filled from exported issues, to try rules on real work."""
    from syncd.clock import SystemClock
    from syncd.simulator.bot import EMAIL
    from syncd.simulator.loading import load_github, load_jira
    from syncd.simulator.scenario import TOKENS, company
    from syncd.simulator.server import SimulatorServer, empty_states

    clock = SystemClock()
    if not github and not jira:
        jira_state, github_state = company(clock)
    else:
        jira_state, github_state = empty_states(clock)
    for path in jira or ():
        typer.echo(load_jira(jira_state, path).summary)
    for path in github or ():
        typer.echo(load_github(github_state, path).summary)
    with SimulatorServer(jira=jira_state, github=github_state, clock=clock, port=port) as server:
        server.lead_here()
        typer.echo(f"Jira    {server.jira_url}")
        typer.echo(f"GitHub  {server.github_url}")
        typer.echo(f"Pages   {server.url}/")
        for name, value in sorted({**TOKENS, "JIRA_EMAIL": EMAIL}.items()):
            typer.echo(f"export {name}={value}")
        try:
            typer.echo("Ctrl-C ends it.")
            _wait_for_the_end()
        except KeyboardInterrupt:
            typer.echo("")
