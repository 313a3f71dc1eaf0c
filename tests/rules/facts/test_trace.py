from datetime import date, timedelta

import pytest

from rules.roadmap.loader import Exemption, Standing
from syncd.model.identity import ContainerId, Ref
from syncd.model.items import ContainerKind, PlaceState
from syncd.model.outcomes import Horizon, OutcomeStatus
from syncd.model.truth import Unknown
from syncd.model.words import LinkWord, Words
from tests.builders import (
    A_WEEK_AGO,
    NOW,
    container_id,
    make_container,
    make_item,
    make_link,
    make_outcome,
    make_place,
    make_state,
    make_world,
    place_id,
)
from tests.rules.conditions import condition
from tests.rules.facts.asking import fact, ids, keys, state

ACTIVE = make_outcome("active")
OTHER = make_outcome("other")
PAUSED = make_outcome("paused", status=OutcomeStatus.PAUSED)
NOT_NOW = make_outcome("later-or-never", horizon=Horizon.NOT_NOW)
UNREAD_PARENT = Ref(tracker="jira", native_id="777", key="PAY-77")
ALL = (ACTIVE, OTHER, PAUSED, NOT_NOW)
BUG = condition("item.labels: {contains: bug}")
EXEMPT = Exemption(match=BUG, reason="Handled on call", until=date(2026, 12, 31))
STANDING = Standing(id="health", title="Pay down debt", match=BUG)


def named(*outcomes: str) -> tuple[str, ...]:
    return tuple(f"outcome:{each}" for each in outcomes)


def dark(key: str = "acme/sdk", **given) -> PlaceState:
    return PlaceState(id=place_id(key), **given)


MILESTONES = (make_container("M"), make_container("N"), make_container("P"), make_container("Q"))
IN_MILESTONES = (
    make_outcome("active", milestones=[("jira:PAY", "M")]),
    make_outcome("other", milestones=[("jira:PAY", "N")]),
    make_outcome("paused", status=OutcomeStatus.PAUSED, milestones=[("jira:PAY", "P")]),
)


def held(*titles: str) -> tuple[ContainerId, ...]:
    return tuple(container_id(title) for title in titles)


# Level 1: the item names outcomes.


@pytest.mark.parametrize(
    ("item", "outcomes"),
    [
        pytest.param({"labels": ("outcome:active",)}, ALL, id="label"),
        pytest.param({"labels": ("Outcome:ACTIVE",)}, ALL, id="label-in-any-case"),
        pytest.param({"body": "Outcome: active"}, ALL, id="line"),
        pytest.param({"fields": {"Outcome": "active"}}, ALL, id="field"),
        pytest.param({"fields": {"Outcome": ("active", "other")}}, ALL, id="field-of-several"),
        pytest.param({}, [make_outcome("active", items=["PAY-1"])], id="key-in-tracked-in"),
        pytest.param({"labels": ("fast",)}, [make_outcome("active", labels=["Fast"])], id="label-in-tracked-in"),
    ],
)
def test_an_item_that_names_an_active_outcome_is_traced(item, outcomes):
    place = make_place(words=Words(fields=(("outcome", ("Outcome",)),)))
    world = make_world([make_item(**item)], outcomes, places=[place])
    assert state(world) == "traced"
    assert fact(world, "trace.level") == 1
    assert "active" in ids(fact(world, "trace.outcomes"))
    assert ids(fact(world, "trace.named")) == ids(fact(world, "trace.outcomes"))


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        pytest.param(("active",), "traced", id="active"),
        pytest.param(("active", "other"), "traced", id="several-are-fine"),
        pytest.param(("active", "paused"), "traced", id="one-active-is-enough"),
        pytest.param(("active", "typo"), "traced", id="a-broken-name-beside-is-noted"),
        pytest.param(("paused",), "inactive", id="paused"),
        pytest.param(("later-or-never",), "inactive", id="not-now"),
        pytest.param(("paused", "later-or-never"), "inactive", id="all-inactive"),
        pytest.param(("typo",), "broken", id="not-on-the-roadmap"),
        pytest.param(("typo", "paused"), "broken", id="broken-before-inactive"),
        pytest.param((), "unlinked", id="nothing"),
    ],
)
def test_states_of_what_an_item_names(names, expected):
    assert state(make_world([make_item(labels=named(*names))], ALL)) == expected


