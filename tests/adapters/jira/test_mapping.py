import gzip
import json
import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.jira.fields import Fields, fields_from_rows
from adapters.jira.mapping import item_of, read_rows
from adapters.jira.values import field_value
from syncd.model.identity import ContainerId, ItemId, PlaceId, Ref
from syncd.model.items import Container, ContainerState, Direction, LinkRef, Person, StatusCategory
from tests.adapters.jira.rows import FRAME, POINTS, RANK, SPRINT, TEAM, doc, link, other, paragraph, row, status

DATA = Path(os.environ.get("SYNCD_DATA", Path(__file__).parents[4] / "shared" / "data"))
AT = datetime(2026, 11, 23, tzinfo=UTC)


def read(**fields):
    return item_of(row(**fields), FRAME)


def test_a_row_is_an_item():
    item = read(
        description=doc(paragraph("Why.")),
        priority={"id": "1", "name": "High"},
        resolution={"id": "1", "name": "Done"},
        status=status("Shipped", "done"),
        resolutiondate="2026-11-22T10:00:00.000+0000",
        components=[{"id": "1", "name": "api"}],
        assignee={"accountId": "5", "displayName": "Ada"},
        reporter={"accountId": "6", "displayName": "Bo"},
        duedate="2026-12-01",
    )

    assert item.id == ItemId("jira", "10042")
    assert item.place == PlaceId("jira", "PAY")
    assert item.url == "https://acme.atlassian.net/browse/PAY-7"
    assert (item.key, item.title, item.type, item.body) == ("PAY-7", "Retry a failed capture", "Story", "Why.")
    assert (item.status, item.status_category) == ("Shipped", StatusCategory.DONE)
    assert item.closed_at == datetime(2026, 11, 22, 10, tzinfo=UTC)
    assert (item.priority, item.resolution, item.components) == ("High", "Done", ("api",))
    assert item.assignees == (Person("Ada", "5"),)
    assert item.reporter == Person("Bo", "6")
    assert item.due_on == date(2026, 12, 1)
    assert item.created_at == datetime(2026, 11, 20, 4, 30, tzinfo=UTC)
    assert item.updated_at == datetime(2026, 11, 23, 3, 30, 0, 123000, tzinfo=UTC)
    assert item.comment_count is None


@pytest.mark.parametrize(
    ("key", "category"),
    [("new", StatusCategory.TODO), ("indeterminate", StatusCategory.IN_PROGRESS), ("undefined", None)],
)
def test_a_status_is_known_by_the_key_of_its_category_whatever_its_name_says(key, category):
    assert read(status=status("Done", key)).status_category is category


def test_labels_of_ours_stand_apart():
    item = read(labels=["bug", "syncd:blocked", "Syncd:no-outcome", "bug", "not-syncd:x"])

    assert item.labels == ("bug", "not-syncd:x")
    assert item.own_labels == ("Syncd:no-outcome", "syncd:blocked")


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        pytest.param(
            [link("Blocks", outward="PAY-9")], [("Blocks", Direction.OUT, "PAY-9", StatusCategory.TODO)], id="outward"
        ),
        pytest.param(
            [link("Blocks", inward="FRAUD-2", category="done")],
            [("Blocks", Direction.IN, "FRAUD-2", StatusCategory.DONE)],
            id="inward",
        ),
        pytest.param([{"id": "5", "type": {"name": "Blocks"}}], [], id="the-other-end-is-not-shown"),
        pytest.param(
            [{"id": "5", "outwardIssue": {"key": "GONE-1"}}], [("", Direction.OUT, "GONE-1", None)], id="bare"
        ),
    ],
)
def test_links_read_from_the_item_that_shows_them(links, expected):
    found = [(each.name, each.direction, each.target.key, each.target_status) for each in read(issuelinks=links).links]

    assert found == expected


def test_the_link_names_its_target_by_id_and_key():
    assert read(issuelinks=[link("Blocks", outward="PAY-9")]).links == (
        LinkRef(
            name="Blocks",
            direction=Direction.OUT,
            target=Ref(tracker="jira", native_id="10099", key="PAY-9"),
            target_status=StatusCategory.TODO,
        ),
    )


