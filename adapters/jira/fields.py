"""Which fields of a site mean what: ids for the names an admin wrote, and for sprint, rank and estimate."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

_ALWAYS = (
    "summary",
    "description",
    "status",
    "issuetype",
    "project",
    "labels",
    "components",
    "parent",
    "issuelinks",
    "fixVersions",
    "priority",
    "resolution",
    "resolutiondate",
    "assignee",
    "reporter",
    "created",
    "updated",
    "duedate",
    "security",
)
_SPRINT = "com.pyxis.greenhopper.jira:gh-sprint"
_RANK = "com.pyxis.greenhopper.jira:gh-lexo-rank"
_POINTS = "com.pyxis.greenhopper.jira:jsw-story-points"
_POINTS_NAMES = ("story points", "story point estimate")


class Fields(msgspec.Struct, frozen=True, kw_only=True):
    """Ids of fields by what they mean; ``named`` are (id, name) of those that the admin's map names."""

    sprint: tuple[str, ...] = ()
    rank: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    named: tuple[tuple[str, str], ...] = ()

    @property
    def asked(self) -> list[str]:
        """Return the ids to ask for in every request that reads issues."""
        named = (field_id for field_id, _ in self.named)
        return list(dict.fromkeys((*_ALWAYS, *self.sprint, *self.rank, *self.points, *named)))


def fields_from_rows(rows: Iterable[Mapping[str, Any]], names: Iterable[str]) -> Fields:
    """Return what the rows of ``GET /field`` mean; ``names`` may be names in any case, or ids.

    Two fields may have one name: all of them are asked for, and the first filled one counts.
    """
    known = [row for row in rows if isinstance(row.get("id"), str) and isinstance(row.get("name"), str)]
    wanted = {name.casefold() for name in names}
    named = [(row["id"], row["name"]) for row in known if row["name"].casefold() in wanted]
    named += [(row["id"], row["id"]) for row in known if row["id"].casefold() in wanted]
    return Fields(
        sprint=tuple(row["id"] for row in known if _custom(row) == _SPRINT),
        rank=tuple(row["id"] for row in known if _custom(row) == _RANK),
        points=tuple(row["id"] for row in known if _is_points(row)),
        named=tuple(dict.fromkeys(named)),
    )


def field_names(rows: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the names of a site's fields, sorted."""
    return tuple(sorted({row["name"] for row in rows if isinstance(row.get("name"), str)}))


def _is_points(row: Mapping[str, Any]) -> bool:
    return _custom(row) == _POINTS or (_schema(row).get("type") == "number" and row["name"].casefold() in _POINTS_NAMES)


def _custom(row: Mapping[str, Any]) -> object:
    return _schema(row).get("custom")


def _schema(row: Mapping[str, Any]) -> Mapping[str, Any]:
    schema = row.get("schema")
    return schema if isinstance(schema, Mapping) else {}