@pytest.mark.parametrize("status", [OutcomeStatus.PAUSED, OutcomeStatus.ACHIEVED, OutcomeStatus.DROPPED])
def test_an_outcome_that_is_over_or_paused_is_inactive(status):
    world = make_world([make_item(labels=named("x"))], [make_outcome("x", status=status)])
    assert state(world) == "inactive"
    assert fact(world, "trace.outcome.status") == status.value


# Level 2: the nearest ancestor that names some.


def test_outcomes_are_inherited_from_the_nearest_naming_ancestor():
    items = [
        make_item("PAY-1", labels=named("other")),
        make_item("PAY-2", parent="PAY-1", labels=named("active", "paused")),
        make_item("PAY-3", parent="PAY-2"),
        make_item("PAY-4", parent="PAY-3"),
    ]
    world = make_world(items, ALL)
    assert (state(world, "PAY-4"), fact(world, "trace.level", "PAY-4")) == ("traced", 2)
    assert ids(fact(world, "trace.outcomes", "PAY-4")) == ["active", "paused"]
    assert [(step.how, step.key) for step in fact(world, "trace.path", "PAY-4")] == [
        ("parent", "PAY-3"),
        ("parent", "PAY-2"),
        ("label", ""),
        ("label", ""),
    ]


@pytest.mark.parametrize(
    "child",
    [
        pytest.param(make_item("acme/checkout#1", parent="PAY-9"), id="parent"),
        pytest.param(make_item("acme/checkout#1", body="Part of: PAY-9"), id="line"),
        pytest.param(make_item("acme/checkout#1", body="Parent: https://jira.example/browse/PAY-9"), id="url-in-line"),
        pytest.param(make_item("acme/checkout#1", links=(make_link("Epic", "PAY-9", reads_in=True),)), id="link"),
    ],
)
def test_parents_by_field_link_or_line_count_across_trackers(child):
    place = make_place("acme/checkout", words=Words(links=(("parent", (LinkWord("Epic"),)),)))
    world = make_world([child, make_item("PAY-9", labels=named("active"))], ALL, places=[place])
    assert state(world, "acme/checkout#1") == "traced"


def test_of_two_parents_the_nearer_naming_one_decides():
    items = [
        make_item("PAY-1", parent="PAY-2", body="Part of: PAY-3"),
        make_item("PAY-2", parent="PAY-4"),
        make_item("PAY-3", labels=named("paused")),
        make_item("PAY-4", labels=named("active")),
    ]
    world = make_world(items, ALL)
    assert (state(world), ids(fact(world, "trace.outcomes"))) == ("inactive", ["paused"])


def test_two_parents_as_near_give_both():
    items = [
        make_item("PAY-1", parent="PAY-2", body="Part of: PAY-3"),
        make_item("PAY-2", labels=named("paused")),
        make_item("PAY-3", labels=named("active")),
    ]
    world = make_world(items, ALL)
    assert (state(world), ids(fact(world, "trace.outcomes"))) == ("traced", ["active", "paused"])


def test_an_item_under_a_paused_outcome_is_inactive_whatever_its_milestone_says():
    items = [
        make_item("PAY-1", parent="PAY-2", milestones=held("M")),
        make_item("PAY-2", labels=named("paused")),
    ]
    world = make_world(items, IN_MILESTONES, containers=MILESTONES)
    assert (state(world), fact(world, "trace.level")) == ("inactive", 2)


# Level 3: milestones and versions.


