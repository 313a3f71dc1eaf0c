import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from syncd.model.errors import StoreError
from syncd.store import Store, open_store
from syncd.store.engine import failing_as_one_line, open_database
from tests.builders import make_item
from tests.store.samples import make_page


def refusal(url: str) -> str:
    with pytest.raises(StoreError) as refused:
        open_store(url)
    text = str(refused.value)
    assert "\n" not in text
    return text


@pytest.mark.parametrize(
    ("url", "said"),
    [
        pytest.param("postgresql://u:secret@db/syncd", "PostgreSQL comes later", id="postgresql"),
        pytest.param("postgresql+psycopg://db/syncd", "PostgreSQL comes later", id="postgresql-driver"),
        pytest.param("mysql://u:secret@db/syncd", "no databases of kind 'mysql'", id="mysql"),
        pytest.param("var/syncd.db", "'var/syncd.db' is not a database URL", id="a-path"),
        pytest.param("", "is not a database URL", id="nothing"),
        pytest.param("sqlite://var/syncd.db", "after three slashes", id="two-slashes"),
        pytest.param("sqlite:///syncd.db?mode=ro", "after three slashes", id="options"),
    ],
)
def test_a_url_that_is_not_ours_is_refused_with_the_way_out(url: str, said: str):
    text = refusal(url)
    assert said in text
    assert "sqlite:///var/syncd.db" in text
    assert "secret" not in text


def test_the_folder_is_made(tmp_path: Path):
    open_store(f"sqlite:///{tmp_path}/a/b/syncd.db").close()
    assert (tmp_path / "a/b/syncd.db").exists()


def test_the_file_is_for_our_eyes_only(tmp_path: Path):
    open_store(f"sqlite:///{tmp_path}/syncd.db").close()
    assert (tmp_path / "syncd.db").stat().st_mode & 0o077 == 0


def test_a_relative_path_begins_at_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    store = open_store("sqlite:///var/syncd.db")
    store.workspace("default").save_page("jira", make_page(make_item()))
    monkeypatch.chdir("/")
    store.close()  # the next connection is a new one
    assert len(store.workspace("default").items()) == 1
    store.close()
    assert (tmp_path / "var/syncd.db").exists()


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path):
    (tmp_path / "var").write_text("")
    assert "can't be opened for writing" in refusal(f"sqlite:///{tmp_path}/var/syncd.db")


def test_a_file_that_is_a_folder_is_refused(tmp_path: Path):
    (tmp_path / "syncd.db").mkdir()
    assert "is a directory" in refusal(f"sqlite:///{tmp_path}/syncd.db")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_not_writable_is_refused(tmp_path: Path):
    tmp_path.chmod(0o500)
    assert "permission denied" in refusal(f"sqlite:///{tmp_path}/syncd.db")


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path):
    path = tmp_path / "syncd.db"
    path.write_text("period: {id: 2026-Q4}\n" * 100)
    assert "file is not a database" in refusal(f"sqlite:///{path}")
    assert path.read_text().startswith("period")


def test_a_database_of_another_program_is_refused_and_left_alone(tmp_path: Path):
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    assert "another program" in refusal(f"sqlite:///{path}")
    with sqlite3.connect(path) as connection:
        assert [name for (name,) in connection.execute("SELECT name FROM sqlite_master")] == ["recipes"]


def test_a_store_of_a_newer_syncd_is_refused(tmp_path: Path):
    path = tmp_path / "syncd.db"
    open_store(f"sqlite:///{path}").close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "newer syncd" in refusal(f"sqlite:///{path}")


def test_a_file_has_a_write_ahead_log_and_waits_for_other_writers(tmp_path: Path):
    database = open_database(f"sqlite:///{tmp_path}/syncd.db")
    with database.read() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
        }
    database.close()
    assert pragmas == {"journal_mode": "wal", "synchronous": 1, "busy_timeout": 30_000, "foreign_keys": 1}


def test_an_exception_in_a_transaction_leaves_nothing_behind():
    database = open_database("sqlite://")

    def fail() -> None:
        with database.write() as connection:
            connection.exec_driver_sql("INSERT INTO cursors VALUES ('default', 'jira', '1')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM cursors").scalar() == 0


def test_opening_a_new_store_waits_for_another_process_that_writes_to_it(tmp_path: Path):
    path = tmp_path / "syncd.db"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.2, other.execute, ["COMMIT"])
    release.start()
    open_store(f"sqlite:///{path}").close()
    release.join()
    assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    other.close()


def test_a_row_that_this_version_can_not_read_is_one_line(tmp_path: Path):
    path = tmp_path / "syncd.db"
    store = open_store(f"sqlite:///{path}")
    workspace = store.workspace("default")
    workspace.save_page("jira", make_page(make_item()))
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE items SET body = '{}'")
    with pytest.raises(StoreError, match="another version of syncd"):
        workspace.items()
    store.close()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        pytest.param("database is locked", "another process has been writing to it for 30 seconds", id="locked"),
        pytest.param("database or disk is full\ndetails", "database or disk is full", id="disk-full"),
    ],
)
def test_what_a_database_can_not_do_is_one_line(error: str, said: str):
    with pytest.raises(StoreError, match=f"^store syncd.db: {said}$"), failing_as_one_line("syncd.db"):
        raise sqlite3.OperationalError(error)


def test_a_reader_does_not_wait_for_a_writer(filed: Store, tmp_path: Path):
    workspace = filed.workspace("default")
    workspace.save_page("jira", make_page(make_item("PAY-1")))
    with sqlite3.connect(tmp_path / "var/syncd.db", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        assert len(workspace.items()) == 1
        other.execute("ROLLBACK")


def test_many_processes_may_open_a_new_store_at_the_same_time(url: str):
    code = f"from syncd.store import open_store; open_store({url!r}).workspace('default').begin_pass('apply', NOW)"
    code = f"from datetime import UTC, datetime; NOW = datetime(2026, 1, 1, tzinfo=UTC); {code}"
    running = [subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE) for _ in range(4)]
    assert [process.communicate()[1] for process in running] == [b""] * 4


def test_many_threads_may_open_a_new_store_at_the_same_time(url: str):
    failures: list[Exception] = []

    def opening() -> None:
        try:
            open_store(url).close()
        except StoreError as error:
            failures.append(error)

    threads = [threading.Thread(target=opening) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
