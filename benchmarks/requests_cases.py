"""The cases of the benchmark of requests: what happens on the trackers, and what syncd may ask because of it."""

import math
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from benchmarks.bare_client import bare_poll
from benchmarks.service import Configure, Ground, everything_of, ground, write_config
from syncd.clock import ManualClock
from syncd.daemon.backfill import backfill
from syncd.daemon.census import census
from syncd.model.changes import Fate
from syncd.model.identity import ItemId
from syncd.simulator.github.records import PullRequest
from syncd.simulator.journal import Entry
from syncd.simulator.server import SimulatorServer, empty_states

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
ROWS_A_PAGE = 100
HISTORIES_A_REQUEST = 1_000
JIRA, GITHUB = "jira", "github"
_REMOTE = "/remotelink"
_MOST_PASSES = 50
_NO_END = 1_000_000
_READING = ("/search/jql", "/bulkfetch", "/jql/match")
"""What Jira is asked with a POST that changes nothing."""


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """Requests that an operation took, the most that it may take, and those of a bare client for the same."""

    operation: str
    ours: int
    goal: int | None = None
    floor: int | None = None

    @property
    def is_met(self) -> bool:
        """Return whether the goal is reached; what has none always is."""
        return self.goal is None or self.ours <= self.goal


def idle(count: int) -> Iterator[Figure]:
    """Yield what so many projects and repositories cost at first, and in a pass in which nothing has happened."""
    with small(count, count) as on:
        yield from _both(f"first poll of {count}", on.asked(on.poll))
        trackers, store = on.workspace.trackers.values(), on.workspace.store
        yield from _both(f"probe of {count}", on.asked(lambda: [each.probe() for each in trackers]))
        yield from _both(f"census of {count}", on.asked(lambda: [census(each, store, on.clock) for each in trackers]))
        on.annotate()
        on.run_pass()  # reads what was written
        on.later()
        asked, bare = on.asked(on.run_pass), _bare(on)
        yield _figure(f"idle pass, {count} projects of a Jira site", asked, bare, JIRA, 1)
        yield _figure(f"idle pass, {count} repositories", asked, bare, GITHUB, count)
        fresh = [entry for entry in of(asked, GITHUB) if entry.status != 304]
        yield Figure(operation=f"idle pass, {count} repositories: not a 304", ours=len(fresh), goal=0)


def changed(count: int) -> Iterator[Figure]:
    """Yield what it costs when so many items of one project and of one repository change, pull requests among them."""
    with small(2, 3, count + 60, told=0) as on:
        on.run_pass()
        on.later()
        _edit(on, range(1, count + 1))
        asked, bare = on.asked(on.run_pass), _bare(on)
        pages = math.ceil(count / ROWS_A_PAGE)
        yield _figure(f"{count} changed, Jira site", asked, bare, JIRA, pages)
        yield _figure(f"{count} changed in one of 3 repositories", asked, bare, GITHUB, pages + 2)


def selected(count: int) -> Iterator[Figure]:
    """Yield what outcomes by JQL cost: nothing while nothing happens, and one question about all that changed."""
    with small(2, 0, count + 60, told=0, configure=_with_jql) as on:
        on.run_pass()
        on.later()
        asked = on.asked(on.run_pass)
        yield Figure(operation="idle pass, outcomes by JQL", ours=len(of(asked, JIRA)), goal=1, floor=1)
        for number in range(1, count + 1):
            on.jira.edit_issue(f"P0-{number}", summary=f"Item {number}, again")
        asked, bare = on.asked(on.run_pass), _bare(on)
        yield _figure(f"{count} changed, outcomes by JQL", asked, bare, JIRA, math.ceil(count / ROWS_A_PAGE) + 1)


def _with_jql(folder: Path, server: SimulatorServer) -> None:
    trackers = everything_of(server, "outcomes: {jql: labels = goal}")
    write_config(folder, msgspec.structs.replace(trackers, repositories=()))


def blocked(count: int) -> Iterator[Figure]:
    """Yield what it costs when items change of which so many have blockers."""
    with small(1, 1, 3 * count, told=0) as on:
        for number in range(1, count + 1):
            on.jira.add_link("Blocks", f"P0-{number + count}", f"P0-{number}")
            on.github.set_blocked_by(f"acme/r0#{number}", f"acme/r0#{number + count}")
        on.later()
        on.run_pass()
        on.later()
        _edit(on, range(1, count + 3))
        asked, bare = on.asked(on.run_pass), _bare(on)
        yield _figure(f"{count + 2} changed, {count} with blockers, Jira", asked, bare, JIRA, 1)
        yield _figure(f"{count + 2} changed, {count} with blockers, GitHub", asked, bare, GITHUB, 1 + count)


def commented(count: int) -> Iterator[Figure]:
    """Yield what it costs when items change of which so many carry our comment."""
    with small(1, 1, 3 * count, told=count) as on:
        on.run_pass()
        on.later()
        on.run_pass()
        on.later()
        _edit(on, range(1, count + 3))
        all_asked, bare = on.asked(on.run_pass), _bare(on)
        asked = [entry for entry in all_asked if not entry.path.endswith(_REMOTE)]
        yield _figure(f"{count + 2} changed, {count} with our comment, Jira", asked, bare, JIRA, 1 + count)
        remote = len(all_asked) - len(asked)
        yield Figure(operation=f"remote links of {count} changed in play, Jira", ours=remote, goal=count, floor=count)
        yield _figure(f"{count + 2} changed, {count} with our comment, GitHub", asked, bare, GITHUB, 1 + count)
        yield Figure(operation="they are as they should be: writes", ours=len(writes(asked)), goal=0)