@pytest.mark.parametrize(
    ("titles", "expected", "reached"),
    [
        pytest.param("M", "traced", ["active"], id="one-active"),
        pytest.param("MQ", "traced", ["active"], id="another-that-serves-none"),
        pytest.param("P", "inactive", ["paused"], id="one-paused"),
        pytest.param("MN", "ambiguous", ["active", "other"], id="two"),
        pytest.param("MP", "ambiguous", ["active", "paused"], id="two-whatever-their-status"),
        pytest.param("Q", "unlinked", [], id="none"),
    ],
)
def test_states_of_what_a_milestone_serves(titles, expected, reached):
    world = make_world([make_item(milestones=held(*titles))], IN_MILESTONES, containers=MILESTONES)
    assert state(world) == expected
    assert ids(fact(world, "trace.outcomes")) == reached
    assert fact(world, "trace.level") == (3 if reached else None)


def test_its_own_milestone_counts_before_its_ancestors():
    items = [
        make_item("PAY-1", parent="PAY-2", milestones=held("M")),
        make_item("PAY-2", milestones=held("P")),
        make_item("PAY-3", parent="PAY-2"),
        make_item("PAY-4", parent="PAY-3", milestones=held("Q")),
    ]
    world = make_world(items, IN_MILESTONES, containers=MILESTONES)
    assert [state(world, key) for key in ("PAY-1", "PAY-3", "PAY-4")] == ["traced", "inactive", "inactive"]
    assert [(step.how, step.key or step.title) for step in fact(world, "trace.path", "PAY-3")] == [
        ("parent", "PAY-2"),
        ("milestone", "P"),
    ]


def test_a_version_counts_and_a_sprint_does_not():
    outcome = make_outcome("active", milestones=[("jira:PAY", "26.12"), ("jira:PAY", "Sprint 1")])
    version = make_container("26.12", ContainerKind.VERSION)
    sprint = make_container("Sprint 1", ContainerKind.SPRINT, place="jira:PAY")
    items = [make_item("PAY-1", milestones=(version.id,)), make_item("PAY-2", sprints=(sprint.id,))]
    world = make_world(items, [outcome], containers=[version, sprint])
    assert [state(world, key) for key in ("PAY-1", "PAY-2")] == ["traced", "unlinked"]


def test_a_milestone_of_the_same_title_elsewhere_serves_nothing():
    world = make_world(
        [make_item(milestones=held("M"))], [make_outcome(milestones=[("jira:FRAUD", "M")])], containers=MILESTONES
    )
    assert state(world) == "unlinked"


# Level 4: typed links.

LINKED = Words(
    links=(
        ("implements", (LinkWord("Implements"),)),
        ("duplicates", (LinkWord("Duplicate"),)),
        ("split_from", (LinkWord("Split", reversed=True),)),
        ("mirrors", (LinkWord("Mirrors"),)),
    )
)


@pytest.mark.parametrize(
    ("name", "reads_in", "expected"),
    [
        pytest.param("Implements", False, "traced", id="implements"),
        pytest.param("Implements", True, "unlinked", id="is-implemented-by"),
        pytest.param("Duplicate", False, "traced", id="duplicates"),
        pytest.param("Duplicate", True, "unlinked", id="is-duplicated-by"),
        pytest.param("Split", True, "traced", id="split-from"),
        pytest.param("Split", False, "unlinked", id="split-into"),
        pytest.param("Mirrors", False, "traced", id="mirrors"),
        pytest.param("Mirrors", True, "traced", id="is-mirrored"),
        pytest.param("blocks", False, "unlinked", id="blocks"),
        pytest.param("blocks", True, "unlinked", id="is-blocked-by"),
        pytest.param("relates_to", False, "unlinked", id="relates-to"),
        pytest.param("Smells like", False, "unlinked", id="a-link-that-nobody-mapped"),
    ],
)
def test_typed_links_are_evidence_in_their_direction(name, reads_in, expected):
    items = [
        make_item("PAY-1", links=(make_link(name, "PAY-2", reads_in=reads_in),)),
        make_item("PAY-2", parent="PAY-3"),
        make_item("PAY-3", labels=named("active")),
    ]
    world = make_world(items, ALL, places=[make_place(words=LINKED)])
    assert state(world) == expected
    if expected == "traced":
        assert fact(world, "trace.level") == 4
        assert keys(fact(world, "trace.path")) == ["PAY-2", "PAY-3", ""]


