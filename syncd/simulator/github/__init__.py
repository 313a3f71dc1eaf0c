"""A stateful GitHub in memory, served over HTTP by its routes: for the demo, for trying rules, for tests."""

from syncd.simulator.github.people import Role
from syncd.simulator.github.routes import routes
from syncd.simulator.github.state import GitHubState

__all__ = ["GitHubState", "Role", "routes"]
