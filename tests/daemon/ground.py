"""A workspace over memory trackers, a store on a file, and a clock that the test moves."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from adapters.board import Board, Remark
from adapters.contract import Tracker
from adapters.memory import US, MemoryTracker
from rules.facts.vocabulary import all_facts
from rules.loader import load_rules
from rules.roadmap.loader import Roadmap
from syncd.clock import ManualClock
from syncd.daemon.apply import Applied
from syncd.daemon.passes import Workspace, apply_pass, plan_pass, poll_tracker
from syncd.daemon.poll import Polled
from syncd.daemon.reconcile import Charter, Judged
from syncd.documents import parse_document
from syncd.model.changes import Action, Change, Ownership
from syncd.model.identity import Handle, PlaceId
from syncd.model.items import Place, Stage
from syncd.model.words import Words
from syncd.planner.limits import Limits
from syncd.store import WorkspaceStore, open_store
from tests.builders import NOW
from tests.stores import new_store_file

LABEL = "syncd:no-outcome"
RULES = """
rules:
  - id: no-outcome
    title: Not linked to an outcome
    when: {trace.state: unlinked}
    message: Nothing links this to an outcome.
"""
OWNER = "syncd/default"


class Ground:
    """Everything of one workspace; ``names`` are its trackers, each with one place PAY."""

    def __init__(self, folder: Path, *names: str, page_size: int = 100) -> None:
        self.clock = ManualClock(NOW)
        self.boards = {name: Board(self.clock, name) for name in names or ("memory",)}
        self.board = next(iter(self.boards.values()))
        self.trackers: dict[str, Tracker] = {
            name: MemoryTracker(board, owner=OWNER, page_size=page_size) for name, board in self.boards.items()
        }
        self._folder = folder
        self._url = f"sqlite:///{new_store_file(folder)}"
        self._stores = [open_store(self._url)]

    @property
    def store(self) -> WorkspaceStore:
        return self._stores[-1].workspace("default")

    @property
    def workspace(self) -> Workspace:
        places = {place: Place(id=place, words=Words()) for board in self.boards.values() for place in board.places}
        charter = Charter(
            places=places,
            roadmap=Roadmap(outcomes=()),
            rules=load_rules([parse_document(RULES, "rules.yaml")], all_facts()),
            owner=OWNER,
            prefix="syncd:",
            stage=Stage.COMMENT,
            limits=Limits(changes=1000, share=1.0, removals=1000, new_comments=1000),
        )
        return Workspace(name="default", charter=charter, trackers=self.trackers, store=self.store)

    def restart(self) -> None:
        """Open the same file again, as the next process does."""
        self._stores.append(open_store(self._url))

    def lose_store(self) -> None:
        """Begin with an empty store, over the same trackers."""
        self._url = f"sqlite:///{new_store_file(self._folder / 'new')}"
        self.restart()

    def close(self) -> None:
        for store in self._stores:
            store.close()

    # steps of a pass

    def poll(self, name: str = "memory") -> Polled:
        self.pass_time(minutes=1)
        return poll_tracker(self.workspace, name, self.clock)

    def plan(self) -> Judged:
        return plan_pass(self.workspace, self.clock)

    def apply(self) -> Applied:
        return apply_pass(self.workspace, self.plan(), self.clock)

    def settle(self) -> Applied:
        """Poll every tracker, and write."""
        for name in self.boards:
            self.poll(name)
        return self.apply()

    def pass_time(self, **span: float) -> None:
        self.clock.set(self.clock.now() + timedelta(**span))

    # what is there

    def labels(self, item: Handle) -> tuple[str, ...]:
        return self.boards[item.id.tracker].items[item.id.native_id].labels

    def ours(self, item: Handle) -> tuple[Remark, ...]:
        """Return our comments under an item."""
        remarks = self.boards[item.id.tracker].remarks(item.id)
        return tuple(remark for remark in remarks if remark.author == US.account)

    def owned(self, item: Handle) -> Ownership:
        return self.store.ownership()[item.id]

    def actions(self) -> list[Action]:
        """Return what the next plan would do."""
        return [change.action for change in self.plan().reconciled.plan.changes]

    def place(self, name: str = "memory") -> PlaceId:
        return self.boards[name].places[0]


def comment_change(ground: Ground, item: Handle) -> Change:
    """Return the change that comments on an item, as the next plan has it."""
    changes: Iterator[Change] = iter(ground.plan().reconciled.plan.changes)
    return next(each for each in changes if each.target == item.id and each.action is Action.CREATE_COMMENT)
