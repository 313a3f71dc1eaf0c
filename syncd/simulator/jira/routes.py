"""All paths of the simulated Jira, below wherever it is mounted."""

from typing import Any

from starlette.routing import Route

from syncd.simulator.jira import conversation, metadata
from syncd.simulator.jira.changes import bulk_changes
from syncd.simulator.jira.editing import put_issue
from syncd.simulator.jira.search import Searches, bulk_fetch, match_issues
from syncd.simulator.jira.state import JiraState
from syncd.simulator.jira.wire import Call, Handler, RefusalError, route

_API = "/rest/api/3"
_REMOVED = (
    "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. A full migration guideline"
    " is available at https://developer.atlassian.com/changelog/#CHANGE-2046"
)


def routes(state: JiraState) -> list[Route]:
    """Return the routes of a site: a path that it doesn't have answers 404 in Jira's form."""
    searches = Searches()
    table: dict[str, dict[str, Handler]] = {
        "/search/jql": {"POST": searches.post, "GET": searches.get},
        "/jql/match": {"POST": match_issues},
        "/search": {"POST": _removed, "GET": _removed},
        "/myself": {"GET": metadata.myself},
        "/field": {"GET": metadata.fields},
        "/project/search": {"GET": metadata.search_projects},
        "/project/{project}": {"GET": metadata.get_project},
        "/issuetype": {"GET": metadata.issue_types},
        "/status": {"GET": metadata.statuses},
        "/issueLinkType": {"GET": metadata.link_types},
        "/mypermissions": {"GET": metadata.my_permissions},
        "/issue/bulkfetch": {"POST": bulk_fetch},
        "/changelog/bulkfetch": {"POST": bulk_changes},
        "/issue/{issue}": {"GET": metadata.get_issue, "PUT": put_issue},
        "/issue/{issue}/remotelink": {"GET": metadata.get_remote_links},
        "/issue/{issue}/comment": {"GET": conversation.get_comments, "POST": conversation.add_comment},
        "/issue/{issue}/comment/{comment}": {
            "GET": conversation.get_comment,
            "PUT": conversation.edit_comment,
            "DELETE": conversation.delete_comment,
        },
    }
    public = {"GET": metadata.server_info}
    return [
        route(state, f"{_API}/serverInfo", public, is_public=True),
        *(route(state, f"{_API}{path}", methods) for path, methods in table.items()),
        route(state, "/rest/{rest:path}", dict.fromkeys(("GET", "POST", "PUT", "DELETE", "PATCH"), _nothing_here)),
    ]


def _removed(_: Call) -> Any:
    raise RefusalError(410, _REMOVED)


def _nothing_here(_: Call) -> Any:
    raise RefusalError(404, "Not found")
