"""Which issues a query means, for one user at one moment, and in which order."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from operator import ge, gt, le, lt
from zoneinfo import ZoneInfo

import msgspec

from syncd.simulator.jira.fields import SPRINT, rank_of
from syncd.simulator.jira.jql import Clause, Condition, JqlError, Junction
from syncd.simulator.jira.people import BROWSE
from syncd.simulator.jira.records import Issue, User
from syncd.simulator.jira.state import JiraState

Matches = Callable[[Issue], bool]
SortValue = str | float | list[str | int]

CATEGORIES = {"new": ("2", "To Do"), "indeterminate": ("4", "In Progress"), "done": ("3", "Done")}

_ALIASES = {
    "issue": "key",
    "issuekey": "key",
    "id": "key",
    "type": "issuetype",
    "updateddate": "updated",
    "createddate": "created",
    "resolved": "resolutiondate",
    f"cf[{SPRINT[12:]}]": "sprint",
}
_RELATIVE = re.compile(r"([+-]?)((?:\d+[wdhm]\s*)+)")
_UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes"}
_FORMATS = ("%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d")
_COMPARE = {">": gt, ">=": ge, "<": lt, "<=": le}


class Asker(msgspec.Struct, frozen=True):
    """Who asks, and when: what relative dates, dates without a zone and visibility depend on."""

    state: JiraState
    user: User
    now: datetime


class _Words(msgspec.Struct, frozen=True):
    """How a field is compared: the tokens of an issue, and a token for a value, none if the site has no such thing."""

    of: Callable[[JiraState, Issue], tuple[str, ...]]
    token: Callable[[Asker, str], str | None]


def matcher(condition: Condition, asker: Asker) -> Matches:
    """Return the condition as a function of an issue; JqlError names what the asker can't ask."""
    if isinstance(condition, Junction):
        parts = [matcher(part, asker) for part in condition.parts]
        if condition.is_and:
            return lambda issue: all(part(issue) for part in parts)
        return lambda issue: any(part(issue) for part in parts)
    field = _ALIASES.get(condition.field, condition.field)
    if field in _DATES:
        return _date_matcher(condition, _DATES[field], asker)
    if field == "summary" and condition.op in ("~", "!~"):
        text, is_wanted = condition.values[0].lower(), condition.op == "~"
        return lambda issue: (text in issue.summary.lower()) == is_wanted
    if field not in _WORDS:
        raise no_field(condition.field)
    return _word_matcher(condition, _WORDS[field], asker)


def no_field(name: str) -> JqlError:
    """Return the refusal of a field that is not there, or not for this user."""
    return JqlError(f"Field '{name}' does not exist or you do not have permission to view it.")


def updated_floor(condition: Condition | None, asker: Asker) -> datetime | None:
    """Return a moment before whose update no issue can match, as far as that is plain from the condition."""
    if isinstance(condition, Junction):
        floors = [updated_floor(part, asker) for part in condition.parts] if condition.is_and else []
        return max((floor for floor in floors if floor), default=None)
    if condition and _ALIASES.get(condition.field, condition.field) == "updated" and condition.op in (">", ">="):
        return _moment(condition, condition.values[0], asker) if condition.values else None
    return None


def sort_key(order: Iterable[tuple[str, bool]]) -> list[tuple[Callable[[Issue], SortValue], bool]]:
    """Return what to sort by, the id last, so that no two rows are equal; JqlError names what can't be sorted by."""
    keys: list[tuple[Callable[[Issue], SortValue], bool]] = []
    for name, is_descending in order:
        field = "id" if name == "id" else _ALIASES.get(name, name)
        if field not in _SORTS:
            raise no_field(name)
        keys.append((_SORTS[field], is_descending))
    return [*keys, (_SORTS["id"], not keys)]


def _word_matcher(clause: Clause, words: _Words, asker: Asker) -> Matches:
    of, state = words.of, asker.state
    if clause.op in ("is", "is not"):
        is_wanted = clause.op == "is"
        return lambda issue: (not of(state, issue)) == is_wanted
    if clause.op not in ("=", "!=", "in", "not in"):
        raise JqlError(f"The operator '{clause.op}' is not supported by the '{clause.field}' field.")
    wanted = frozenset(_token(clause, words, asker, value) for value in clause.values)
    if clause.op in ("=", "in"):
        return lambda issue: not wanted.isdisjoint(of(state, issue))
    return lambda issue: bool(tokens := of(state, issue)) and wanted.isdisjoint(tokens)


def _token(clause: Clause, words: _Words, asker: Asker, value: str) -> str:
    if value.endswith("()") and value != "currentUser()":
        raise JqlError(f"Unable to find JQL function '{value}'.")
    if (token := words.token(asker, value)) is not None:
        return token
    if words is _WORDS["key"]:
        raise JqlError(f"An issue with key '{value}' does not exist for field '{clause.field}'.")
    raise JqlError(f"The value '{value}' does not exist for the field '{clause.field}'.")


