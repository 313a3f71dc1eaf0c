"""Pages for people: what stands in the simulated trackers, so that one can see what syncd wrote."""

from starlette.routing import BaseRoute

from syncd.simulator.github import GitHubState
from syncd.simulator.jira import JiraState


def page_routes(jira: JiraState | None, github: GitHubState | None) -> list[BaseRoute]:
    """Return the routes of the pages."""
    return []
