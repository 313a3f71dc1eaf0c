"""The whole program over one foreign server, pass by pass."""

from datetime import timedelta
from pathlib import Path

from syncd.cli.options import open_session
from syncd.cli.passes import read_trackers
from syncd.clock import ManualClock
from syncd.daemon.apply import Applied
from syncd.daemon.passes import apply_pass, plan_pass, settle_lost_writes
from tests.stores import new_store_file

RULES = """
rules:
  - id: no-outcome
    title: Not linked to an outcome
    when: {trace.state: unlinked}
    message: Nothing links it to an outcome.
"""
ROADMAP = "outcomes: [{id: fast, title: Checkout in one tap, horizon: now}]\n"


class Passes:
    """A configuration for one tracker, and the passes over it; each is a process of its own."""

    def __init__(self, folder: Path, clock: ManualClock, tracker: str) -> None:
        self.clock = clock
        self.config = folder / "config"
        self._folder = folder
        self.lose_store()
        self._write("default/trackers.yaml", f"stage: comment\ntrackers:\n{tracker}")
        self._write("default/roadmap.yaml", ROADMAP)
        self._write("default/rules/rules.yaml", RULES)

    def lose_store(self) -> None:
        stores = self._folder / f"store-{len(list(self._folder.iterdir()))}"
        self._write("syncd.yaml", f"store: sqlite:///{new_store_file(stores)}\n")

    def apply(self) -> Applied:
        self.clock.set(self.clock.now() + timedelta(minutes=1))
        with open_session(self.config, None, self.clock) as session:
            settle_lost_writes(session.workspace, session.clock)
            assert read_trackers(session)
            return apply_pass(session.workspace, plan_pass(session.workspace, session.clock), session.clock)

    def _write(self, name: str, text: str) -> None:
        path = self.config / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
