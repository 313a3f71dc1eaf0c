"""What the first import costs: processor time of the poll step, the trackers in another process, beside bare loops.

``python -m benchmarks.ingest [ISSUES] [RUNS]``: half of the issues are on a Jira site, half in two GitHub repositories.
The goal is against the floor: json.loads and one SQLite insert per row, over bodies that were fetched before.
"""

import json
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import requests

from adapters.jira.fields import fields_from_rows
from adapters.jira.searching import everything
from benchmarks.ingest_data import NOW, PROJECTS, REPOSITORIES, filled
from benchmarks.service import Trackers, service, write_config
from syncd.clock import ManualClock
from syncd.daemon.passes import poll_all
from syncd.simulator.bot import EMAIL, TOKEN
from syncd.simulator.server import SimulatorServer

GOAL = 3.0


class Took(msgspec.Struct):
    """What one process measured: seconds of processor time, and what it did."""

    seconds: float
    did: str


def main(count: int = 20_000, runs: int = 3) -> None:
    """Measure all sides in turns, each in a process of its own, and print what came of it."""
    took: dict[str, list[Took]] = {side: [] for side in SIDES}
    with _trackers(count // 2) as url:
        for _ in range(runs):
            for side, results in took.items():
                results.append(_measured(side, url))
    seconds = {side: statistics.median(each.seconds for each in found) for side, found in took.items()}
    for side, found in took.items():
        print(f"{side:12} {seconds[side]:6.2f} s   x {seconds['ours'] / seconds[side]:5.2f}   {found[0].did}")
    ratio = seconds["ours"] / seconds["floor"]
    print(f"ratio {ratio:.2f}      goal <= {GOAL:g}: {'met' if ratio <= GOAL else 'missed'}")


def ours(url: str) -> Took:
    """Poll both trackers into a new store."""
    clock = ManualClock(NOW)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_config(
            folder / "config",
            Trackers(jira_url=f"{url}/jira", projects=PROJECTS, github_url=f"{url}/github", repositories=REPOSITORIES),
        )
        with service(folder, clock) as workspace:
            began = time.process_time()
            polled = poll_all(workspace, clock)
            seconds = time.process_time() - began
            assert [each.error for each in polled] == ["", ""]
            return Took(seconds, f"poll step: {len(workspace.store.items()):,} items, HTTP and the store included")


def floor(url: str) -> Took:
    """Decode bodies that are there already, and insert every row as JSON."""
    return _inserted(list(_bodies(url)), _whole, "json.loads, and an insert of the row")


def with_http(url: str) -> Took:
    """Fetch the same pages with a bare session, decode them and insert every row as JSON."""
    return _inserted(_bodies(url), _whole, "requests, json.loads, and an insert of the row")


def columns(url: str) -> Took:
    """Decode bodies that are there already, and insert no more than three short texts of every row."""
    return _inserted(list(_bodies(url)), _short, "json.loads, and an insert of id, title and time alone")


SIDES: dict[str, Callable[[str], Took]] = {"ours": ours, "floor": floor, "with_http": with_http, "columns": columns}


def _whole(row: dict[str, Any]) -> tuple[object, ...]:
    return row["id"], row.get("key"), json.dumps(row)


def _short(row: dict[str, Any]) -> tuple[object, ...]:
    fields = row.get("fields", row)
    return row["id"], fields.get("summary") or fields.get("title"), fields.get("updated") or fields.get("updated_at")


def _inserted(bodies: Iterable[bytes], values: Callable[[dict[str, Any]], tuple[object, ...]], did: str) -> Took:
    """Insert the rows of pages, a transaction a page, into a database that is as careful as ours."""
    with tempfile.TemporaryDirectory() as folder, sqlite3.connect(Path(folder) / "floor.db") as connection:
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = normal")
        connection.execute("create table items (id primary key, name, body)")
        began, count, size = time.process_time(), 0, 0
        for body in bodies:
            page = json.loads(body)
            for row in page["issues"] if isinstance(page, dict) else page:
                connection.execute("insert or replace into items values (?, ?, ?)", values(row))
                count += 1
            connection.commit()
            size += len(body)
        seconds = time.process_time() - began
    return Took(seconds, f"{count:,} rows of {size / count:,.0f} bytes: {did}")


def _bodies(url: str) -> Iterator[bytes]:
    """Yield the pages that a first import asks for, one after the other."""
    yield from _jira_bodies(f"{url}/jira/rest/api/3")
    for name in REPOSITORIES:
        yield from _github_bodies(f"{url}/github/repos/{name}/issues")


def _jira_bodies(api: str) -> Iterator[bytes]:
    with requests.Session() as session:
        session.auth = (EMAIL, TOKEN)
        fields = fields_from_rows(session.get(f"{api}/field").json(), ()).asked
        asked: dict[str, object] = {"jql": everything(PROJECTS), "fields": fields, "maxResults": 100}
        while True:
            body = session.post(f"{api}/search/jql", json=asked).content
            yield body
            following = _TOKEN.search(body[-400:])
            if following is None:
                return
            asked["nextPageToken"] = following[1].decode()


def _github_bodies(issues: str) -> Iterator[bytes]:
    with requests.Session() as session:
        session.headers["Authorization"] = f"token {TOKEN}"
        following = f"{issues}?state=all&sort=updated&direction=asc&per_page=100"
        while following:
            answer = session.get(following)
            yield answer.content
            following = answer.links.get("next", {}).get("url", "")


_TOKEN = re.compile(rb'"nextPageToken":"([^"]+)"')


@contextmanager
def _trackers(count: int) -> Iterator[str]:
    """Serve the trackers in another process and give their address."""
    command = [sys.executable, "-m", "benchmarks.ingest", "serve", str(count)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.stdin.close()


def _serve(count: int) -> None:
    jira, github = filled(count)
    with SimulatorServer(jira=jira, github=github, clock=ManualClock(NOW)) as server:
        print(server.url, flush=True)
        sys.stdin.read()


def _measured(side: str, url: str) -> Took:
    command = [sys.executable, "-m", "benchmarks.ingest", side, url]
    out = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    return msgspec.json.decode(out, type=Took)


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        _serve(int(sys.argv[2]))
    elif sys.argv[1:] and sys.argv[1] in SIDES:
        sys.stdout.buffer.write(msgspec.json.encode(SIDES[sys.argv[1]](sys.argv[2])))
    else:
        main(*(int(argument) for argument in sys.argv[1:3]))
