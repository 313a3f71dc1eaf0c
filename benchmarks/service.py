"""A syncd that is ready to run on simulated trackers: what the benchmarks of requests and of the import measure."""

import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import msgspec

from adapters.transport import Transport
from syncd.bootstrap import ready_workspaces
from syncd.clock import Clock, ManualClock
from syncd.configuration import load_configuration, packaged_config
from syncd.daemon.apply import Applied
from syncd.daemon.passes import Workspace, apply_pass, plan_pass, poll_all
from syncd.simulator.bot import EMAIL
from syncd.simulator.github import GitHubState
from syncd.simulator.jira import JiraState
from syncd.simulator.journal import Entry
from syncd.simulator.scenario import TOKENS
from syncd.simulator.server import SimulatorServer
from syncd.store import open_store

_LIMITS = "limits: {changes: 100000, share: 100%, removals: 100000, new_comments: 100000}\n"
_ROADMAP = """
period: {id: this, from: 2020-01-01, to: 2035-12-31}
outcomes:
  - {id: fast-checkout, title: Shoppers pay without waiting, horizon: now, status: active, target_date: 2030-01-01}
"""


class Trackers(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be read where; a tracker without places is left out. ``words``: keys of a tracker, in YAML."""

    jira_url: str = ""
    projects: Sequence[str] = ()
    github_url: str = ""
    repositories: Sequence[str] = ()
    words: str = ""

    @property
    def yaml(self) -> str:
        """Return them as a trackers.yaml."""
        lines = ["stage: comment", "trackers:"]
        if self.projects:
            lines += ["  jira:", "    kind: jira", f"    url: {self.jira_url}"]
            lines += [f"    auth: {{email: {EMAIL}, token: {{env: JIRA_TOKEN}}}}"]
            lines += _places("projects", self.projects, self.words)
        if self.repositories:
            lines += ["  github:", "    kind: github", f"    url: {self.github_url}"]
            lines += ["    auth: {token: {env: GITHUB_TOKEN}}"]
            lines += _places("repositories", self.repositories, self.words)
        return "\n".join([*lines, ""])


def _places(name: str, keys: Sequence[str], words: str) -> list[str]:
    listed = [f"      {json.dumps(key)}: {{audience: internal}}" for key in keys]
    return [*([f"    {words}"] if words else []), f"    {name}:", *listed]


def write_config(folder: Path, trackers: Trackers, roadmap: str = "") -> None:
    """Write a configuration folder with one workspace and the rules that ship with syncd."""
    rules = folder / "default" / "rules"
    rules.mkdir(parents=True)
    (folder / "syncd.yaml").write_text(_LIMITS, "utf-8")
    (folder / "default" / "trackers.yaml").write_text(trackers.yaml, "utf-8")
    (folder / "default" / "roadmap.yaml").write_text(roadmap or _ROADMAP, "utf-8")
    for shipped in sorted((packaged_config() / "default" / "rules").glob("*.yaml")):
        (rules / shipped.name).write_text(shipped.read_text("utf-8"), "utf-8")


@contextmanager
def service(folder: Path, clock: Clock) -> Iterator[Workspace]:
    """Give the one workspace that is configured in ``folder/config``, with a new store beside it."""
    configuration = load_configuration(folder / "config", {})
    store = open_store(f"sqlite:///{folder}/syncd.db")
    try:
        yield ready_workspaces(configuration, configuration.workspaces, store, clock, Transport(clock), TOKENS)[0]
    finally:
        store.close()


class Ground:
    """Simulated trackers that write a journal, and a syncd on them; the clock moves only where it is told to."""

    def __init__(self, server: SimulatorServer, workspace: Workspace, clock: ManualClock) -> None:
        self.server = server
        self.workspace = workspace
        self.clock = clock

    @property
    def jira(self) -> JiraState:
        """Return what the simulated Jira holds."""
        assert self.server.jira is not None
        return self.server.jira

    @property
    def github(self) -> GitHubState:
        """Return what the simulated GitHub holds."""
        assert self.server.github is not None
        return self.server.github

    def asked(self, work: Callable[[], object]) -> list[Entry]:
        """Return the requests that some work makes."""
        self.server.journal.clear()
        work()
        return self.server.journal.entries()

    def poll(self) -> None:
        """Read what changed, on all trackers; none may fail."""
        for polled in poll_all(self.workspace, self.clock):
            assert polled.error == ""
            assert (polled.failures, polled.problem_count) == ((), 0)

    def annotate(self) -> Applied:
        """Judge and send what is planned."""
        return apply_pass(self.workspace, plan_pass(self.workspace, self.clock), self.clock)

    def run_pass(self) -> None:
        """Poll, reconcile, apply."""
        self.poll()
        self.annotate()

    def later(self, **span: float) -> None:
        """Move the clock, by ten minutes unless said: out of the windows that overlap."""
        self.clock.set(self.clock.now() + timedelta(**(span or {"minutes": 10})))


Configure = Callable[[Path, SimulatorServer], object]
"""Writes the configuration folder for trackers that are served."""


@contextmanager
def ground(
    jira: JiraState, github: GitHubState, clock: ManualClock, configure: Configure | None = None
) -> Iterator[Ground]:
    """Serve the trackers and give a syncd that reads all there is, unless configured otherwise."""
    with SimulatorServer(jira=jira, github=github, clock=clock) as server, tempfile.TemporaryDirectory() as folder:
        (configure or _everything)(Path(folder) / "config", server)
        with service(Path(folder), clock) as workspace:
            yield Ground(server, workspace, clock)


def _everything(folder: Path, server: SimulatorServer) -> None:
    write_config(folder, everything_of(server))


def everything_of(server: SimulatorServer, words: str = "") -> Trackers:
    """Return all that a server serves."""
    assert server.jira is not None
    assert server.github is not None
    return Trackers(
        jira_url=server.jira_url,
        projects=[project.key for project in server.jira.projects()],
        github_url=server.github_url,
        repositories=[repository.full_name for repository in server.github.catalogue.repositories()],
        words=words,
    )