@pytest.mark.parametrize(
    ("targets", "expected"),
    [
        pytest.param([("active",)], "traced", id="one"),
        pytest.param([("active",), ("active",)], "traced", id="twice-the-same"),
        pytest.param([("active",), ("other",)], "ambiguous", id="two"),
        pytest.param([("active", "other")], "ambiguous", id="one-that-reaches-two"),
        pytest.param([("paused",)], "inactive", id="paused"),
        pytest.param([("active",), ()], "traced", id="one-that-reaches-none"),
    ],
)
def test_states_of_what_linked_items_reach(targets, expected):
    others = [make_item(f"PAY-{number}", labels=named(*names)) for number, names in enumerate(targets, 2)]
    links = tuple(make_link("implements", other.key) for other in others)
    assert state(make_world([make_item(links=links), *others], ALL)) == expected


def test_links_are_one_step():
    items = [
        make_item("PAY-1", links=(make_link("implements", "PAY-2"),)),
        make_item("PAY-2", links=(make_link("implements", "PAY-3"),)),
        make_item("PAY-3", labels=named("active")),
    ]
    world = make_world(items, ALL)
    assert [state(world, key) for key in ("PAY-1", "PAY-2")] == ["unlinked", "traced"]
    items = [
        make_item("PAY-1", links=(make_link("implements", "PAY-3"),)),
        make_item("PAY-2", links=(make_link("implements", "PAY-1"),)),
        make_item("PAY-3", labels=named("active")),
    ]
    world = make_world(items, ALL)
    assert [state(world, key) for key in ("PAY-1", "PAY-2")] == ["traced", "unlinked"]


# Contradicted.


@pytest.mark.parametrize(
    ("own", "epic", "initiative", "expected"),
    [
        pytest.param(("active",), ("other",), (), "contradicted", id="only-others"),
        pytest.param(("active",), ("other", "active"), (), "traced", id="the-same-among-others"),
        pytest.param(("active",), ("other",), ("active",), "contradicted", id="the-nearest-counts"),
        pytest.param(("active",), (), ("other",), "contradicted", id="farther-up"),
        pytest.param(("active",), ("typo",), (), "traced", id="a-name-that-gives-none-does-not-contradict"),
        pytest.param(("paused",), ("active",), (), "contradicted", id="before-inactive"),
        pytest.param(("typo",), ("active",), (), "traced", id="a-broken-name-gives-none"),
    ],
)
def test_an_item_contradicts_its_nearest_naming_ancestor(own, epic, initiative, expected):
    items = [
        make_item("PAY-1", labels=named(*own), parent="PAY-2"),
        make_item("PAY-2", labels=named(*epic), parent="PAY-3"),
        make_item("PAY-3", labels=named(*initiative)),
    ]
    world = make_world(items, ALL)
    assert state(world) == expected
    if expected == "contradicted":
        assert ids(fact(world, "trace.inherited")) == [*(epic or initiative)]


def test_a_milestone_or_link_contradicts_nothing():
    links = (make_link("implements", "PAY-2"),)
    items = [
        make_item("PAY-1", labels=named("active"), milestones=held("N"), links=links),
        make_item("PAY-2", labels=named("other")),
    ]
    assert state(make_world(items, IN_MILESTONES, containers=MILESTONES)) == "traced"


def test_a_link_to_what_lies_below_something_unreadable_accuses_nobody():
    items = [
        make_item("PAY-1", links=(make_link("implements", "PAY-2"),)),
        make_item("PAY-2", parent=UNREAD_PARENT),
    ]
    assert state(make_world(items, ALL)) == "unknown"


