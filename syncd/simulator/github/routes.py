"""All paths of the simulated GitHub, below wherever it is mounted."""

from typing import Any

from starlette.routing import Route

from syncd.simulator.github import conversation, history, issues, places
from syncd.simulator.github.listing import Listings
from syncd.simulator.github.state import GitHubState
from syncd.simulator.github.wire import Call, Handler, RefusalError, route


def routes(state: GitHubState) -> list[Route]:
    """Return the routes of the API: a path that it doesn't have answers 404 in GitHub's form."""
    listings = Listings()
    table: dict[str, dict[str, Handler]] = {
        "/user": {"GET": places.get_user},
        "/user/repos": {"GET": places.my_repositories},
        "/users/{account}": {"GET": places.get_account},
        "/users/{account}/repos": {"GET": places.repositories_of_account},
        "/orgs/{account}": {"GET": places.get_account},
        "/orgs/{account}/repos": {"GET": places.repositories_of_account},
        "/orgs/{account}/issue-types": {"GET": places.get_issue_types},
        "/rate_limit": {"GET": places.get_rate_limit},
    }
    below: dict[str, dict[str, Handler]] = {
        "": {"GET": places.get_repository},
        "/labels": {"GET": places.get_labels},
        "/labels/{name:path}": {"GET": places.get_label},
        "/milestones": {"GET": places.get_milestones},
        "/milestones/{milestone}": {"GET": places.get_milestone},
        "/collaborators/{login}/permission": {"GET": places.get_permission},
        "/issues": {"GET": listings.get},
        "/issues/comments": {"GET": conversation.all_comments},
        "/issues/comments/{comment}": {
            "GET": conversation.get_comment,
            "PATCH": conversation.edit_comment,
            "DELETE": conversation.delete_comment,
        },
        "/issues/{number}": {"GET": issues.get_issue},
        "/issues/{number}/comments": {"GET": conversation.get_comments, "POST": conversation.add_comment},
        "/issues/{number}/labels": {"GET": issues.get_labels, "POST": issues.add_labels},
        "/issues/{number}/labels/{name:path}": {"DELETE": issues.remove_label},
        "/issues/{number}/dependencies/blocked_by": {"GET": issues.get_blockers},
        "/issues/{number}/dependencies/blocking": {"GET": issues.get_blocked},
        "/issues/{number}/sub_issues": {"GET": issues.get_sub_issues},
        "/issues/{number}/parent": {"GET": issues.get_parent},
        "/issues/{number}/timeline": {"GET": history.get_timeline},
    }
    for root in ("/repos/{owner}/{repo}", "/repositories/{repository_id}"):
        table |= {f"{root}{path}": methods for path, methods in below.items()}
    nothing = dict.fromkeys(("GET", "POST", "PATCH", "PUT", "DELETE"), _nothing_here)
    return [*(route(state, path, methods) for path, methods in table.items()), route(state, "/{rest:path}", nothing)]


def _nothing_here(_: Call) -> Any:
    raise RefusalError(404, "Not Found")
