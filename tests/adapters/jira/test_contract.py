import pytest

from adapters.jira.adapter import JiraAdapter
from syncd.clock import ManualClock
from syncd.simulator.jira import JiraState
from syncd.simulator.server import SimulatorServer
from tests.adapters.contract import AdapterContract
from tests.adapters.jira.company import JiraHands


class TestJiraAdapter(AdapterContract):
    idle_requests = 1

    @pytest.fixture
    def tracker(self, tracker: JiraAdapter) -> JiraAdapter:
        return tracker

    @pytest.fixture
    def hands(self, state: JiraState, server: SimulatorServer, clock: ManualClock) -> JiraHands:
        return JiraHands(state, server, clock)