def test_an_unreadable_parent_as_near_may_agree_with_the_item():
    items = [
        make_item("PAY-1", labels=named("active"), parent=UNREAD_PARENT, body="Part of: PAY-2"),
        make_item("PAY-2", labels=named("other")),
    ]
    assert state(make_world(items, ALL)) == "traced"


# Exempt and standing.


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        pytest.param({}, "unlinked", id="no-match"),
        pytest.param({"labels": ("bug",)}, "exempt", id="match"),
        pytest.param({"labels": ("bug", "outcome:active")}, "traced", id="reaches-an-active-outcome"),
        pytest.param({"labels": ("bug", "outcome:paused")}, "exempt", id="reaches-a-paused-outcome"),
        pytest.param({"labels": ("bug", "outcome:typo")}, "exempt", id="before-broken"),
        pytest.param({"labels": ("bug",), "parent": "PAY-77"}, "exempt", id="before-unknown"),
    ],
)
def test_exempt_items_need_no_outcome(item, expected):
    world = make_world([make_item(**item)], ALL, exempt=(EXEMPT,))
    assert state(world) == expected
    is_exempt = expected == "exempt"
    assert fact(world, "trace.exempt_reason") == ("Handled on call" if is_exempt else None)
    assert fact(world, "trace.exempt_until") == (date(2026, 12, 31) if is_exempt else None)


def test_an_exemption_holds_through_its_last_day():
    exempt = Exemption(match=BUG, reason="x", until=NOW.date())
    world = make_world([make_item(labels=("bug",))], ALL, exempt=(exempt,))
    assert state(world) == "exempt"
    assert state(world, now=NOW + timedelta(days=1)) == "unlinked"


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        pytest.param({}, "unlinked", id="no-match"),
        pytest.param({"labels": ("bug",)}, "traced", id="match"),
        pytest.param({"labels": ("bug", "outcome:typo")}, "broken", id="names-an-outcome-that-is-not-there"),
        pytest.param({"labels": ("bug", "outcome:paused")}, "inactive", id="names-a-paused-one"),
        pytest.param({"labels": ("bug",), "parent": "PAY-9"}, "inactive", id="a-level-decides-before"),
        pytest.param({"labels": ("bug",), "parent": "PAY-77"}, "traced", id="after-an-unreadable-parent"),
    ],
)
def test_standing_work_is_traced_after_all_levels(item, expected):
    items = [make_item(**item), make_item("PAY-9", labels=named("paused"))]
    world = make_world(items, ALL, standing=(STANDING,))
    assert state(world) == expected
    assert fact(world, "trace.standing") == ("health" if expected == "traced" else None)


def test_standing_work_that_reaches_an_outcome_is_traced_by_it():
    world = make_world([make_item(labels=("bug", "outcome:active"))], ALL, standing=(STANDING,))
    assert (state(world), fact(world, "trace.standing")) == ("traced", None)


# Broken.

CHILD, GONE = [make_item(parent="PAY-9")], [make_item("PAY-9")]
MISSING_LINE = [make_item(body="Part of: PAY-99")]
COUNTED = make_state()
UNCOUNTED = make_state(census_at=None)


