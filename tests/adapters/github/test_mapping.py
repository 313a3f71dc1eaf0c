"""GitHub's rows in our nouns, on recorded shapes."""

import gzip
import json
import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from adapters.github.mapping import MalformedError, Terms, container_from_row, item_from_row, row_of, split_key
from adapters.github.pages import read_rows
from adapters.github.rows import IssueRow, MilestoneRow
from syncd.model.identity import ContainerId, Handle, ItemId, PlaceId, Ref
from syncd.model.items import Container, ContainerKind, ContainerState, Direction, LinkRef, Person, StatusCategory
from tests.adapters.github.simulated import issue_row, without

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
PLACE = PlaceId("github", "Acme/Checkout")
TERMS = Terms(tracker="github", prefix="syncd:", spelling={"acme/checkout": "Acme/Checkout"})
DATA = Path(os.environ.get("SYNCD_DATA", Path(__file__).parents[4] / "shared" / "data"))
SAMPLE = DATA / "github-bitcoin-core-gui.jsonl.gz"


def item_of(blockers=(), **given):
    found = [row_of(blocker, IssueRow) for blocker in blockers]
    return item_from_row(row_of(issue_row(**given), IssueRow), PLACE, TERMS, found)


def test_a_row_becomes_an_item():
    item = item_of()

    assert (item.id, item.key, item.place) == (ItemId("github", "5001"), "Acme/Checkout#12", PLACE)
    assert item.url == "https://github.com/acme/checkout/issues/12"
    assert (item.title, item.body) == ("Checkout is slow", "Why.\n\nHow.")
    assert (item.status, item.status_category, item.resolution) == ("open", StatusCategory.TODO, "")
    assert (item.created_at, item.updated_at) == (
        datetime(2026, 11, 1, 8, tzinfo=UTC),
        datetime(2026, 11, 2, 8, tzinfo=UTC),
    )
    assert item.reporter == Person("ada", "ada")
    assert item.comment_count == 3
    assert not item.is_change


