"""The benchmark of the first import compares like with like."""

import pytest

from benchmarks import ingest
from benchmarks.ingest_data import NOW, filled
from syncd.clock import ManualClock
from syncd.simulator.server import SimulatorServer


@pytest.fixture(scope="module")
def url():
    clock = ManualClock(NOW)
    jira, github = filled(130, clock)
    with SimulatorServer(jira=jira, github=github, clock=clock) as server:
        yield server.url


def test_ours_polls_every_item_into_the_store(url):
    assert "260 items" in ingest.ours(url).did


@pytest.mark.parametrize("side", ["floor", "with_http", "columns"])
def test_every_bare_loop_inserts_the_same_rows(url, side):
    assert ingest.SIDES[side](url).did.startswith("260 rows")
