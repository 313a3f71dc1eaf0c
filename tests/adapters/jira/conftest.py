from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from adapters.jira.adapter import JiraAdapter
from adapters.transport import Transport
from syncd.clock import ManualClock
from syncd.simulator.bot import admit_to_jira
from syncd.simulator.jira import JiraState
from syncd.simulator.server import SimulatorServer
from tests.adapters.jira.company import adapter_for

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def state(clock: ManualClock) -> JiraState:
    # A profile far from UTC: no request may depend on it.
    state = JiraState(clock, time_zone="Asia/Kolkata")
    admit_to_jira(state)
    state.people.add("712020:ada", "Ada", email="ada@example.com", token="hers", time_zone="Pacific/Auckland")
    state.catalogue.add_project("PAY", "Payments")
    state.catalogue.add_project("FRAUD", "Fraud checks")
    return state


@pytest.fixture(scope="session")
def afterwards() -> Iterator[ThreadPoolExecutor]:
    """Stopping a server takes a fifth of a second, which no test waits for."""
    with ThreadPoolExecutor(8) as pool:
        yield pool


@pytest.fixture
def server(state: JiraState, clock: ManualClock, afterwards: ThreadPoolExecutor) -> Iterator[SimulatorServer]:
    server = SimulatorServer(state, None, clock=clock).start()
    yield server
    afterwards.submit(server.stop)


@pytest.fixture
def transport(clock: ManualClock) -> Transport:
    return Transport(clock)


@pytest.fixture
def tracker(server: SimulatorServer, clock: ManualClock, transport: Transport) -> JiraAdapter:
    return adapter_for(server.jira_url, clock, transport)