@pytest.mark.parametrize(
    ("world", "expected"),
    [
        pytest.param(make_world(CHILD, ALL, gone=GONE), "broken", id="parent-seen-and-gone"),
        pytest.param(make_world(MISSING_LINE, ALL, states=[COUNTED]), "broken", id="line-and-a-census-lacks-it"),
        pytest.param(make_world(MISSING_LINE, ALL, states=[UNCOUNTED]), "unknown", id="line-without-a-census"),
        pytest.param(
            make_world([make_item(parent="PAY-99")], ALL, states=[COUNTED]), "unknown", id="jira-shows-a-parent-only"
        ),
        pytest.param(make_world([make_item(body="Part of: LEG-1")], ALL), "unknown", id="line-to-an-unread-place"),
        pytest.param(
            make_world([make_item(links=(make_link("implements", "PAY-9"),))], ALL, gone=[make_item("PAY-9")]),
            "broken",
            id="link-to-something-gone",
        ),
        pytest.param(
            make_world([make_item(links=(make_link("mirrors", "PAY-9", reads_in=True),))], ALL, gone=GONE),
            "broken",
            id="twin-that-is-gone",
        ),
        pytest.param(
            make_world([make_item(parent="acme/sdk#9")], ALL, gone=[make_item("acme/sdk#9")], states=[dark()]),
            "unknown",
            id="gone-from-a-place-that-is-dark-now",
        ),
        pytest.param(
            make_world(
                [make_item(links=(make_link("implements", "PAY-9", reads_in=True),))], ALL, gone=[make_item("PAY-9")]
            ),
            "unlinked",
            id="link-from-something-gone",
        ),
        pytest.param(
            make_world([make_item(parent="PAY-9", labels=named("active"))], ALL, gone=[make_item("PAY-9")]),
            "traced",
            id="traced-all-the-same",
        ),
        pytest.param(
            make_world(MISSING_LINE, [make_outcome("active", items=["PAY-99"])], states=[COUNTED]),
            "broken",
            id="the-roadmap-names-it-too-and-a-census-lacks-it",
        ),
        pytest.param(
            make_world(CHILD, [make_outcome("active", items=["PAY-9"])], gone=GONE),
            "broken",
            id="the-roadmap-names-it-and-it-is-gone",
        ),
    ],
)
def test_what_is_known_not_to_be_there_is_broken(world, expected):
    assert state(world) == expected


def test_those_under_a_broken_name_are_broken_with_it_so_that_it_is_told_once():
    items = [
        make_item("PAY-1", labels=named("typo")),
        make_item("PAY-2", parent="PAY-1"),
        make_item("PAY-3", parent="PAY-2", labels=named("paused")),
    ]
    world = make_world(items, ALL)
    assert [state(world, key) for key in ("PAY-1", "PAY-2", "PAY-3")] == ["broken", "broken", "inactive"]
    found = fact(world, "trace.broken", "PAY-2")
    assert [(each.why, each.title, each.named_by) for each in found] == [("not_on_roadmap", "outcome:typo", "PAY-1")]


def test_broken_names_say_why():
    item = make_item(labels=named("typo"), parent="PAY-9", body="Part of: PAY-99")
    world = make_world([item], ALL, gone=[make_item("PAY-9")])
    found = fact(world, "trace.broken")
    assert [(each.why, each.key or each.title) for each in found] == [
        ("not_on_roadmap", "outcome:typo"),
        ("gone", "PAY-9"),
        ("missing", "PAY-99"),
    ]


# Unknown.


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        pytest.param({}, "unknown", id="nothing-else"),
        pytest.param({"labels": named("active")}, "traced", id="names-one"),
        pytest.param({"labels": named("paused")}, "inactive", id="names-a-paused-one"),
        pytest.param({"labels": named("typo")}, "unknown", id="a-broken-name-beside"),
        pytest.param({"milestones": held("M")}, "traced", id="a-later-level-traces"),
        pytest.param({"milestones": held("P")}, "unknown", id="never-inactive"),
        pytest.param({"milestones": held("M", "N")}, "unknown", id="never-ambiguous"),
        pytest.param({"links": (make_link("implements", "PAY-2"),)}, "traced", id="a-link-traces"),
        pytest.param({"links": (make_link("implements", "PAY-3"),)}, "unknown", id="a-link-to-paused"),
        pytest.param({"body": "Part of: PAY-2"}, "traced", id="another-parent-as-near-traces"),
        pytest.param({"body": "Part of: PAY-3"}, "unknown", id="another-parent-as-near-is-paused"),
    ],
)
def test_a_level_that_ends_at_something_unreadable(item, expected):
    items = [
        make_item("PAY-1", parent=UNREAD_PARENT, **item),
        make_item("PAY-2", labels=named("active")),
        make_item("PAY-3", labels=named("paused")),
    ]
    assert state(make_world(items, IN_MILESTONES, containers=MILESTONES)) == expected


