from datetime import date

import pytest

from rules.normalise import Lexicon
from syncd.model.items import LinkKind, StatusCategory
from syncd.model.words import InProgress, LinkWord, Selector, Words
from tests.builders import blocked_by, blocks, item_id, make_item, make_link, make_place, make_world

WORDS = Words(
    kinds=(
        ("incident", (Selector(label="incident"),)),
        ("debt", (Selector(type="Task", label="tech-debt"), Selector(type="Chore"))),
        ("bug", (Selector(type="Bug"),)),
        ("wish", (Selector(type="Wish"),)),
        ("nothing", (Selector(),)),
    ),
    links=(("blocks", (LinkWord("Blocks"), LinkWord("Depends", reversed=True))), ("parent", (LinkWord("Epic of"),))),
    fields=(
        ("team", ("Team", "Squad")),
        ("estimate", ("Story Points", "Size")),
        ("needed_by", ("Target end", "Wanted")),
        ("outcome", ("Outcome",)),
    ),
    in_progress=InProgress(statuses=("In Review",)),
)
LEXICON = Lexicon(WORDS, "payments")


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        pytest.param({"type": "Bug"}, "bug", id="type"),
        pytest.param({"type": "bug"}, "other", id="types-compare-exactly"),
        pytest.param(
            {"type": "Bug", "labels": ("INCIDENT",)}, "incident", id="the-first-that-fits-and-labels-without-case"
        ),
        pytest.param({"type": "Task", "labels": ("tech-debt",)}, "debt", id="type-and-label"),
        pytest.param({"type": "Task"}, "other", id="both-are-required"),
        pytest.param({"labels": ("tech-debt",)}, "other", id="the-label-alone-is-not-enough"),
        pytest.param({"type": "Chore"}, "debt", id="another-selector-of-the-kind"),
        pytest.param({"type": "Wish"}, "wish", id="a-workspaces-own-word"),
        pytest.param({}, "other", id="none-fits"),
        pytest.param({"type": "Bug", "is_change": True}, "change", id="a-pull-request-is-a-change"),
    ],
)
def test_kinds_are_read_top_to_bottom(given, kind):
    assert LEXICON.kind(make_item(**given)) == kind


@pytest.mark.parametrize(
    ("fields", "team"),
    [
        pytest.param({}, "payments", id="of-the-place"),
        pytest.param({"Squad": "fraud"}, "fraud", id="field"),
        pytest.param({"Squad": "fraud", "Team": "risk"}, "risk", id="the-first-filled"),
        pytest.param({"Team": "", "Squad": "fraud"}, "fraud", id="an-empty-one-is-passed-over"),
        pytest.param({"Team": ("risk", "fraud")}, "risk", id="the-first-of-several"),
    ],
)
def test_the_team_is_what_the_item_says_else_its_places(fields, team):
    assert LEXICON.team(make_item(fields=fields)) == team


@pytest.mark.parametrize(
    ("given", "estimate"),
    [
        pytest.param({"estimate": 3.0}, 3.0, id="of-the-tracker"),
        pytest.param({"estimate": 3.0, "fields": {"Size": 5.0}}, 5.0, id="field"),
        pytest.param({"fields": {"Size": "large"}}, None, id="no-number"),
        pytest.param({"fields": {"Story Points": True, "Size": 2.0}}, 2.0, id="true-is-no-number"),
    ],
)
def test_estimates(given, estimate):
    assert LEXICON.estimate(make_item(**given)) == estimate


@pytest.mark.parametrize(
    ("fields", "day"),
    [
        pytest.param({}, None, id="none"),
        pytest.param({"Wanted": "2026-12-01"}, date(2026, 12, 1), id="date"),
        pytest.param({"Wanted": "2026-12-01T10:00:00.000+0200"}, date(2026, 12, 1), id="with-a-time"),
        pytest.param({"Target end": "soon", "Wanted": "2026-12-01"}, date(2026, 12, 1), id="what-is-no-date-is-passed"),
        pytest.param({"Target end": "2026-13-45-or-so"}, None, id="nonsense"),
    ],
)
def test_needed_by_fields(fields, day):
    assert LEXICON.needed_by(make_item(fields=fields)) == day