GHOST = {"login": "ghost", "id": 10137, "type": "User"}
BOB = {"login": "bob", "id": 2, "type": "User"}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({"body": None}, {"body": ""}, id="no-body"),
        pytest.param({"body": "a\rb\r\nc\x00"}, {"body": "a\nb\nc"}, id="line-ends-and-nul"),
        pytest.param({"user": None}, {"reporter": None}, id="deleted-author"),
        pytest.param({"user": GHOST}, {"reporter": None}, id="ghost-author"),
        pytest.param({"assignees": [None, GHOST, BOB]}, {"assignees": (Person("bob", "bob"),)}, id="deleted-assignees"),
        pytest.param({"assignees": None}, {"assignees": ()}, id="no-list-of-assignees"),
        pytest.param(
            {"labels": [{"name": "bug"}, "Debt", None, {"name": None}, {"name": "Syncd:No-Outcome"}]},
            {"labels": ("Debt", "bug"), "own_labels": ("Syncd:No-Outcome",)},
            id="labels-in-every-shape-and-ours-apart",
        ),
        pytest.param({"labels": [{"name": "x" * 200}]}, {"labels": ("x" * 200,)}, id="a-label-of-200"),
        pytest.param({"type": {"name": "Epic", "id": 1}}, {"type": "Epic"}, id="type"),
        pytest.param({"type": None}, {"type": ""}, id="no-type"),
        pytest.param(
            {"state": "closed", "state_reason": "not_planned", "closed_at": "2026-11-02T08:00:00Z"},
            {
                "status": "closed",
                "status_category": StatusCategory.DONE,
                "resolution": "not_planned",
                "closed_at": datetime(2026, 11, 2, 8, tzinfo=UTC),
            },
            id="closed",
        ),
        pytest.param({"state": "closed", "state_reason": None}, {"resolution": ""}, id="closed-long-ago"),
        pytest.param({"state_reason": "reopened"}, {"resolution": ""}, id="reopened"),
        pytest.param({"pull_request": {"url": "x"}}, {"is_change": True, "resolution": ""}, id="pull-request"),
        pytest.param(
            {"pull_request": {"merged_at": "2026-11-02T08:00:00Z"}, "state": "closed"},
            {"is_change": True, "resolution": "merged"},
            id="merged",
        ),
        pytest.param({"pull_request": {}, "draft": True}, {"fields": {"draft": True}}, id="draft"),
        pytest.param(
            {"parent_issue_url": "https://api.github.com/repos/acme/checkout/issues/1"},
            {"parent": Ref(tracker="github", key="Acme/Checkout#1")},
            id="parent-as-an-admin-writes-its-repository",
        ),
        pytest.param(
            {"parent_issue_url": "https://git.example/api/v3/repos/acme/other/issues/9"},
            {"parent": Ref(tracker="github", key="acme/other#9")},
            id="parent-elsewhere",
        ),
        pytest.param({"parent_issue_url": "nonsense"}, {"parent": None}, id="parent-that-is-no-address"),
        pytest.param({"created_at": None}, {"created_at": datetime(2026, 11, 2, 8, tzinfo=UTC)}, id="no-creation"),
        pytest.param({"x_comments": [1], "x_timeline": "?"}, {"title": "Checkout is slow"}, id="unknown-keys"),
    ],
)
def test_what_a_row_may_hold(given, expected):
    item = item_of(**given)

    assert {name: getattr(item, name) for name in expected} == expected


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(without(issue_row(), "id"), id="no-id"),
        pytest.param(without(issue_row(), "number"), id="no-number"),
        pytest.param(without(issue_row(), "updated_at"), id="no-time"),
        pytest.param(without(issue_row(), "title"), id="no-title"),
        pytest.param(without(issue_row(), "state"), id="no-state"),
        pytest.param(issue_row(id="5001"), id="id-is-text"),
        pytest.param(issue_row(id=True), id="id-is-yes"),
        pytest.param(issue_row(title=None), id="title-is-null"),
        pytest.param(issue_row(updated_at="yesterday"), id="time-is-a-word"),
        pytest.param(issue_row(updated_at="2026-11-02T08:00:00"), id="time-without-a-zone"),
        pytest.param(issue_row(labels={"name": "bug"}), id="labels-are-an-object"),
        pytest.param(issue_row(milestone={"id": 7}), id="milestone-without-title"),
        pytest.param(issue_row(state="merged"), id="unknown-state"),
        pytest.param(None, id="null"),
        pytest.param("row", id="text"),
        pytest.param([], id="list"),
    ],
)
def test_a_malformed_row_is_set_aside_with_a_line_and_hides_no_other(row):
    rows = read_rows([issue_row(id=1, number=1), row, issue_row(id=2, number=2)], PLACE, TERMS, NOW)

    assert [each.item.id.native_id for each in rows.seen] == ["1", "2"]
    (problem,) = rows.problems
    assert problem.error
    assert "\n" not in problem.error
    assert problem.seen_at == NOW


def test_a_malformed_row_is_called_by_what_it_has():
    rows = read_rows([issue_row(title=None), issue_row(id="?", title=None), {}], PLACE, TERMS, NOW)

    assert [problem.handle for problem in rows.problems] == [
        Handle(ItemId("github", "5001"), "Acme/Checkout#12"),
        Handle(ItemId("github", "Acme/Checkout#12"), "Acme/Checkout#12"),
        Handle(ItemId("github", "Acme/Checkout#?"), "Acme/Checkout#?"),
    ]


def test_blockers_are_links_with_their_state():
    blockers = [
        issue_row(id=7, number=3, url="https://api.github.com/repos/acme/checkout/issues/3", html_url="https://x/3"),
        issue_row(id=8, number=4, url="https://api.github.com/repos/acme/sdk/issues/4", html_url=None, state="closed"),
    ]

    item = item_of(blockers, issue_dependencies_summary={"blocked_by": 1, "total_blocked_by": 2})

    assert item.links == (
        LinkRef(
            name="blocks",
            direction=Direction.IN,
            target=Ref(tracker="github", native_id="7", key="Acme/Checkout#3", url="https://x/3"),
            target_status=StatusCategory.TODO,
        ),
        LinkRef(
            name="blocks",
            direction=Direction.IN,
            target=Ref(tracker="github", native_id="8", key="acme/sdk#4"),
            target_status=StatusCategory.DONE,
        ),
    )


