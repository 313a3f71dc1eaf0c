"""``GET …/issues/{number}/timeline``: events and comments of an issue, oldest first.

GitHub documents neither what the events of sub-issues and dependencies are told with, nor what those of types are: here
it is what its webhooks call the same things.
"""

from syncd.simulator.github.paging import page
from syncd.simulator.github.records import Comment
from syncd.simulator.github.rows import comment_row, issue_row, repository_url, time_text, user_row
from syncd.simulator.github.timeline import Event
from syncd.simulator.github.wire import Answer, Call, Json


def get_timeline(call: Call) -> Answer:
    """Answer with a page of it."""
    issue = call.issue()
    entries: list[Event | Comment] = [*call.state.timeline.of(issue.id), *call.state.comments_of(issue.id)]
    entries.sort(key=lambda entry: entry.at if isinstance(entry, Event) else entry.created_at)
    return page(call, entries, lambda entry: _row(call, entry))


def _row(call: Call, entry: Event | Comment) -> Json:
    if isinstance(entry, Comment):
        row = comment_row(call, entry)
        return {**row, "event": "commented", "actor": row["user"]}
    url = f"{repository_url(call, call.repository())}/issues/events/{entry.id}"
    row = {
        "id": entry.id,
        "node_id": f"E_{entry.id}",
        "url": url,
        "actor": user_row(call, entry.actor),
        "event": entry.name,
        "commit_id": None,
        "commit_url": None,
        "created_at": time_text(entry.at),
        "performed_via_github_app": None,
        **entry.payload,
    }
    other = call.state.by_id(entry.other_id)
    if other is not None and call.state.may_see(call.login, call.state.repository_of(other)):
        row[entry.other_name] = issue_row(call, other)
    return row
