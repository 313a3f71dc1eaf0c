"""The whole program over a simulated Jira and GitHub: a project, a repository, a configuration, people's hands."""

import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from syncd.cli.options import Session, open_session
from syncd.cli.passes import read_trackers
from syncd.clock import Clock, ManualClock
from syncd.daemon.apply import Applied
from syncd.daemon.passes import apply_pass, plan_pass, settle_lost_writes
from syncd.daemon.reconcile import Judged
from syncd.model.changes import Change
from syncd.simulator.bot import ACCOUNT_ID, EMAIL, LOGIN, TOKEN
from syncd.simulator.faults import Fault
from syncd.simulator.jira.records import Comment as JiraComment
from syncd.simulator.server import SimulatorServer, empty_states
from tests.builders import NOW
from tests.stores import new_store_file

LABEL = "syncd:no-outcome"
OUTCOME = "outcome:checkout-latency"
TOKENS = {"JIRA_TOKEN": TOKEN, "GITHUB_TOKEN": TOKEN}
ADA = "712020:ada"
RULES = """
rules:
  - id: no-outcome
    title: Not linked to an outcome
    when: {trace.state: unlinked}
    message: Nothing links {item.title} to an outcome.
  - id: broken
    title: Names something that is not there
    when: {trace.state: broken}
    message: It names what is not there.
"""
ROADMAP = """
outcomes:
  - {id: checkout-latency, title: Shoppers finish checkout without waiting, horizon: now}
"""
_READING = ("/search/jql", "/issue/bulkfetch", "/changelog/bulkfetch", "/jql/match")


