"""Fills a simulated Jira and GitHub with the payments company; every time is relative to the clock's now."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from syncd.clock import Clock
from syncd.simulator.bot import ACCOUNT_ID, admit_to_github, admit_to_jira
from syncd.simulator.github import GitHubState, Role
from syncd.simulator.github.records import PullRequest
from syncd.simulator.jira import JiraState
from syncd.simulator.jira.records import Link
from syncd.simulator.scenario import cast
from syncd.simulator.scenario.fraud_and_legal import FRAUD, LEGAL, OPERATIONS
from syncd.simulator.scenario.past import day_ahead, moment, names_in, tell_ticket, tell_work
from syncd.simulator.scenario.payments import TICKETS as PAYMENTS
from syncd.simulator.scenario.repositories import CHECKOUT, SDK
from syncd.simulator.scenario.tables import Ticket, Work

_PEOPLE = {person.nick: person for person in cast.PEOPLE}
_PLANS = (("PAY", PAYMENTS), ("FRAUD", FRAUD), ("LEG", LEGAL), ("OPS", OPERATIONS))
_CODE = (("acme/checkout", CHECKOUT), ("acme/sdk", SDK))


def company(clock: Clock) -> tuple[JiraState, GitHubState]:
    """Return a Jira and a GitHub with the payments company in them."""
    jira, github = JiraState(clock), GitHubState(clock)
    payments_company(jira, github)
    return jira, github


def payments_company(jira: JiraState, github: GitHubState) -> None:
    """Put the payments company into empty states; the bot may sign in to both."""
    with jira.lock:
        _fill_jira(jira, jira.clock.now())
    with github.lock:
        _fill_github(github, github.clock.now())
    with jira.lock:
        _link_sites(jira, github)


def _fill_jira(state: JiraState, now: datetime) -> None:
    admit_to_jira(state)
    for person in cast.PEOPLE:
        email = f"{person.login}@acme.example"
        state.people.add(person.account, person.name, email=email, token=person.nick)
    ruth, mara = _PEOPLE["ruth"].account, _PEOPLE["mara"].account
    state.catalogue.add_security_level(cast.SECRET_LEVEL, [ruth])
    state.catalogue.add_security_level(cast.GUARDED_LEVEL, [ruth, mara, ACCOUNT_ID])
    for key, name in cast.PROJECTS:
        state.catalogue.add_project(key, name)
    for sprint in cast.SPRINTS:
        starts, ends = now + timedelta(days=sprint.starts), now + timedelta(days=sprint.ends)
        completed = ends if sprint.state == "closed" else None
        state.catalogue.add_sprint(
            sprint.name, state=sprint.state, start_date=starts, end_date=ends, complete_date=completed
        )
    for version in cast.VERSIONS:
        day = day_ahead(now, version.ends)
        is_released = version.state == "released"
        state.catalogue.add_version(version.place, version.name, release_date=day, released=is_released)
    _add_tickets(state, now)


def _add_tickets(state: JiraState, now: datetime) -> None:
    """Add all issues, parents before their children, then the links between them, which move no time."""
    tickets = [(f"{project}-{ticket.number}", project, ticket) for project, table in _PLANS for ticket in table]
    for key, project, ticket in sorted(tickets, key=lambda each: _depth(each[2], {k: t for k, _, t in tickets})):
        _add_ticket(state, now, key, project, ticket)
    made = {key: ticket.created for key, _, ticket in tickets}
    for key, _, ticket in tickets:
        named = [*(("Blocks", blocker, key) for blocker in ticket.blocked_by)]
        named += [(kind, key, other) for kind, other in ticket.links]
        for kind, source, target in named:
            link_type = state.catalogue.link_type_named(kind)
            link_id = state.catalogue.next_id()
            link = Link(link_id, link_type, state.issue(source).id, state.issue(target).id)
            state.put_link(link)
            state.changelog.linked(link, moment(now, min(made[source], made[target])), names_in(state))
        person = _PEOPLE.get(ticket.who)
        tell_ticket(state, now, key, ticket, person.account if person else None)
    state.reindex()


def _link_sites(jira: JiraState, github: GitHubState) -> None:
    """Link issues to those of the other tracker, as people do by hand: that moves no time here."""
    for project, table in _PLANS:
        for ticket in table:
            for relationship, key in ticket.remote:
                issue = github.issue(key)
                url = f"{github.site}/{key.replace('#', '/issues/')}"
                jira.remote_links.put(jira.issue(f"{project}-{ticket.number}").id, url, issue.title, relationship)


def _depth(ticket: Ticket, by_key: dict[str, Ticket]) -> int:
    return 1 + _depth(by_key[ticket.parent], by_key) if ticket.parent else 0


def _add_ticket(state: JiraState, now: datetime, key: str, project: str, ticket: Ticket) -> None:
    person = _PEOPLE.get(ticket.who)
    state.add_issue(
        project,
        ticket.summary,
        key=key,
        type=ticket.type,
        status=ticket.status,
        parent=ticket.parent or None,
        labels=ticket.labels,
        sprints=[*ticket.carried, *([ticket.sprint] if ticket.sprint else [])],
        fix_versions=[ticket.version] if ticket.version else [],
        assignee=person.account if person else None,
        reporter=_PEOPLE["mara"].account,
        description=ticket.text or None,
        story_points=ticket.points,
        due_date=None if ticket.due is None else day_ahead(now, ticket.due),
        security=ticket.security or None,
        priority=ticket.priority,
        created_at=moment(now, ticket.created, ticket.number),
        updated_at=moment(now, ticket.quiet, ticket.number),
    )
    for who, days, words in ticket.comments:
        state.add_comment(key, words, _PEOPLE[who].account, at=now - timedelta(days=days))


def _fill_github(state: GitHubState, now: datetime) -> None:
    admit_to_github(state)
    for full_name, private, description in cast.REPOSITORIES:
        state.add_repository(full_name, private=private, description=description)
    for person in cast.PEOPLE:
        state.people.add(person.login, person.name, token=person.nick, role=Role.WRITE)
    for milestone in cast.MILESTONES:
        day = day_ahead(now, milestone.ends)
        state.add_milestone(milestone.place, milestone.name, due_on=day, state=milestone.state)
    for full_name, table in _CODE:
        for work in table:
            _add_work(state, now, full_name, work)
    for key, work in _keyed(_CODE):
        tell_work(state, now, key, work)
        if work.blocked_by:
            state.set_blocked_by(key, *work.blocked_by, at=moment(now, work.created))


def _keyed(code: Iterable[tuple[str, tuple[Work, ...]]]) -> Iterable[tuple[str, Work]]:
    return ((f"{full_name}#{work.number}", work) for full_name, table in code for work in table)


def _add_work(state: GitHubState, now: datetime, full_name: str, work: Work) -> None:
    quiet = moment(now, work.quiet, work.number)
    is_merged = work.change == "merged"
    is_closed = bool(work.closed) or is_merged
    state.add_issue(
        full_name,
        work.title,
        number=work.number,
        type=work.type or None,
        labels=work.labels,
        milestone=work.milestone or None,
        assignees=[work.who] if work.who else [],
        author=work.who or "mara-lindqvist",
        body=work.text or None,
        state="closed" if is_closed else "open",
        state_reason=work.closed or None,
        closed_at=quiet if is_closed else None,
        closed_by=work.who or None if is_closed else None,
        pull_request=PullRequest(merged_at=quiet if is_merged else None) if work.change else None,
        created_at=moment(now, work.created, work.number),
        updated_at=quiet,
    )
    for who, days, words in work.comments:
        state.add_comment(f"{full_name}#{work.number}", words, who, at=now - timedelta(days=days))
