import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from syncd.model.baselines import KeptText
from syncd.model.changes import Action, Fate, Observation
from syncd.model.errors import StoreError
from syncd.model.identity import Handle, PlaceId
from syncd.model.outcomes import Reading
from syncd.model.reading import CensusPage, Cursor, PlaceFailure, Problem
from syncd.model.snapshots import Counts, Snapshot, SuggestionIndex
from syncd.store import Store, open_store
from syncd.store.tables import metadata
from tests.builders import NOW, blocks, item_id, make_baseline, make_container, make_item, make_outcome
from tests.store.samples import make_change, make_finding, make_page, minutes, write

ROOT = Path(__file__).parents[2]
PAY = PlaceId("jira", "PAY")


def fill(store: Store, name: str, title: str) -> None:
    """Leave a row in every table."""
    workspace = store.workspace(name)
    broken = make_item("PAY-8")
    problem = Problem(handle=Handle(broken.id, broken.key), place=PAY, error=title, seen_at=NOW)
    failure = PlaceFailure(PAY, title)
    containers = (make_container(title),)
    page = make_page(make_item("PAY-1", title="x", links=(blocks("PAY-2"),)), make_item("PAY-3"), containers=containers)
    workspace.save_page("jira", page)
    moved = replace(make_item("PAY-1", title=title, updated_at=minutes(1)), key="FRAUD-1")
    workspace.save_page(
        "jira", make_page(moved, problems=(problem,), failures=(failure,), cursor=Cursor("jira", title), at=minutes(1))
    )
    for at in (2, 3):
        census_id = workspace.begin_census("jira", minutes(at))
        workspace.record_census(
            census_id, CensusPage(place=PAY, handles=(Handle(item_id("PAY-1"), ""),), complete=True)
        )
        if at == 2:
            workspace.finish_census(census_id, minutes(at))
    workspace.begin_pass("apply", NOW)
    write(workspace, make_change(label=f"syncd:{title}"))
    write(workspace, make_change(label=f"syncd:{title}"), Fate.UNKNOWN)
    workspace.save_observations([Observation(item=item_id("PAY-1"), stamp=NOW, labels=(title,))])
    workspace.save_findings([make_finding(rule_id=title)], NOW)
    workspace.save_outcomes([make_outcome(title=title)], NOW)
    workspace.save_reading("speed", title, Reading(NOW.date(), 2.1), NOW)
    workspace.save_waiting([(make_change(), title)], NOW)
    workspace.add_baselines([make_baseline(f"PAY-{len(title)}")])
    workspace.keep_texts([KeptText(item=item_id("PAY-1"), at=NOW, words=title)])
    workspace.save_snapshot(Snapshot(day=NOW.date(), taken_at=NOW, counts={title: Counts()}, index=SuggestionIndex()))


def rows_of(store: Store, name: str) -> dict[str, list[tuple]]:
    with store._database.read() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).where(table.c.workspace_id == name))]
            for table in metadata.sorted_tables
        }


def test_two_workspaces_do_not_see_each_other(filed: Store):
    fill(filed, "payments", "one")
    payments = rows_of(filed, "payments")
    assert all(payments.values()), {table: rows for table, rows in payments.items() if not rows}
    empty = rows_of(filed, "fraud")
    assert not any(empty.values())
    fill(filed, "fraud", "two")
    assert rows_of(filed, "payments") == payments
    fraud = filed.workspace("fraud")
    fraud.mark_gone(list(fraud.items()), minutes(9))
    fraud.save_waiting([], minutes(9))
    fraud.save_outcomes([], minutes(9))
    fraud.remove_reading("speed", "two", NOW.date())
    assert rows_of(filed, "payments") == payments


def test_everything_is_there_after_it_was_opened_again(url: str):
    first = open_store(url)
    fill(first, "default", "one")
    before = rows_of(first, "default")
    first.close()
    again = open_store(url)
    assert rows_of(again, "default") == before
    again.close()


def at_once(*actions: Callable[[], None]) -> None:
    """Run the actions on threads of their own and raise what one of them raised."""
    with ThreadPoolExecutor(max_workers=len(actions)) as pool:
        for future in [pool.submit(action) for action in actions]:
            future.result()