def test_an_unreadable_ancestor_beyond_the_naming_one_decides_nothing():
    items = [
        make_item("PAY-1", parent="PAY-2"),
        make_item("PAY-2", parent="PAY-3", labels=named("paused")),
        make_item("PAY-3", parent=UNREAD_PARENT),
        make_item("PAY-4", parent="PAY-3"),
    ]
    world = make_world(items, ALL)
    assert [state(world, key) for key in ("PAY-1", "PAY-4")] == ["inactive", "unknown"]


def test_a_typed_link_that_ends_at_something_unreadable_is_noted_only():
    links = (make_link("implements", "LEG-9"),)
    world = make_world([make_item(links=links)], ALL)
    assert state(world) == "unlinked"
    assert [(each.how, each.key) for each in fact(world, "trace.unreadable")] == [("implements", "LEG-9")]


def test_a_typed_link_to_an_item_that_names_one_needs_nothing_above_it():
    items = [
        make_item("PAY-1", links=(make_link("implements", "PAY-2"),)),
        make_item("PAY-2", parent=UNREAD_PARENT, labels=named("active")),
    ]
    assert state(make_world(items, ALL)) == "traced"


def test_a_dark_parent_that_the_roadmap_tracks_still_gives_its_outcome():
    items = [make_item("PAY-1", parent="acme/sdk#1"), make_item("acme/sdk#1", labels=named("other"))]
    world = make_world(items, [make_outcome("active", items=["acme/sdk#1"]), OTHER], states=[dark()])
    assert (state(world), ids(fact(world, "trace.outcomes"))) == ("traced", ["active"])


def test_an_unreadable_parent_that_the_roadmap_tracks_still_gives_its_outcome():
    items = [make_item("PAY-1", parent=UNREAD_PARENT), make_item("PAY-2", parent="PAY-1")]
    world = make_world(items, [make_outcome("active", items=["PAY-77"])])
    assert [state(world, key) for key in ("PAY-1", "PAY-2")] == ["traced", "traced"]
    assert keys(fact(world, "trace.path", "PAY-2")) == ["PAY-1", "PAY-77"]
    paused = make_outcome("paused", status=OutcomeStatus.PAUSED, items=["PAY-77"])
    assert state(make_world(items, [paused])) == "unknown"


@pytest.mark.parametrize(
    "told",
    [
        pytest.param(dark(imported_at=None), id="not-imported"),
        pytest.param(dark(imported_at=A_WEEK_AGO, error="it is down"), id="down"),
    ],
)
def test_nobody_is_accused_by_what_a_dark_place_said_last(told):
    items = [
        make_item("PAY-1", parent="acme/sdk#1"),
        make_item("PAY-2", parent="acme/sdk#1", labels=named("active")),
        make_item("PAY-3", parent="acme/sdk#1", milestones=held("M")),
        make_item("PAY-4", links=(make_link("implements", "acme/sdk#1"),)),
        make_item("acme/sdk#1", labels=named("other")),
    ]
    world = make_world(items, IN_MILESTONES, containers=MILESTONES, states=[told])
    found = {key: state(world, key) for key in ("PAY-1", "PAY-2", "PAY-3", "PAY-4", "acme/sdk#1")}
    assert found == {
        "PAY-1": "unknown",
        # Read last, the parent contradicted it: neither that nor its end is known now.
        "PAY-2": "unknown",
        "PAY-3": "traced",
        # So it did reach one by its link.
        "PAY-4": "unknown",
        "acme/sdk#1": "unknown",
    }
    assert "acme/sdk" in fact(world, "trace.state").reason