@pytest.mark.parametrize(
    ("status", "category", "expected"),
    [
        pytest.param("To Do", StatusCategory.TODO, False, id="todo"),
        pytest.param("Doing", StatusCategory.IN_PROGRESS, True, id="category"),
        pytest.param("In Review", StatusCategory.TODO, True, id="status"),
        pytest.param("In Review", StatusCategory.DONE, False, id="done"),
        pytest.param("In Review", None, True, id="no-category"),
    ],
)
def test_in_progress_by_its_status(status, category, expected):
    assert LEXICON.is_in_progress(make_item(status=status, status_category=category)) is expected


def edges(*items, words=WORDS):
    world = make_world(items, places=[make_place(words=words)])
    return [(link.source.native_id[1:], link.kind, link.target.native_id[1:], link.evidence) for link in world.links()]


BLOCKS = LinkKind.BLOCKS


@pytest.mark.parametrize(
    ("link", "edge"),
    [
        pytest.param(make_link("Blocks", "PAY-2"), ("PAY-1", BLOCKS, "PAY-2", "link"), id="out"),
        pytest.param(make_link("Blocks", "PAY-2", reads_in=True), ("PAY-2", BLOCKS, "PAY-1", "link"), id="in"),
        pytest.param(make_link("Depends", "PAY-2"), ("PAY-2", BLOCKS, "PAY-1", "link"), id="reversed-out"),
        pytest.param(
            make_link("Depends", "PAY-2", reads_in=True), ("PAY-1", BLOCKS, "PAY-2", "link"), id="reversed-in"
        ),
        pytest.param(
            make_link("epic OF", "PAY-2"), ("PAY-1", LinkKind.PARENT, "PAY-2", "link"), id="the-source-is-the-parent"
        ),
        pytest.param(
            make_link("duplicates", "PAY-2"), ("PAY-1", LinkKind.DUPLICATES, "PAY-2", "link"), id="our-own-word"
        ),
    ],
)
def test_links_point_the_way_of_our_words(link, edge):
    assert edges(make_item("PAY-1", links=(link,)), make_item("PAY-2")) == [edge]


def test_a_link_that_nobody_mapped_is_none():
    assert edges(make_item("PAY-1", links=(make_link("Smells like", "PAY-2"),)), make_item("PAY-2")) == []


def test_one_edge_however_many_ends_tell_it():
    first = make_item("PAY-1", body="Blocks: PAY-2", links=(blocks("PAY-2"),))
    second = make_item("PAY-2", body="Blocked by: PAY-1\nDepends on: pay-1", links=(blocked_by("PAY-1"),))
    assert edges(first, second) == [("PAY-1", BLOCKS, "PAY-2", "link")]
    assert edges(second, first) == [("PAY-1", BLOCKS, "PAY-2", "link")]


def test_a_link_tells_an_edge_before_a_line_does():
    items = make_item("PAY-1", body="Blocks: PAY-2"), make_item("PAY-2", links=(blocked_by("PAY-1"),))
    assert edges(*items) == [("PAY-1", BLOCKS, "PAY-2", "link")]


@pytest.mark.parametrize(
    ("line", "edge"),
    [
        pytest.param("Blocked by: PAY-2", ("PAY-2", BLOCKS, "PAY-1", "line"), id="blocked-by"),
        pytest.param("Blocks: PAY-2", ("PAY-1", BLOCKS, "PAY-2", "line"), id="blocks"),
        pytest.param("Part of: PAY-2", ("PAY-2", LinkKind.PARENT, "PAY-1", "line"), id="part-of"),
    ],
)
def test_lines_make_edges(line, edge):
    assert edges(make_item("PAY-1", body=line), make_item("PAY-2")) == [edge]


def test_a_bare_mention_makes_no_edge():
    assert (
        edges(make_item("PAY-1", body="Needs PAY-2, see https://jira.example/browse/PAY-2"), make_item("PAY-2")) == []
    )


def test_a_pull_request_closes_what_its_text_says():
    change = make_item("acme/sdk#2", is_change=True, body="Fixes #1, really")
    world = make_world([change, make_item("acme/sdk#1"), make_item("acme/sdk#3", body="Fixes #1")])
    assert [(link.kind, link.source, link.target) for link in world.links()] == [
        (LinkKind.CLOSES, item_id("acme/sdk#2"), item_id("acme/sdk#1"))
    ]
