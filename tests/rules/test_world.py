import itertools
from datetime import timedelta

import pytest

from rules.subjects import container_of, container_subject, outcome_of, outcome_subject, team_subject, teams_of
from syncd.model.findings import Subject
from syncd.model.identity import ItemId, PlaceId, Ref
from syncd.model.items import Audience, AudienceKind, ContainerKind, StatusCategory
from syncd.model.truth import Unknown
from syncd.model.words import Words
from tests.builders import (
    A_WEEK_AGO,
    blocked_by,
    blocks,
    container_id,
    item_id,
    make_container,
    make_item,
    make_outcome,
    make_place,
    make_state,
    make_world,
    place_id,
    url_of,
)

ISSUE, TICKET = make_item("acme/checkout#12"), make_item("PAY-88")


@pytest.mark.parametrize(
    ("ref", "from_item", "expected"),
    [
        pytest.param(Ref(tracker="jira", native_id="nPAY-88"), None, "PAY-88", id="id"),
        pytest.param(Ref(tracker="jira", key="PAY-88"), None, "PAY-88", id="key"),
        pytest.param(
            Ref(tracker="jira", native_id="moved", key="PAY-88"), None, "PAY-88", id="an-id-nobody-knows-and-a-key"
        ),
        pytest.param(Ref(tracker="jira", key="OLD-1"), None, "PAY-88", id="old-key"),
        pytest.param(Ref(tracker="github", key="PAY-88"), None, None, id="key-of-another-tracker"),
        pytest.param(Ref(key="pay-88"), ISSUE, "PAY-88", id="key-from-a-text-in-another-tracker"),
        pytest.param(Ref(key="PAY-88"), None, "PAY-88", id="key-without-a-tracker"),
        pytest.param(Ref(key="#12"), ISSUE, "acme/checkout#12", id="number-in-the-same-repository"),
        pytest.param(Ref(key="#12"), TICKET, None, id="number-where-keys-are-none"),
        pytest.param(Ref(key="#12"), None, None, id="number-from-nowhere"),
        pytest.param(Ref(key="Acme/Checkout#12"), TICKET, "acme/checkout#12", id="repository-in-any-case"),
        pytest.param(Ref(url=url_of("PAY-88")), ISSUE, "PAY-88", id="url"),
        pytest.param(Ref(url=url_of("PAY-88") + "/?focus=1#comment-2"), ISSUE, "PAY-88", id="url-with-more"),
        pytest.param(Ref(url="https://jira.example/browse/OLD-1"), ISSUE, None, id="url-of-a-place-nobody-knows"),
        pytest.param(
            Ref(url="https://github.example/acme/checkout/pull/12"), None, "acme/checkout#12", id="url-as-change"
        ),
        pytest.param(Ref(url="https://elsewhere.example/browse/PAY-88"), ISSUE, None, id="url-elsewhere"),
        pytest.param(Ref(tracker="jira", key="PAY-1"), None, None, id="dangling"),
        pytest.param(Ref(), ISSUE, None, id="nothing"),
    ],
)
def test_references_are_resolved_by_id_key_old_key_and_address(ref, from_item, expected):
    world = make_world([ISSUE, TICKET], aliases={("jira", "OLD-1"): item_id("PAY-88")})
    assert world.resolve(ref, from_item) == (item_id(expected) if expected else None)


def test_the_address_of_an_old_number_leads_to_the_item():
    world = make_world([TICKET], aliases={("jira", "PAY-7"): TICKET.id})
    assert world.resolve(Ref(url="https://jira.example/browse/PAY-7"), None) == TICKET.id


def test_a_key_that_two_trackers_have_means_the_own_one_and_else_none():
    other = make_item("second:PAY-88")
    world = make_world([TICKET, other, make_item("second:PAY-1"), ISSUE])
    assert world.resolve(Ref(key="PAY-88"), world.item(item_id("second:PAY-1"))) == other.id
    assert world.resolve(Ref(key="PAY-88"), ISSUE) is None


def test_what_is_gone_is_not_resolved_and_what_took_its_key_is():
    gone = make_item("PAY-5", id=ItemId("jira", "old"))
    assert make_world([], gone=[gone]).resolve(Ref(tracker="jira", key="PAY-5"), None) is None
    assert make_world([make_item("PAY-5")], gone=[gone]).resolve(Ref(key="PAY-5"), None) == item_id("PAY-5")


def test_ancestors_come_nearest_first_and_once():
    items = [
        make_item("PAY-1", parent="PAY-2", body="Part of: acme/checkout#12"),
        make_item("PAY-2", parent="PAY-3"),
        make_item("acme/checkout#12", body="Part of: PAY-3"),
        make_item("PAY-3", parent="PAY-1"),
    ]
    world = make_world(items)
    assert world.parent(item_id("PAY-1")) == item_id("PAY-2")
    assert world.ancestors(item_id("PAY-1")) == tuple(map(item_id, ("PAY-2", "acme/checkout#12", "PAY-3")))
    assert set(world.children(item_id("PAY-3"))) == {item_id("PAY-2"), item_id("acme/checkout#12")}


