"""The account that syncd uses on the simulated trackers: known to everybody, worth nothing elsewhere."""

from syncd.simulator.github import GitHubState, Role
from syncd.simulator.jira import JiraState
from syncd.simulator.jira.people import PERMISSIONS

LOGIN = "syncd-bot"
EMAIL = "bot@example.com"
TOKEN = "simulator"
ACCOUNT_ID = "712020:syncd-bot"


def admit_to_jira(state: JiraState) -> None:
    """Let the bot sign in to a Jira site, with every permission, as EMAIL with TOKEN."""
    state.people.add(ACCOUNT_ID, LOGIN, email=EMAIL, token=TOKEN, permissions=PERMISSIONS)


def admit_to_github(state: GitHubState) -> None:
    """Let the bot sign in to a GitHub with TOKEN, and push to every repository."""
    state.people.add(LOGIN, token=TOKEN, role=Role.WRITE)