class Town:
    """Two trackers, ``jira`` with project PAY and ``github`` with acme/checkout, and one workspace over them."""

    def __init__(self, folder: Path, clock: Clock | None = None, *, private: bool = True) -> None:
        self.folder = folder
        self.clock = clock or ManualClock(NOW)
        self.jira, self.github = empty_states(self.clock)
        self.jira.people.add(ADA, "Ada")
        self.jira.catalogue.add_project("PAY", "Payments")
        self.github.add_repository("acme/checkout", private=private)
        self.github.people.add("ada", "Ada")
        self.server = SimulatorServer(self.jira, self.github, clock=self.clock)
        self.store_file = new_store_file(folder)
        self.configure()

    @property
    def config(self) -> Path:
        return self.folder / "config"

    # configuration

    def configure(
        self,
        *,
        stage: str = "comment",
        projects: str = "{PAY: {}}",
        repositories: str = "{acme/checkout: {}}",
        rules: str = RULES,
        roadmap: str = ROADMAP,
        settings: str = "",
    ) -> None:
        """Write the configuration."""
        trackers = f"""
stage: {stage}
trackers:
  jira:
    kind: jira
    url: {self.server.jira_url}
    auth: {{email: {EMAIL}, token: {{env: JIRA_TOKEN}}}}
    projects: {projects}
  github:
    kind: github
    url: {self.server.github_url}
    auth: {{token: {{env: GITHUB_TOKEN}}}}
    repositories: {repositories}
"""
        self.write("syncd.yaml", f"store: sqlite:///{self.store_file}\n{settings}")
        self.write("default/trackers.yaml", trackers)
        self.write("default/roadmap.yaml", roadmap)
        self.write("default/rules/rules.yaml", rules)

    def write(self, name: str, text: str) -> None:
        """Write one file of the configuration."""
        path = self.config / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    # passes in this process, in the clock's time

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Open what a command opens; every pass does, as if each were a new process."""
        self.pass_time(minutes=1)
        with open_session(self.config, None, self.clock) as session:
            yield session

    def apply(self) -> Applied:
        """Do what `syncd apply` does."""
        with self.session() as session:
            settle_lost_writes(session.workspace, session.clock)
            read_trackers(session)
            return apply_pass(session.workspace, plan_pass(session.workspace, session.clock), session.clock)

    def judge(self) -> Judged:
        """Do what `syncd plan` does."""
        with self.session() as session:
            read_trackers(session)
            return plan_pass(session.workspace, session.clock)

    def plan(self) -> tuple[Change, ...]:
        return self.judge().reconciled.plan.changes

    def planned(self) -> list[str]:
        """Return what would be written, a line each: ``PAY-1 add_label``."""
        return [f"{change.key} {change.action.value}" for change in self.plan()]

    def lose_store(self) -> None:
        """Begin with an empty store."""
        self.store_file = new_store_file(self.folder / "new")
        self.write("syncd.yaml", f"store: sqlite:///{self.store_file}\n")

    def pass_time(self, **span: float) -> None:
        if isinstance(self.clock, ManualClock):
            self.clock.set(self.clock.now() + timedelta(**span))

    def now(self) -> datetime:
        return self.clock.now()

    # the service on the wire

    def fault(self, **given: Any) -> None:
        """Let requests go wrong."""
        self.server.faults.add(Fault(**given))

    def writes(self, tracker: str | None = None) -> list[str]:
        """Return the requests since the last time that wrote something, and forget all."""
        entries = self.server.journal.entries(tracker)
        self.server.journal.clear()
        return [
            f"{entry.method} {entry.path}"
            for entry in entries
            if entry.method != "GET" and not entry.path.endswith(_READING)
        ]

    # processes

    def start(self, *arguments: str, env: Mapping[str, str] = TOKENS) -> subprocess.Popen[str]:
        """Start `syncd` as a process."""
        return subprocess.Popen(
            [sys.executable, "-c", "from syncd.cli import main; main()", *arguments, "--config", str(self.config)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(Path(__file__).parents[2]), **env},
        )

    def run(self, *arguments: str, env: Mapping[str, str] = TOKENS) -> subprocess.CompletedProcess[str]:
        """Run `syncd` as a process to its end."""
        process = self.start(*arguments, env=env)
        out, err = process.communicate(timeout=60)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)


class JiraSide:
    """One item of Jira and what people do to it."""

    tracker = "jira"

    def __init__(self, town: Town, title: str = "Load the card form once", **given: Any) -> None:
        self._state = town.jira
        self.key = town.jira.add_issue("PAY", title, **given).key

    @property
    def labels(self) -> tuple[str, ...]:
        return self._state.issue(self.key).labels

    def add_label(self, name: str) -> None:
        self._state.edit_issue(self.key, add_labels=[name])

    def remove_label(self, name: str) -> None:
        self._state.edit_issue(self.key, remove_labels=[name])

    def edit_title(self, title: str) -> None:
        self._state.edit_issue(self.key, summary=title)

    def _ours(self) -> Sequence[JiraComment]:
        return [comment for comment in self._state.comments(self.key) if comment.author_id == ACCOUNT_ID]

    @property
    def comments(self) -> list[str]:
        """Return our comments as text, oldest first."""
        return [text_of(comment.body.adf) for comment in self._ours()]

    def delete_comment(self) -> None:
        self._state.delete_comment(self._ours()[0].id)

    def edit_comment(self, text: str) -> None:
        self._state.edit_comment(self._ours()[0].id, text, ADA)

    def delete(self) -> None:
        self._state.delete_issue(self.key)


class GitHubSide:
    """One issue of GitHub and what people do to it."""

    tracker = "github"

    def __init__(self, town: Town, title: str = "Load the card form once", **given: Any) -> None:
        self._state = town.github
        issue = town.github.add_issue("acme/checkout", title, **given)
        self.key = town.github.key(issue)

    @property
    def labels(self) -> tuple[str, ...]:
        return self._state.issue(self.key).labels

    def add_label(self, name: str) -> None:
        self._state.add_label(self.key, name)

    def remove_label(self, name: str) -> None:
        self._state.remove_label(self.key, name)

    def edit_title(self, title: str) -> None:
        self._state.edit_issue(self.key, title=title)

    def _ours(self) -> list[Any]:
        return [comment for comment in self._state.comments(self.key) if comment.author == LOGIN]

    @property
    def comments(self) -> list[str]:
        """Return our comments as they are on the wire, oldest first."""
        return [comment.body for comment in self._ours()]

    def delete_comment(self) -> None:
        self._state.delete_comment(self._ours()[0].id)

    def edit_comment(self, text: str) -> None:
        """Edit below the hidden mark, as a person does."""
        mark = self.comments[0].partition("\n")[0]
        self._state.edit_comment(self._ours()[0].id, f"{mark}\n{text}")

    def delete(self) -> None:
        self._state.delete_issue(self.key)


SIDES: Mapping[str, Any] = {"jira": JiraSide, "github": GitHubSide}


def text_of(node: Mapping[str, Any]) -> str:
    """Return the text of an ADF node, a line per block."""
    inner = [text_of(child) for child in node.get("content", ())]
    end = "\n" if node.get("type") in ("paragraph", "heading") else ""
    return node.get("text", "") + "".join(inner) + end