def test_a_blocker_that_is_counted_and_not_shown_is_a_link_to_what_can_not_be_read():
    item = item_of([issue_row(id=7, number=3)], issue_dependencies_summary={"blocked_by": 2, "total_blocked_by": 2})

    assert len(item.links) == 2
    assert item.links[1].target_status is None
    assert item.links[1].target.native_id == ""


@pytest.mark.parametrize(
    ("summary", "expected"),
    [
        pytest.param(None, False, id="an-older-server"),
        pytest.param({"blocked_by": 0, "total_blocked_by": 0}, False, id="none"),
        pytest.param({"blocked_by": 0, "total_blocked_by": 1}, True, id="closed-ones"),
        pytest.param({"blocked_by": 1}, True, id="open-ones-where-no-total-is-given"),
        pytest.param({"blocked_by": 1, "total_blocked_by": 0}, False, id="the-total-counts"),
    ],
)
def test_blockers_are_worth_a_request_only_where_there_are_any(summary, expected):
    assert row_of(issue_row(issue_dependencies_summary=summary), IssueRow).has_blockers is expected


@pytest.mark.parametrize(
    ("given", "state", "ends_on"),
    [
        pytest.param({"due_on": "2026-12-09T08:00:00Z"}, ContainerState.ACTIVE, date(2026, 12, 9), id="open"),
        pytest.param({"state": "closed", "due_on": None}, ContainerState.CLOSED, None, id="closed"),
    ],
)
def test_a_milestone_is_a_container_and_the_item_is_in_it(given, state, ends_on):
    milestone = {"id": 70, "number": 1, "title": "Fast checkout", "state": "open", **given}

    assert item_of(milestone=milestone).milestones == (ContainerId("github", "milestone", "70"),)
    assert container_from_row(row_of(milestone, MilestoneRow), PLACE, TERMS) == Container(
        id=ContainerId("github", ContainerKind.MILESTONE.value, "70"),
        title="Fast checkout",
        state=state,
        place=PLACE,
        ends_on=ends_on,
    )


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        pytest.param("acme/checkout#12", ("acme/checkout", 12), id="key"),
        pytest.param("acme/checkout#?", None, id="no-number"),
        pytest.param("acme/checkout#-1", None, id="negative"),
        pytest.param("#12", None, id="no-repository"),
        pytest.param("PAY-88", None, id="jira"),
    ],
)
def test_a_key_has_a_repository_and_a_number(key, expected):
    assert split_key(key) == expected


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"title": "Faster"}, id="title"),
        pytest.param({"issue_dependencies_summary": {"blocked_by": 1, "total_blocked_by": 1}}, id="a-new-blocker"),
        pytest.param({"labels": [{"name": "bug"}]}, id="label"),
    ],
)
def test_a_digest_changes_with_what_we_read_of_a_row_alone(given):
    before, same, after = (
        read_rows([row], PLACE, TERMS, NOW).seen[0].digest
        for row in (issue_row(), issue_row(reactions={"+1": 3}), issue_row(**given))
    )

    assert before == same != after


def test_an_unknown_state_is_malformed():
    with pytest.raises(MalformedError, match="state is 'merged'"):
        item_of(state="merged")


@pytest.mark.skipif(not SAMPLE.exists(), reason="the folder with sample issues is not here (SYNCD_DATA)")
def test_every_row_of_a_real_project_is_an_item():
    with gzip.open(SAMPLE, "rt", encoding="utf-8") as lines:
        values = [json.loads(line) for line in lines]

    rows = read_rows(values, PlaceId("github", "bitcoin-core/gui"), TERMS, NOW)

    assert rows.problems == ()
    assert len(rows.seen) == len(values) == 511
    items = [each.item for each in rows.seen]
    assert sum(item.is_change for item in items) == 170
    assert sum(item.status_category is StatusCategory.TODO for item in items) == 135
    assert sum(bool(item.milestones) for item in items) == 83
    assert sum(bool(item.labels) for item in items) == 381
    assert not any("\r" in item.body for item in items)
    assert all(container.ends_on is None for container in rows.containers)