def histories(count: int) -> Iterator[Figure]:
    """Yield what it costs to learn what happened to so many items that changed, and to those that did not."""
    with small(1, 1, count + 5, told=0) as on:
        on.run_pass()
        asked = on.asked(lambda: _backfill(on))
        yield Figure(operation="histories of items that never changed", ours=len(asked), goal=0, floor=0)
        on.later()
        _edit(on, range(1, count + 1))
        on.run_pass()
        asked = on.asked(lambda: _backfill(on))
        jira, github = len(of(asked, JIRA)), len(of(asked, GITHUB))
        site = math.ceil(count / HISTORIES_A_REQUEST)
        yield Figure(operation=f"histories of {count} changed, Jira", ours=jira, goal=site, floor=site)
        yield Figure(operation=f"histories of {count} changed, GitHub", ours=github, goal=count, floor=count)


def annotated() -> Iterator[Figure]:
    """Yield what the first annotation of an item costs: a label and a comment."""
    with small(1, 1) as on:
        on.poll()
        asked = on.asked(on.annotate)
        yield Figure(operation="annotate one item first time, Jira", ours=len(of(asked, JIRA)), goal=2, floor=2)
        yield Figure(operation="annotate one item first time, GitHub", ours=len(of(asked, GITHUB)), goal=2, floor=2)


def second_pass(name: str, on: Ground) -> Iterator[Figure]:
    """Yield what annotating everything costs, and what the pass after it writes."""
    on.poll()
    items: set[ItemId] = set()
    asked: list[Entry] = []
    for _ in range(_MOST_PASSES):
        on.server.journal.clear()
        results = on.annotate().results
        asked += on.server.journal.entries()
        items |= {result.change.target for result in results if result.fate is Fate.APPLIED}
        if all(result.fate is Fate.APPLIED for result in results):
            break
        on.later(hours=1)  # GitHub lets nobody write faster
    on.later(minutes=1)
    of_all = sum(item.tracker in (JIRA, GITHUB) for item in items)
    yield Figure(operation=f"{name}: annotate {of_all} items first time", ours=len(asked), goal=2 * of_all)
    again = on.asked(on.run_pass)
    yield Figure(operation=f"{name}: writes of the second pass", ours=len(writes(again)), goal=0)
    yield Figure(operation=f"{name}: requests of the second pass", ours=len(again))


def small(
    projects: int, repositories: int, items: int = 3, *, told: int = 1, configure: Configure | None = None
) -> AbstractContextManager[Ground]:
    """Return so many places of so many items, the first ``told`` of each in play and unlinked, and a syncd on them.

    In repositories every third item after the tenth is a pull request.
    """
    clock = ManualClock(NOW)
    jira, github = empty_states(clock)
    quiet = NOW - timedelta(days=20)
    with jira.lock, github.lock:
        for place in range(projects):
            jira.catalogue.add_project(f"P{place}")
            for number in range(items):
                status = "In Progress" if number < told else "To Do"
                jira.add_issue(f"P{place}", f"Item {number}", status=status, created_at=quiet, updated_at=quiet)
        jira.reindex()
        for place in range(repositories):
            name = f"acme/r{place}"
            github.add_repository(name, private=True)
            for number in range(items):
                github.add_issue(
                    name,
                    f"Item {number}",
                    assignees=["ann"] if number < told else [],
                    pull_request=PullRequest() if number > 10 and number % 3 == 0 else None,
                    created_at=quiet,
                    updated_at=quiet,
                )
    return ground(jira, github, clock, configure)


def of(entries: Iterable[Entry], tracker: str) -> list[Entry]:
    """Return a tracker's requests."""
    return [entry for entry in entries if entry.tracker == tracker]


def writes(entries: Iterable[Entry]) -> list[Entry]:
    """Return the requests that change something."""
    return [entry for entry in entries if entry.method != "GET" and not entry.path.endswith(_READING)]


def _edit(on: Ground, numbers: Iterable[int]) -> None:
    for number in numbers:
        on.jira.edit_issue(f"P0-{number}", summary=f"Item {number}, again")
        on.github.edit_issue(f"acme/r0#{number}", title=f"Item {number}, again")


def _backfill(on: Ground) -> None:
    for tracker in on.workspace.trackers.values():
        read = backfill(tracker, on.workspace.store, on.clock, requests=_NO_END)
        assert (read.done, read.error) == (read.total, "")


def _bare(on: Ground) -> list[Entry]:
    """Return what a bare client asks for what changed in the last five minutes."""
    return on.asked(lambda: bare_poll(on, on.clock.now() - timedelta(minutes=5)))


def _figure(operation: str, asked: list[Entry], bare: list[Entry], tracker: str, goal: int) -> Figure:
    return Figure(operation=operation, ours=len(of(asked, tracker)), goal=goal, floor=len(of(bare, tracker)))


def _both(operation: str, asked: list[Entry]) -> Iterator[Figure]:
    yield Figure(operation=f"{operation} projects of a Jira site", ours=len(of(asked, JIRA)))
    yield Figure(operation=f"{operation} repositories", ours=len(of(asked, GITHUB)))