@pytest.mark.parametrize("store_count", [pytest.param(1, id="one-store"), pytest.param(2, id="two-stores-on-one-file")])
def test_threads_write_and_read_at_the_same_time(url: str, store_count: int):
    stores = [open_store(url) for _ in range(store_count)]

    def polling(number: int) -> Callable[[], None]:
        def poll() -> None:
            workspace = stores[number % store_count].workspace("default")
            for page in range(20):
                items = [make_item(f"PAY-{number}{page:02}{each}") for each in range(5)]
                workspace.save_page(f"jira{number}", make_page(*items, cursor=Cursor("", str(page))))
                workspace.items()

        return poll

    def applying() -> None:
        workspace = stores[-1].workspace("default")
        for at in range(40):
            write(workspace, make_change(f"PAY-{at}"), at=at)

    at_once(*(polling(number) for number in range(4)), applying, applying)
    workspace = stores[0].workspace("default")
    assert len(workspace.ledger(limit=1000)) == 80
    assert len({entry.intent_id for entry in workspace.ledger(limit=1000)}) == 80
    assert [workspace.cursor(f"jira{number}") for number in range(4)] == [Cursor(f"jira{n}", "19") for n in range(4)]
    for store in stores:
        store.close()


def test_threads_share_a_store_in_memory():
    store = open_store("sqlite://")

    def work() -> None:
        for at in range(20):
            write(store.workspace("default"), make_change(f"PAY-{at}"), at=at)
            store.workspace("default").ownership()

    at_once(work, work, work)
    assert len(store.workspace("default").ledger(limit=1000)) == 60


def test_a_write_that_was_cut_off_is_found_after_the_start(url: str):
    lost = open_store(url)
    changes = [make_change("PAY-1", Action.CREATE_COMMENT), make_change("PAY-2", Action.CREATE_COMMENT)]
    sent = lost.workspace("default").add_intents(1, "b1", changes, minutes(1))
    write(lost.workspace("default"), make_change("PAY-3"))
    lost.close()
    again = open_store(url)
    assert again.workspace("default").open_intents("jira") == sent
    assert [intent.unknown_at for intent in sent] == [None, None]
    assert len(again.workspace("default").recent_writes(minutes(0))) == 3
    again.close()


POLLER = """
import sys
from syncd.model.reading import Cursor
from syncd.store import open_store
from tests.builders import make_item
from tests.store.samples import make_page, minutes
workspace = open_store(sys.argv[1]).workspace("default")
for page in range(1_000_000):
    items = [make_item(f"PAY-{number}", title=str(page), updated_at=minutes(page)) for number in range(50)]
    workspace.save_page("jira", make_page(*items, at=minutes(page), cursor=Cursor("jira", str(page))))
    print(page, flush=True)
"""


def test_a_killed_process_leaves_whole_pages(url: str):
    for _ in range(3):
        process = subprocess.Popen([sys.executable, "-c", POLLER, url], stdout=subprocess.PIPE, text=True, cwd=ROOT)
        assert process.stdout is not None
        for _ in range(5):
            last = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        process.communicate()
        store = open_store(url)
        workspace = store.workspace("default")
        cursor = workspace.cursor("jira")
        assert cursor is not None
        assert int(cursor.state) >= last
        assert len({item.title for item in workspace.items().values()}) == 1
        with store._database.read() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        store.close()


def test_one_process_writes_to_the_trackers(url: str):
    daemon, command = open_store(url), open_store(url)
    with daemon.sole_writer(), pytest.raises(StoreError, match="is writing to the trackers"):
        command.sole_writer().__enter__()
    with command.sole_writer():
        pass
    daemon.close()
    command.close()


def test_one_thread_writes_to_the_trackers(filed: Store):
    with filed.sole_writer(), pytest.raises(StoreError, match="already writing"):
        filed.sole_writer().__enter__()


def test_a_failure_of_the_sole_writer_is_its_own(filed: Store):
    with pytest.raises(BlockingIOError), filed.sole_writer():
        raise BlockingIOError
    with filed.sole_writer():
        pass


def test_a_killed_writer_holds_nothing(url: str, filed: Store):
    code = f"""
import signal
from syncd.store import open_store
with open_store({url!r}).sole_writer():
    print("mine", flush=True)
    signal.pause()
"""
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "mine\n"
    with pytest.raises(StoreError, match=f"process {process.pid} is writing"):
        filed.sole_writer().__enter__()
    process.kill()
    process.communicate()
    with filed.sole_writer():
        pass
