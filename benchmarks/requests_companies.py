"""Whole companies for the benchmark of requests: the one of the demo, and two real projects where their export is."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

from benchmarks.requests_cases import NOW, Figure, second_pass
from benchmarks.service import everything_of, ground, write_config
from syncd.clock import ManualClock
from syncd.simulator import scenario
from syncd.simulator.loading import load_github, load_jira
from syncd.simulator.server import SimulatorServer, empty_states

DATA = Path(os.environ.get("SYNCD_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")
_OUTCOMES = 6


def payments_company() -> Iterator[Figure]:
    """Yield the figures of the company of the demo."""
    clock = ManualClock(NOW)

    def configure(folder: Path, server: SimulatorServer) -> None:
        scenario.write_config(folder, jira_url=server.jira_url, github_url=server.github_url, now=NOW)

    with ground(*scenario.company(clock), clock, configure) as on:
        yield from second_pass("the demo's company", on)


def exported() -> Iterator[Figure]:
    """Yield the figures of the exported issues, nothing where there are none."""
    files = DATA / "jira-tidev.jsonl.gz", DATA / "github-bitcoin-core-gui.jsonl.gz"
    if not all(path.exists() for path in files):
        return
    clock = ManualClock(NOW)
    jira, github = empty_states(clock)
    load_jira(jira, files[0])
    load_github(github, files[1])

    def configure(folder: Path, server: SimulatorServer) -> None:
        # Most of what was exported rests: without the first of each backlog nothing would be in play.
        write_config(folder, everything_of(server, words="in_play: {top: 60}"), _roadmap(server))

    with ground(jira, github, clock, configure) as on:
        yield from second_pass("two real projects", on)


def _roadmap(server: SimulatorServer) -> str:
    """Return a roadmap of some epics and some milestones."""
    assert server.jira is not None
    assert server.github is not None
    epics = [issue for issue in server.jira.issues() if issue.type.hierarchy_level == 1][:_OUTCOMES]
    (repository,) = server.github.catalogue.repositories()
    milestones = server.github.catalogue.milestones(repository.id)[:_OUTCOMES]
    outcomes = [
        {
            "id": f"epic-{epic.id}",
            "title": epic.summary,
            "horizon": "now",
            "tracked_in": {"items": [f"jira:{epic.key}"]},
        }
        for epic in epics
    ]
    outcomes += [
        {
            "id": f"milestone-{each.number}",
            "title": each.title,
            "horizon": "now",
            "tracked_in": {"milestones": [f"github:{repository.full_name}: {each.title}"]},
        }
        for each in milestones
    ]
    period = {"id": "this", "from": "2020-01-01", "to": "2035-12-31"}
    return json.dumps({"period": period, "outcomes": outcomes})  # YAML is JSON, and more