@pytest.mark.parametrize(
    ("parent", "expected"),
    [
        pytest.param(other("PAY-1"), Ref(tracker="jira", native_id="10099", key="PAY-1"), id="shown"),
        pytest.param(
            {"id": "7", "key": "SECRET-1"}, Ref(tracker="jira", native_id="7", key="SECRET-1"), id="unreadable"
        ),
        pytest.param(None, None, id="none"),
        pytest.param(other("PAY-7", native_id="10042"), None, id="itself"),
    ],
)
def test_a_parent_is_named_even_where_it_can_not_be_read(parent, expected):
    assert read(parent=parent).parent == expected


def test_versions_and_sprints_are_containers():
    found = read_rows(
        [
            row(
                fixVersions=[
                    {"id": "1", "name": "26.12", "released": False, "archived": False, "releaseDate": "2026-12-09"},
                    {"id": "2", "name": "26.11", "released": True, "startDate": "2026-11-01"},
                    {"id": "3", "name": "old", "released": False, "archived": True},
                ],
                **{
                    SPRINT: [
                        {
                            "id": 4,
                            "name": "Sprint 4",
                            "state": "active",
                            "startDate": "2026-11-16T09:00:00.000Z",
                            "endDate": "2026-11-29T17:00:00.000Z",
                        },
                        {"id": 5, "name": "Sprint 5", "state": "future"},
                    ]
                },
            )
        ],
        FRAME,
        AT,
    )

    pay = PlaceId("jira", "PAY")
    version = [ContainerId("jira", "version", str(number)) for number in (1, 2, 3)]
    sprint = [ContainerId("jira", "sprint", str(number)) for number in (4, 5)]
    active, closed = ContainerState.ACTIVE, ContainerState.CLOSED
    assert found.containers == (
        Container(id=version[0], title="26.12", state=active, place=pay, ends_on=date(2026, 12, 9)),
        Container(id=version[1], title="26.11", state=closed, place=pay, starts_on=date(2026, 11, 1)),
        Container(id=version[2], title="old", state=closed, place=pay),
        Container(
            id=sprint[0], title="Sprint 4", state=active, starts_on=date(2026, 11, 16), ends_on=date(2026, 11, 29)
        ),
        Container(id=sprint[1], title="Sprint 5", state=ContainerState.FUTURE),
    )
    assert found.items[0].milestones == tuple(version)
    assert found.items[0].sprints == tuple(sprint)


def test_fields_are_read_by_name_and_rank_and_estimate_by_what_they_are():
    item = read(duedate="2026-12-01", **{POINTS: 3, RANK: "0|i0001:", TEAM: {"id": "t", "name": "Checkout"}})

    assert item.estimate == 3.0
    assert item.rank == "0|i0001:"
    assert item.fields == {"Team": "Checkout", "Due date": "2026-12-01"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(None, None, id="null"),
        pytest.param(5, 5.0, id="number"),
        pytest.param(True, True, id="flag"),
        pytest.param("x", "x", id="text"),
        pytest.param({"value": "Gold", "id": "1"}, "Gold", id="option"),
        pytest.param({"value": "EU", "child": {"value": "Berlin"}}, "EU / Berlin", id="cascade"),
        pytest.param([{"value": "a"}, {"value": "b"}], ("a", "b"), id="options"),
        pytest.param(["a", None, 3], ("a", "3"), id="list"),
        pytest.param({"accountId": "5", "displayName": "Ada"}, "Ada", id="user"),
        pytest.param({"id": "t", "name": "Checkout", "isShared": True}, "Checkout", id="team"),
        pytest.param(doc(paragraph("a")), "a", id="long-text"),
        pytest.param({"odd": 1}, None, id="of-another-shape"),
    ],
)
def test_the_value_of_a_field_is_what_a_person_reads(value, expected):
    assert field_value(value) == expected


def test_an_issue_under_a_security_level_is_restricted():
    assert read(security={"id": "1", "name": "Board only"}).restricted
    assert not read(security=None).restricted


def test_what_may_be_null_is_empty():
    names = (
        "summary description issuetype status labels components parent issuelinks fixVersions priority resolution"
        " resolutiondate assignee reporter duedate security"
    )
    nulls = dict.fromkeys((*names.split(), SPRINT, RANK, POINTS))
    item = read(**nulls)

    assert (item.title, item.body, item.status_category, item.labels) == ("", "", None, ())
    assert (item.assignees, item.reporter, item.estimate, item.sprints) == ((), None, None, ())


