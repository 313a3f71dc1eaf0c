"""A made-up Jira and GitHub of any size for the benchmark of the first import: rows as large as real ones."""

import random
from datetime import UTC, datetime, timedelta

from syncd.clock import Clock, ManualClock
from syncd.simulator.github import GitHubState
from syncd.simulator.github.records import PullRequest
from syncd.simulator.jira import JiraState
from syncd.simulator.jira.records import Link
from syncd.simulator.server import empty_states

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
PROJECTS = ("PAY", "FRAUD")
REPOSITORIES = ("acme/checkout", "acme/sdk")
_PEOPLE = 40
_RELEASES = 12
_LABELS = ("bug", "enhancement", "checkout", "needs-design", "regression", "tech-debt", "good first issue")
_STATUSES = ("To Do", "In Progress", "Done", "Done")
_SPEECH = (
    "Shoppers wait on the payment step while the token is fetched; the parent service answers late.",
    "Seen since the last release on phones with a slow line: the total flickers, then it is zero “for a moment”.",
    "See https://wiki.acme.example/display/PAY/Retries?page=12 for what was tried before, and by whom.",
    "We agreed to retry once, after the issuer's own pause, and to tell the merchant what happened in between.",
    "Nobody sees which call blocks the others, because retries hide the cause and the trace ends at the queue.",
)


def filled(count: int, clock: Clock | None = None) -> tuple[JiraState, GitHubState]:
    """Return a Jira and a GitHub with ``count`` issues each, the same ones every time."""
    jira, github = empty_states(clock or ManualClock(NOW))
    with jira.lock, github.lock:
        _fill_jira(jira, count, random.Random(1))
        _fill_github(github, count, random.Random(2))
    return jira, github


def _fill_jira(state: JiraState, count: int, chance: random.Random) -> None:
    for number in range(_PEOPLE):
        state.people.add(_account(number), f"Person {number}")
    for key in PROJECTS:
        state.catalogue.add_project(key)
        for number in range(_RELEASES):
            state.catalogue.add_version(key, f"26.{number}", release_date=NOW.date() + timedelta(days=number * 14))
    for number in range(_RELEASES):
        state.catalogue.add_sprint(f"Sprint {number}", state="active" if number == _RELEASES - 1 else "closed")
    keys: list[str] = []
    ids: list[str] = []
    for number in range(count):
        project, created_at, updated_at = PROJECTS[number % len(PROJECTS)], *_times(number, count, chance)
        is_epic = number % 40 == 0
        issue = state.add_issue(
            project,
            chance.choice(_SPEECH)[:90],
            type="Epic" if is_epic else chance.choice(("Story", "Bug", "Task")),
            status=chance.choice(_STATUSES),
            parent=None if is_epic or not keys else keys[number // 40 * 40],
            labels=[label.replace(" ", "-") for label in chance.sample(_LABELS, chance.randrange(4))],
            fix_versions=[f"26.{chance.randrange(_RELEASES)}"] if chance.random() < 0.8 else [],
            sprints=[f"Sprint {chance.randrange(_RELEASES)}"] if chance.random() < 0.7 else [],
            assignee=_account(chance.randrange(_PEOPLE)) if chance.random() < 0.6 else None,
            reporter=_account(chance.randrange(_PEOPLE)),
            description=_wiki(chance),
            story_points=float(chance.choice((1, 2, 3, 5, 8))),
            created_at=created_at,
            updated_at=updated_at,
        )
        keys.append(issue.key)
        if number % 3 == 2:
            kind = state.catalogue.link_type_named(chance.choice(("Blocks", "Relates")))
            state.put_link(Link(state.catalogue.next_id(), kind, issue.id, chance.choice(ids)))
        ids.append(issue.id)
    state.reindex()


def _fill_github(state: GitHubState, count: int, chance: random.Random) -> None:
    for number in range(_PEOPLE):
        state.people.add(f"person-{number}", f"Person {number}")
    for name in REPOSITORIES:
        state.add_repository(name, private=True)
        for number in range(_RELEASES):
            state.add_milestone(name, f"26.{number}", due_on=NOW.date() + timedelta(days=number * 14))
    for number in range(count):
        created_at, updated_at = _times(number, count, chance)
        state.add_issue(
            REPOSITORIES[number % len(REPOSITORIES)],
            chance.choice(_SPEECH)[:90],
            type=chance.choice(("Bug", "Feature", "Task")),
            labels=chance.sample(_LABELS, chance.randrange(4)),
            milestone=f"26.{chance.randrange(_RELEASES)}" if chance.random() < 0.2 else None,
            assignees=[f"person-{chance.randrange(_PEOPLE)}"] if chance.random() < 0.3 else [],
            author=f"person-{chance.randrange(_PEOPLE)}",
            body=_markdown(chance),
            state=chance.choice(("open", "closed")),
            pull_request=PullRequest() if chance.random() < 0.33 else None,
            created_at=created_at,
            updated_at=updated_at,
        )


def _account(number: int) -> str:
    return f"712020:{number:08x}-5b1c-4f6e-9a53-0c4be2f1a7d2"


def _times(number: int, count: int, chance: random.Random) -> tuple[datetime, datetime]:
    """Return when an issue was made and last changed: in order over two years, changed at another second each."""
    created_at = NOW - timedelta(days=730) + timedelta(seconds=number * 720 * 86400 // count)
    return created_at, created_at + timedelta(seconds=chance.randrange(5 * 86400))


def _markdown(chance: random.Random) -> str:
    """Return a body of about a kilobyte, with the line ends of GitHub's own editor."""
    said = [" ".join(chance.sample(_SPEECH, 2)) for _ in range(chance.randrange(1, 5))]
    steps = [f"- {chance.choice(_SPEECH)[:50]}" for _ in range(chance.randrange(5))]
    return "\r\n\r\n".join([*said, "### Steps", "\r\n".join(steps), "```\r\nPOST /pay 504\r\n```"])


def _wiki(chance: random.Random) -> str:
    """Return a description of about a kilobyte in wiki markup; it is served as ADF."""
    said = [" ".join(chance.sample(_SPEECH, 2)) for _ in range(chance.randrange(1, 4))]
    steps = [f"# {chance.choice(_SPEECH)[:50]}" for _ in range(chance.randrange(5))]
    return "\n\n".join([*said, "h3. Steps", "\n".join(steps), "{code}POST /pay 504{code}"])
