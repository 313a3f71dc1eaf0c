"""Answers about accounts, repositories, and the words of a repository."""

from syncd.simulator.github.paging import page
from syncd.simulator.github.people import Role
from syncd.simulator.github.records import Milestone, Repository
from syncd.simulator.github.rows import (
    account_row,
    issue_type_row,
    label_row,
    milestone_row,
    repository_row,
    user_row,
)
from syncd.simulator.github.wire import Answer, Call, Json, RefusalError

_FAR = "9999"


def get_user(call: Call) -> Json:
    """Answer ``GET /user``: who the token is."""
    if call.login is None:
        raise RefusalError(401, "Requires authentication")
    account = call.state.people.known(call.login)
    return {**(account_row(call, account) or {}), "name": account.name or None, "email": None}


def get_account(call: Call) -> Json:
    """Answer ``GET /users/{login}`` and ``GET /orgs/{org}``."""
    account = call.state.people.get(call.path["account"])
    if account is None or (call.here.startswith("/orgs/") and account.type != "Organization"):
        raise RefusalError(404, "Not Found")
    return {**(account_row(call, account) or {}), "name": account.name or None}


def my_repositories(call: Call) -> Answer:
    """Answer ``GET /user/repos``: where the account has a role of its own."""
    if call.login is None:
        raise RefusalError(401, "Requires authentication")
    people = call.state.people
    mine = [one for one in call.state.catalogue.repositories() if people.is_member(call.login, one)]
    return _repositories(call, mine)


def repositories_of_account(call: Call) -> Answer:
    """Answer ``GET /orgs/{org}/repos`` and ``GET /users/{login}/repos``: what the caller may see of them."""
    get_account(call)
    owner = call.path["account"].lower()
    found = (one for one in call.state.catalogue.repositories() if one.owner.lower() == owner)
    return _repositories(call, [one for one in found if call.state.may_see(call.login, one)])


def get_repository(call: Call) -> Json:
    """Answer ``GET /repos/{owner}/{repo}``."""
    return repository_row(call, call.repository())


def get_labels(call: Call) -> Answer:
    """Answer ``GET /repos/{owner}/{repo}/labels``."""
    repository = call.repository()
    labels = call.state.catalogue.labels(repository.id)
    return page(call, labels, lambda label: label_row(call, repository, label))


def get_label(call: Call) -> Json:
    """Answer ``GET /repos/{owner}/{repo}/labels/{name}``."""
    repository = call.repository()
    label = call.state.catalogue.label(repository.id, call.path["name"])
    if label is None:
        raise RefusalError(404, "Not Found")
    return label_row(call, repository, label)


def get_milestones(call: Call) -> Answer:
    """Answer ``GET /repos/{owner}/{repo}/milestones``: open ones by due date unless asked otherwise."""
    repository = call.repository()
    wanted = call.query.get("state", "open")
    found = [one for one in call.state.catalogue.milestones(repository.id) if wanted in ("all", one.state)]
    found.sort(key=_due, reverse=call.query.get("direction") == "desc")
    return page(call, found, lambda milestone: milestone_row(call, repository, milestone))


def get_milestone(call: Call) -> Json:
    """Answer ``GET /repos/{owner}/{repo}/milestones/{number}``."""
    repository = call.repository()
    text = call.path["milestone"]
    for milestone in call.state.catalogue.milestones(repository.id):
        if str(milestone.number) == text:
            return milestone_row(call, repository, milestone)
    raise RefusalError(404, "Not Found")


def get_issue_types(call: Call) -> list[Json]:
    """Answer ``GET /orgs/{org}/issue-types``, which only organizations have, and which needs a token."""
    get_account(call)
    if call.login is None:
        raise RefusalError(401, "Requires authentication")
    return [issue_type_row(one) for one in call.state.catalogue.types(call.path["account"])]


def get_permission(call: Call) -> Json:
    """Answer ``GET /repos/{owner}/{repo}/collaborators/{login}/permission``: only who may push is told."""
    repository = call.repository()
    people = call.state.people
    if people.role(call.login, repository) < Role.WRITE:
        raise RefusalError(403, "Must have push access to view collaborator permission.")
    if people.get(call.path["login"]) is None:
        raise RefusalError(404, f"{call.path['login']} is not a user")
    role = people.role(call.path["login"], repository)
    # The older word knows neither triage nor maintain: triage shows as read.
    permission = "read" if role is Role.TRIAGE else role.name.lower()
    return {"permission": permission, "role_name": role.name.lower(), "user": user_row(call, call.path["login"])}


def get_rate_limit(call: Call) -> Json:
    """Answer ``GET /rate_limit``."""
    rate = call.state.people.rate(call.token.secret if call.token else "", call.state.clock.now())
    core = {
        "limit": rate.limit,
        "used": rate.used,
        "remaining": rate.remaining,
        "reset": int(rate.reset_at.timestamp()),
    }
    return {"resources": {"core": core}, "rate": core}


def _repositories(call: Call, found: list[Repository]) -> Answer:
    return page(call, found, lambda repository: repository_row(call, repository))


def _due(milestone: Milestone) -> tuple[str, int]:
    return (milestone.due_on.isoformat() if milestone.due_on else _FAR, milestone.number)