def test_the_tracker_own_parent_comes_before_those_of_lines():
    items = [make_item("PAY-9", parent="PAY-5", body="Part of: PAY-1"), make_item("PAY-1"), make_item("PAY-5")]
    assert make_world(items).parent(item_id("PAY-9")) == item_id("PAY-5")


def test_nobody_has_a_parent_children_or_ancestors_where_there_is_no_item():
    world, nobody = make_world(), item_id("PAY-1")
    assert world.parent(nobody) is None
    assert (world.ancestors(nobody), world.children(nobody), world.item(nobody)) == ((), (), None)
    assert world.changed_at(Subject("item", nobody)) is None


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        pytest.param(make_state(), None, id="read"),
        pytest.param(make_state(imported_at=None), "jira:PAY is not fully imported yet", id="not-imported"),
        pytest.param(make_state(error="403 Forbidden"), "jira:PAY can't be read: 403 Forbidden", id="forbidden"),
    ],
)
def test_a_place_is_dark_until_it_was_imported_and_while_it_can_not_be_read(state, reason):
    world = make_world([make_item()], states=[state])
    found = world.is_dark(place_id("jira:PAY"))
    assert (found.reason if found else None) == reason
    assert world.is_dark_subject(Subject("item", item_id("PAY-1"))) == found


def test_a_place_that_nobody_reads_is_dark():
    assert make_world().is_dark(PlaceId("jira", "LEG")) == Unknown("jira:LEG is not read")


def test_the_audience_is_as_configured_else_as_the_tracker_told_it():
    public, group = Audience(AudienceKind.PUBLIC), Audience(AudienceKind.GROUP, "legal")
    told = make_state(audience=public)

    def audience(configured, states=()):
        place = make_world(places=[make_place(audience=configured)], states=states).place(told.id)
        return place.audience if place else "no place"

    assert audience(None, [told]) == public
    assert audience(group, [told]) == group
    assert audience(None) is None
    assert make_world().place(told.id) is None


def rings(*items):
    world = make_world(items)
    subjects = [subject for subject in world.subjects if subject.about == "dependency"]
    return [(subject.id, world.ring(subject)) for subject in subjects]


def test_a_ring_of_open_items_is_one_subject_named_by_its_smallest_key():
    items = [
        make_item("PAY-3", links=(blocks("PAY-1"),)),
        make_item("PAY-1", links=(blocks("acme/checkout#12"),)),
        make_item("acme/checkout#12", body="Blocks: PAY-3"),
        make_item("PAY-4", links=(blocked_by("PAY-3"),)),
    ]
    assert rings(*items) == [(item_id("PAY-1"), tuple(map(item_id, ("PAY-1", "acme/checkout#12", "PAY-3"))))]


def test_of_a_knot_the_shortest_ring_through_the_smallest_key_is_told():
    items = [
        make_item("PAY-1", links=(blocks("PAY-2"),)),
        make_item("PAY-2", links=(blocks("PAY-3"), blocks("PAY-4"))),
        make_item("PAY-3", links=(blocks("PAY-1"),)),
        make_item("PAY-4", links=(blocks("PAY-5"),)),
        make_item("PAY-5", links=(blocks("PAY-1"),)),
    ]
    assert rings(*items) == [(item_id("PAY-1"), tuple(map(item_id, ("PAY-1", "PAY-2", "PAY-3"))))]


@pytest.mark.parametrize(
    "second",
    [
        pytest.param({"status_category": StatusCategory.DONE}, id="done"),
        pytest.param({"is_change": True}, id="change"),
    ],
)
def test_what_is_done_or_a_change_makes_no_ring(second):
    assert (
        rings(make_item("PAY-1", links=(blocks("PAY-2"),)), make_item("PAY-2", links=(blocks("PAY-1"),), **second))
        == []
    )


def test_an_item_that_blocks_itself_and_a_chain_are_no_rings():
    assert rings(make_item("PAY-1", links=(blocks("PAY-1"), blocks("PAY-2"))), make_item("PAY-2")) == []


def test_two_rings_are_two_subjects():
    pairs = [("PAY-1", "PAY-2"), ("PAY-3", "PAY-4")]
    items = [make_item(a, links=(blocks(b),)) for pair in pairs for a, b in (pair, pair[::-1])]
    assert [found[0] for found in rings(*items)] == [item_id("PAY-1"), item_id("PAY-3")]


def test_a_ring_through_a_dark_place_can_not_be_judged():
    items = [make_item("PAY-1", links=(blocks("acme/sdk#1"),)), make_item("acme/sdk#1", links=(blocks("PAY-1"),))]
    world = make_world(items, states=[make_state("acme/sdk", error="it is down")])
    ring = next(subject for subject in world.subjects if subject.about == "dependency")
    assert world.is_dark_subject(ring) == Unknown("github:acme/sdk can't be read: it is down")


