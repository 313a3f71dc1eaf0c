"""A stateful Jira Cloud in memory, served over HTTP by its routes: for the demo, for trying rules, for tests."""

from syncd.simulator.jira.routes import routes
from syncd.simulator.jira.state import JiraState

__all__ = ["JiraState", "routes"]