def _date_matcher(clause: Clause, of: Callable[[Issue], datetime | None], asker: Asker) -> Matches:
    if clause.op in ("is", "is not"):
        is_wanted = clause.op == "is"
        return lambda issue: (of(issue) is None) == is_wanted
    if not clause.values or clause.op not in (*_COMPARE, "=", "!="):
        raise JqlError(f"The operator '{clause.op}' is not supported by the '{clause.field}' field.")
    moment = _moment(clause, clause.values[0], asker)
    if compare := _COMPARE.get(clause.op):
        return lambda issue: (at := of(issue)) is not None and compare(at, moment)
    end, is_wanted = moment + timedelta(minutes=1), clause.op == "="
    return lambda issue: (at := of(issue)) is not None and (moment <= at < end) == is_wanted


def _moment(clause: Clause, text: str, asker: Asker) -> datetime:
    """Return a date literal as an instant; without a sign, a span lies ahead, as in Jira."""
    text = text.strip()
    if found := _RELATIVE.fullmatch(text):
        spans = {_UNITS[unit]: int(count) for count, unit in re.findall(r"(\d+)([wdhm])", found[2])}
        span = timedelta(**spans)
        return asker.now - span if found[1] == "-" else asker.now + span
    for form in _FORMATS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=ZoneInfo(asker.user.time_zone)).astimezone(UTC)
        except ValueError:
            continue
    raise JqlError(
        f"Date value '{text}' for field '{clause.field}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm',"
        " 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'."
    )


def _project(asker: Asker, value: str) -> str | None:
    for project in asker.state.catalogue.projects.values():
        if value.lower() in (project.key.lower(), project.name.lower(), project.id):
            return project.key if asker.state.people.may(asker.user.account_id, BROWSE, project.key) else None
    return None


def _issue(asker: Asker, value: str) -> str | None:
    issue = asker.state.find(value)
    return issue.id if issue and asker.state.may_see(asker.user.account_id, issue) else None


def _parent(asker: Asker, value: str) -> str | None:
    return asker.state.id_of(value)


def _person(asker: Asker, value: str) -> str | None:
    return asker.user.account_id if value == "currentUser()" else value


def _known(names: Callable[[JiraState], Iterable[tuple[str, str]]]) -> Callable[[Asker, str], str | None]:
    """Return a reader of names or ids (in any case) that gives the name in lower case."""

    def token(asker: Asker, value: str) -> str | None:
        wanted = value.lower()
        return next((name.lower() for id, name in names(asker.state) if wanted in (id, name.lower())), None)

    return token


def _category(asker: Asker, value: str) -> str | None:
    wanted = value.lower()
    return next((key for key, (id, name) in CATEGORIES.items() if wanted in (key, id, name.lower())), None)


def _one(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


_WORDS = {
    "project": _Words(lambda _, issue: (issue.project_key,), _project),
    "key": _Words(lambda _, issue: (issue.id,), _issue),
    "parent": _Words(lambda _, issue: _one(issue.parent_id), _parent),
    "status": _Words(
        lambda _, issue: (issue.status.name.lower(),),
        _known(lambda state: ((s.id, s.name) for s in state.catalogue.statuses.values())),
    ),
    "statuscategory": _Words(lambda _, issue: (issue.status.category,), _category),
    "issuetype": _Words(
        lambda _, issue: (issue.type.name.lower(),),
        _known(lambda state: ((t.id, t.name) for t in state.catalogue.types.values())),
    ),
    "priority": _Words(
        lambda _, issue: _one(issue.priority.name.lower() if issue.priority else None),
        _known(lambda state: ((p.id, p.name) for p in state.catalogue.priorities.values())),
    ),
    "resolution": _Words(
        lambda _, issue: _one(issue.resolution.name.lower() if issue.resolution else None),
        _known(lambda state: ((r.id, r.name) for r in state.catalogue.resolutions.values())),
    ),
    "fixversion": _Words(
        lambda state, issue: tuple(state.catalogue.versions[v].name.lower() for v in issue.fix_version_ids),
        _known(lambda state: ((v.id, v.name) for v in state.catalogue.versions.values())),
    ),
    "sprint": _Words(
        lambda state, issue: tuple(state.catalogue.sprints[s].name.lower() for s in issue.sprint_ids),
        _known(lambda state: ((str(s.id), s.name) for s in state.catalogue.sprints.values())),
    ),
    "labels": _Words(lambda _, issue: tuple(label.lower() for label in issue.labels), lambda _, value: value.lower()),
    "assignee": _Words(lambda _, issue: _one(issue.assignee_id), _person),
    "reporter": _Words(lambda _, issue: _one(issue.reporter_id), _person),
}
_DATES: dict[str, Callable[[Issue], datetime | None]] = {
    "updated": lambda issue: issue.updated_at,
    "created": lambda issue: issue.created_at,
    "resolutiondate": lambda issue: issue.resolved_at,
}
_SORTS: dict[str, Callable[[Issue], SortValue]] = {
    "updated": lambda issue: issue.updated_at.timestamp(),
    "created": lambda issue: issue.created_at.timestamp(),
    "key": lambda issue: [issue.project_key, issue.number],
    "project": lambda issue: issue.project_key,
    "id": lambda issue: int(issue.id),
    "rank": rank_of,
}