def test_changed_at_is_the_newest_change_of_what_facts_are_read_from():
    def at(days):
        return A_WEEK_AGO + timedelta(days=days)

    items = [
        make_item("PAY-1", parent="PAY-2", links=(blocked_by("PAY-4"), blocked_by("PAY-5"))),
        make_item("PAY-2", parent="PAY-3", updated_at=at(1)),
        make_item("PAY-3", updated_at=at(2)),
        make_item("PAY-4", updated_at=at(3)),
        make_item("PAY-5", updated_at=at(4), status_category=StatusCategory.DONE),
        make_item("PAY-6", parent="PAY-2", updated_at=at(5)),
    ]
    world = make_world(items)
    assert world.changed_at(Subject("item", item_id("PAY-1"))) == at(3)
    assert world.changed_at(Subject("item", item_id("PAY-2"))) == at(2)


def test_subjects_stand_in_the_order_of_their_keys_and_changes_are_none():
    items = [make_item("PAY-2"), make_item("acme/sdk#1", is_change=True), make_item("PAY-1")]
    subjects = [subject.id for subject in make_world(items).subjects if subject.about == "item"]
    assert subjects == [item_id("PAY-1"), item_id("PAY-2")]


def test_words_and_teams_are_those_of_the_place():
    world = make_world([make_item("PAY-1"), make_item("acme/sdk#1")], places=[make_place("acme/sdk", team="sdk")])
    assert [world.team(item_id(key)) for key in ("PAY-1", "acme/sdk#1")] == ["payments", "sdk"]
    assert world.kind(item_id("PAY-1")) == "other"


def test_what_is_made_once_is_made_once():
    world, numbers = make_world(), itertools.count()
    assert [world.once("x", lambda: next(numbers)) for _ in range(3)] == [0, 0, 0]
    assert world.once("y", lambda: next(numbers)) == 1


def a_world_of_everything(**given):
    return make_world(
        [make_item("PAY-1"), make_item("acme/sdk#1", fields={"Squad": "risk"})],
        [make_outcome("slow"), make_outcome("fast")],
        containers=[make_container("Next", place="acme/sdk"), make_container("Sprint 7", ContainerKind.SPRINT)],
        places=[
            make_place("jira:PAY"),
            make_place("jira:OPS", team="ops"),
            make_place("acme/sdk", team="", words=Words(fields=(("team", ("Squad",)),))),
        ],
        **given,
    )


def test_outcomes_containers_and_teams_are_subjects_behind_the_items():
    world = a_world_of_everything()
    assert [str(subject) for subject in world.subjects if subject.about != "item"] == [
        "outcome::slow",
        "outcome::fast",
        f"container:github:milestone:{container_id('Next', ContainerKind.MILESTONE, 'github').native_id}",
        f"container:jira:sprint:{container_id('Sprint 7', ContainerKind.SPRINT, 'jira').native_id}",
        "team::ops",
        "team::payments",
        "team::risk",
    ]
    assert all(map(world.has, world.subjects))


def test_subjects_lead_back_to_what_they_are():
    world = a_world_of_everything()
    (outcome, *_), (container, *_) = ([each for each in world.subjects if each.about == what] for what in NO_ITEMS)
    slow, following = outcome_of(outcome, world), container_of(container, world)
    assert slow is not None
    assert following is not None
    assert (slow.id, following.title) == ("slow", "Next")
    assert outcome_of(container, world) is None
    assert container_of(outcome, world) is None


NO_ITEMS = ("outcome", "container")


@pytest.mark.parametrize(
    "subject",
    [
        outcome_subject("gone"),
        container_subject(container_id("gone", ContainerKind.VERSION, "jira")),
        team_subject("gone"),
        Subject("item", item_id("PAY-99")),
    ],
    ids=str,
)
def test_what_is_not_there_is_no_subject(subject):
    assert not a_world_of_everything().has(subject)


def test_the_team_of_what_is_done_is_none():
    done = make_item("acme/sdk#1", fields={"Squad": "risk"}, status_category=StatusCategory.DONE)
    place = make_place("acme/sdk", team="", words=Words(fields=(("team", ("Squad",)),)))
    assert teams_of(make_world([done], places=[place])) == ()


def test_outcomes_and_teams_are_dark_where_nothing_can_be_read_and_a_milestone_with_its_place():
    broken = [make_state("acme/sdk", error="403"), make_state("jira:PAY"), make_state("jira:OPS")]
    world = a_world_of_everything(states=broken)
    milestone = container_subject(container_id("Next", ContainerKind.MILESTONE, "github"))
    sprint = container_subject(container_id("Sprint 7", ContainerKind.SPRINT, "jira"))
    assert world.is_dark_subject(milestone) == Unknown("github:acme/sdk can't be read: 403")
    assert [world.is_dark_subject(each) for each in (sprint, outcome_subject("fast"), team_subject("ops"))] == [
        None
    ] * 3
    night = a_world_of_everything(
        states=[make_state(each, error="403") for each in ("acme/sdk", "jira:PAY", "jira:OPS")]
    )
    for subject in (outcome_subject("fast"), team_subject("ops"), sprint):
        assert isinstance(night.is_dark_subject(subject), Unknown)
    assert night.changed_at(outcome_subject("fast")) is None
