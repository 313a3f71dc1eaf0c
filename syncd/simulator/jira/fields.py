"""The fields of a simulated Jira site, as ``GET /field`` tells them."""

from syncd.simulator.jira.records import Field, Issue

SPRINT = "customfield_10020"
STORY_POINTS = "customfield_10016"
TARGET_END = "customfield_10023"
RANK = "customfield_10019"
FLAGGED = "customfield_10021"
EPIC_LINK = "customfield_10014"


def _system(id: str, name: str, type: str, items: str = "", *clauses: str) -> Field:
    return Field(id=id, name=name, type=type, items=items, clause_names=clauses or (id,))


SYSTEM_FIELDS = (
    _system("summary", "Summary", "string"),
    _system("description", "Description", "string"),
    _system("issuetype", "Issue Type", "issuetype", "", "issuetype", "type"),
    _system("project", "Project", "project"),
    _system("status", "Status", "status"),
    _system("statusCategory", "Status Category", "statusCategory"),
    _system("resolution", "Resolution", "resolution"),
    _system("resolutiondate", "Resolved", "datetime", "", "resolutiondate", "resolved"),
    _system("priority", "Priority", "priority"),
    _system("labels", "Labels", "array", "string"),
    _system("assignee", "Assignee", "user"),
    _system("reporter", "Reporter", "user"),
    _system("creator", "Creator", "user"),
    _system("parent", "Parent", "issuelink"),
    _system("subtasks", "Sub-tasks", "array", "issuelinks"),
    _system("issuelinks", "Linked Issues", "array", "issuelinks"),
    _system("fixVersions", "Fix versions", "array", "version", "fixVersion"),
    _system("versions", "Affects versions", "array", "version", "affectedVersion"),
    _system("components", "Components", "array", "component", "component"),
    _system("duedate", "Due date", "date", "", "due", "duedate"),
    _system("created", "Created", "datetime", "", "created", "createdDate"),
    _system("updated", "Updated", "datetime", "", "updated", "updatedDate"),
    _system("security", "Security Level", "securitylevel", "", "level"),
    _system("comment", "Comment", "comments-page"),
)


def _custom(id: str, name: str, type: str, custom: str, items: str = "") -> Field:
    return Field(id=id, name=name, type=type, items=items, custom=custom, clause_names=(name, f"cf[{id[12:]}]"))


USUAL_CUSTOM_FIELDS = (
    _custom(SPRINT, "Sprint", "array", "com.pyxis.greenhopper.jira:gh-sprint", "json"),
    _custom(STORY_POINTS, "Story point estimate", "number", "com.pyxis.greenhopper.jira:jsw-story-points"),
    _custom(TARGET_END, "Target end", "date", "com.atlassian.jpo:jpo-custom-field-baseline-end"),
    _custom(RANK, "Rank", "any", "com.pyxis.greenhopper.jira:gh-lexo-rank"),
    _custom(FLAGGED, "Flagged", "array", "com.atlassian.jira.plugin.system.customfieldtypes:multicheckboxes", "option"),
    _custom(EPIC_LINK, "Epic Link", "any", "com.pyxis.greenhopper.jira:gh-epic-link"),
)


def rank_of(issue: Issue) -> str:
    """Return where an issue stands in the backlog, compared as text; unless it is known, in the order of ids."""
    return issue.custom.get(RANK) or f"0|i{int(issue.id):05x}:"