def test_the_place_is_in_the_key_where_the_project_is_not_shown():
    assert read(project=None).place == PlaceId("jira", "PAY")


def test_huge_and_odd_values_are_read_as_they_are():
    item = read(labels=["x" * 200], description=doc(paragraph("y" * 5_000_000)), assignee={"displayName": None})

    assert item.labels == ("x" * 200,)
    assert len(item.body) == 5_000_000
    assert item.assignees == ()


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        pytest.param({"updated": None}, "updated is missing", id="no-time"),
        pytest.param({"updated": "yesterday"}, "updated is not a time", id="no-time-at-all"),
        pytest.param({"created": "2026-11-20T10:00:00"}, "created is a time without its offset", id="no-offset"),
        pytest.param({"labels": "bug"}, "labels is not a list of texts", id="labels"),
        pytest.param({"issuelinks": [5]}, "issuelinks is not a list of objects", id="links"),
        pytest.param({"status": "Done"}, "status is not an object", id="status"),
        pytest.param({"summary": ["a"]}, "summary is not a text", id="title"),
        pytest.param({"duedate": "soon"}, "duedate is not a date", id="date"),
        pytest.param({"fixVersions": [{"name": "x"}]}, "id is missing", id="version"),
    ],
)
def test_a_malformed_row_is_set_aside_with_its_reason_and_harms_no_other(fields, reason):
    found = read_rows([row(**fields), {**row(), "id": "2", "key": "FRAUD-1"}, None, {}], FRAME, AT)

    assert [item.key for item in found.items] == ["FRAUD-1"]
    assert [problem.error for problem in found.problems] == [
        f"can't be read: {reason}",
        "can't be read: a row is not an object",
        "can't be read: id is missing",
    ]
    assert (found.problems[0].handle.key, found.problems[0].handle.id) == ("PAY-7", ItemId("jira", "10042"))
    assert found.problems[0].place == PlaceId("jira", "PAY")


def test_a_time_in_milliseconds_is_a_time():
    assert read(updated=1_763_888_400_000).updated_at == datetime(2025, 11, 23, 9, tzinfo=UTC)


def test_fields_of_a_site_are_found_by_schema_and_name():
    rows: list[dict[str, Any]] = [
        {"id": "customfield_1", "name": "Sprint", "schema": {"custom": "com.pyxis.greenhopper.jira:gh-sprint"}},
        {"id": "customfield_2", "name": "Rang", "schema": {"custom": "com.pyxis.greenhopper.jira:gh-lexo-rank"}},
        {"id": "customfield_3", "name": "Story Points", "schema": {"type": "number", "custom": "x:float"}},
        {"id": "customfield_4", "name": "Points", "schema": {"custom": "com.pyxis.greenhopper.jira:jsw-story-points"}},
        {"id": "customfield_5", "name": "team", "schema": {"type": "team"}},
        {"id": "customfield_6", "name": "Team", "schema": {"type": "option"}},
        {"id": "customfield_7", "name": "Other", "schema": None},
        {"id": "duedate", "name": "Due date", "schema": {"type": "date"}},
        {"name": "without an id"},
    ]

    assert fields_from_rows(rows, ["Team", "Due date", "customfield_7", "Nowhere"]) == Fields(
        sprint=("customfield_1",),
        rank=("customfield_2",),
        points=("customfield_3", "customfield_4"),
        named=(
            ("customfield_5", "team"),
            ("customfield_6", "Team"),
            ("duedate", "Due date"),
            ("customfield_7", "customfield_7"),
        ),
    )


def test_recorded_answers_of_jira_cloud_are_read_without_problems():
    path = DATA / "jira-devlake-changelog.jsonl.gz"
    if not path.exists():
        pytest.skip(f"{path.name} is not here")
    with gzip.open(path) as lines:
        rows = [json.loads(line) for line in lines]

    found = read_rows(rows, FRAME, AT)

    assert found.problems == ()
    assert len(found.items) == len(rows)
    assert {item.place.key for item in found.items} == {"EE", "K5"}
    assert all(item.status_category and item.type and item.title for item in found.items)
    assert sum(item.parent is not None for item in found.items) == 15
    assert sum(bool(item.milestones) for item in found.items) == 20