def test_a_typed_link_into_the_dark_below_a_milestone_is_not_known():
    items = [
        make_item(links=(make_link("implements", "acme/sdk#1"),)),
        make_item("acme/sdk#1", parent="acme/sdk#2"),
        make_item("acme/sdk#2", milestones=held("M")),
    ]
    assert state(make_world(items, IN_MILESTONES, containers=MILESTONES)) == "traced"
    assert state(make_world(items, IN_MILESTONES, containers=MILESTONES, states=[dark()])) == "unknown"


def test_a_typed_link_into_the_dark_that_led_nowhere_is_noted_only():
    items = [make_item("PAY-1", links=(make_link("implements", "acme/sdk#1"),)), make_item("acme/sdk#1")]
    assert state(make_world(items, ALL, states=[dark()])) == "unlinked"


def test_a_name_that_a_dark_parent_does_not_contradict_is_traced():
    items = [make_item("PAY-1", parent="acme/sdk#1", labels=named("active")), make_item("acme/sdk#1")]
    assert state(make_world(items, ALL, states=[dark()])) == "traced"


def test_a_milestone_that_was_not_read_accuses_nobody():
    world = make_world([make_item(milestones=held("M"))], IN_MILESTONES)
    assert state(world) == "unknown"


def test_what_is_unknown_is_unknown_in_every_fact_about_the_outcome():
    world = make_world([make_item(parent=UNREAD_PARENT)], ALL)
    for name in ("trace.level", "trace.outcome.id", "trace.outcome.horizon", "trace.outcome.target_date"):
        assert isinstance(fact(world, name), Unknown), name
    assert ids(fact(world, "trace.outcomes")) == ["?"]


# Harmless shapes.


def test_an_item_that_is_its_own_parent_is_an_item_without_one():
    world = make_world([make_item("PAY-1", parent="PAY-1", body="Part of: PAY-1")], ALL)
    assert (state(world), fact(world, "item.is_parent")) == ("unlinked", False)


@pytest.mark.parametrize(("names", "expected"), [((), "unlinked"), (("active",), "traced")])
def test_a_ring_of_parents_is_harmless(names, expected):
    items = [
        make_item("PAY-1", parent="PAY-3", labels=named(*names)),
        make_item("PAY-2", parent="PAY-1"),
        make_item("PAY-3", parent="PAY-2"),
    ]
    world = make_world(items, ALL)
    assert [state(world, item.key) for item in items] == [expected] * 3
    for item in items:
        fact(world, "trace.path", item.key)


def test_a_very_long_chain_of_parents_is_traced_and_its_path_is_cut():
    items = [make_item("PAY-1", labels=named("active"))]
    items += [make_item(f"PAY-{number}", parent=f"PAY-{number - 1}") for number in range(2, 3000)]
    world = make_world(items, ALL)
    assert state(world, "PAY-2999") == "traced"
    assert len(fact(world, "trace.path", "PAY-2999")) == 50


def test_a_label_of_two_hundred_characters_names_nothing_or_a_broken_outcome():
    world = make_world(
        [make_item("PAY-1", labels=("x" * 200,)), make_item("PAY-2", labels=("outcome:" + "y" * 192,))], ALL
    )
    assert [state(world, key) for key in ("PAY-1", "PAY-2")] == ["unlinked", "broken"]


def test_a_pull_request_is_no_subject():
    world = make_world([make_item("PAY-1"), make_item("acme/sdk#1", is_change=True)], ALL)
    assert [str(subject) for subject in world.subjects if subject.about == "item"] == ["item:jira:nPAY-1"]


def test_the_facts_of_an_outcome_are_those_of_the_first_active_one():
    outcome = make_outcome("zeta", why="Carts are lost", target_date=date(2026, 12, 18))
    world = make_world([make_item(labels=named("paused", "zeta"))], [PAUSED, outcome])
    assert fact(world, "trace.outcome.id") == "zeta"
    assert fact(world, "trace.outcome.why") == "Carts are lost"
    assert fact(world, "trace.outcome.target_date") == date(2026, 12, 18)
