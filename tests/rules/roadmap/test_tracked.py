"""Outcomes that live in trackers: which they are, what they say, and how they merge with what files state."""

from datetime import date

import pytest

from rules.facts.trace.levels import levels_of
from rules.facts.trace.state import Traces
from rules.language.calendar import Calendar
from rules.roadmap.loader import Roadmap, load_roadmap
from rules.world import World
from syncd.documents import parse_document
from syncd.model.identity import Ref
from syncd.model.items import Audience, AudienceKind, ContainerKind, ContainerState, Person, StatusCategory
from syncd.model.outcomes import Horizon, MilestoneName, Outcome, OutcomeStatus, Period
from syncd.model.truth import Unknown
from syncd.model.words import OutcomeWords, Words
from tests.builders import NOW, item_id, make_container, make_item, make_place, make_state, make_world

INITIATIVES = OutcomeWords(types=("Initiative",), labels=("Outcome",))
Q4 = Period(id="2026-Q4", starts_on=date(2026, 10, 1), ends_on=date(2026, 12, 31))
DONE, BEGUN = StatusCategory.DONE, StatusCategory.IN_PROGRESS


def place(words: OutcomeWords = INITIATIVES, key: str = "jira:PAY", **given):
    return make_place(key, words=Words(outcomes=words), **given)


def files(text: str) -> Roadmap:
    return load_roadmap([parse_document(f"outcomes:\n{text}", "roadmap.yaml")])


def world_of(*items, stated: Roadmap | None = None, places=None, **given) -> World:
    stated = stated or Roadmap()
    roadmap = {"stated": stated.stated, "period": given.pop("period", stated.period)}
    return make_world(items, stated.outcomes, places=places or [place()], **roadmap, **given)


def outcomes(*items, **given) -> dict[str, Outcome]:
    return {each.id: each for each in world_of(*items, **given).roadmap.outcomes}


def initiative(key: str = "PAY-7", **given):
    return make_item(key, type="Initiative", **given)


def test_what_nobody_marked_is_no_outcome():
    assert outcomes(initiative(), places=[place(OutcomeWords())]) == {}
    assert outcomes(make_item("PAY-1", type="Story")) == {}
    assert outcomes(initiative(is_change=True)) == {}


def test_an_item_of_a_type_or_with_a_label_is_one_by_its_key():
    found = outcomes(
        initiative("PAY-7", title="Fast", due_on=date(2026, 12, 1), assignees=(Person("Ada", "a1"),)),
        make_item("PAY-8", type="Story", labels=("outcome",)),
    )
    assert list(found) == ["PAY-7", "PAY-8"]
    fast = found["PAY-7"]
    assert (fast.title, fast.target_date, fast.stated_in) == ("Fast", date(2026, 12, 1), "PAY-7")
    assert (fast.owner, fast.accounts) == (Person("Ada", "a1"), (("jira", "a1"),))
    assert fast.tracked_in.items == (Ref(tracker="jira", native_id=item_id("PAY-7").native_id, key="PAY-7"),)


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"labels": ("outcome:fast",)}, id="label"),
        pytest.param({"body": "Why\n\nOutcome: fast\n"}, id="line"),
    ],
)
def test_it_is_the_outcome_that_it_names(given):
    assert list(outcomes(initiative(**given))) == ["fast"]


def test_work_below_it_reaches_it():
    world = world_of(initiative(), make_item("PAY-9", parent="PAY-7"))
    assert levels_of(world).reached[world.positions[item_id("PAY-9")]] == (0,)


def test_a_key_that_can_not_stand_in_a_label_becomes_one_that_can():
    key = "github:acme/checkout#12"
    found = outcomes(initiative(key), places=[place(key="github:acme/checkout")])
    assert list(found) == ["acme-checkout-12"]


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({}, OutcomeStatus.ACTIVE),
        ({"status_category": DONE}, OutcomeStatus.ACHIEVED),
        ({"status_category": DONE, "resolution": "Won't Do"}, OutcomeStatus.DROPPED),
        ({"status_category": DONE, "resolution": "Won\u2019t Fix"}, OutcomeStatus.DROPPED),
        ({"status_category": DONE, "resolution": "not_planned"}, OutcomeStatus.DROPPED),
        ({"resolution": "Won't Do"}, OutcomeStatus.ACTIVE),
    ],
)
def test_its_status_is_the_item_s(given, status):
    assert outcomes(initiative(**given))["PAY-7"].status is status


@pytest.mark.parametrize(
    ("given", "horizon"),
    [
        pytest.param({}, Horizon.NEXT, id="nothing-said"),
        pytest.param({"status_category": BEGUN}, Horizon.NOW, id="begun"),
        pytest.param({"due_on": date(2026, 12, 31)}, Horizon.NOW, id="due-in-the-period"),
        pytest.param({"due_on": date(2027, 1, 1)}, Horizon.NEXT, id="due-after-it"),
    ],
)
def test_it_is_now_when_it_was_begun_or_is_due_in_the_period(given, horizon):
    assert outcomes(initiative(**given), period=Q4)["PAY-7"].horizon is horizon


@pytest.mark.parametrize(
    ("given", "title", "visibility"),
    [
        pytest.param({"audience": Audience(AudienceKind.PUBLIC)}, "Fast", "public", id="public"),
        pytest.param({"audience": Audience(AudienceKind.INTERNAL)}, "Fast", "internal", id="internal"),
        pytest.param({"audience": Audience(AudienceKind.GROUP, "x")}, "PAY-7", "internal", id="a-group"),
        pytest.param({"audience": None}, "PAY-7", "internal", id="nobody-said"),
    ],
)
def test_a_title_that_not_everybody_inside_may_read_is_the_key(given, title, visibility):
    found = outcomes(initiative(title="Fast"), places=[place(**given)])["PAY-7"]
    assert (found.title, found.visibility) == (title, visibility)


def test_a_restricted_item_lends_no_title():
    assert outcomes(initiative(title="Secret", restricted=True))["PAY-7"].title == "PAY-7"


def test_milestones_and_versions_are_outcomes_by_their_titles_and_sprints_are_not():
    containers = [
        make_container("Fast checkout!", ends_on=date(2026, 12, 1)),
        make_container("26.12", ContainerKind.VERSION, state=ContainerState.CLOSED),
        make_container("Sprint 1", ContainerKind.SPRINT),
    ]
    found = outcomes(places=[place(OutcomeWords(milestones=True))], containers=containers, period=Q4)
    assert sorted(found) == ["26.12", "fast-checkout"]
    fast = found["fast-checkout"]
    assert (fast.horizon, fast.target_date) == (Horizon.NOW, date(2026, 12, 1))
    assert fast.tracked_in.milestones == (MilestoneName("jira", "PAY", "Fast checkout!"),)
    assert found["26.12"].status is OutcomeStatus.ACHIEVED


def test_a_milestone_of_the_same_title_in_two_places_is_one_outcome():
    words = OutcomeWords(milestones=True)
    containers = [
        make_container("Fast", place="jira:PAY"),
        make_container("Fast", place="github:acme/checkout"),
    ]
    found = outcomes(places=[place(words), place(words, "github:acme/checkout")], containers=containers)
    assert list(found) == ["fast"]
    assert len(found["fast"].tracked_in.milestones) == 2


def test_what_a_file_says_counts_and_what_it_leaves_out_comes_from_the_tracker():
    item = initiative(labels=("outcome:Fast",), due_on=date(2026, 12, 1), status_category=BEGUN, title="Other")
    found = outcomes(item, stated=files("  - {id: fast, title: Fast, why: W, status: active}"))["fast"]
    assert (found.title, found.why, found.stated_in) == ("Fast", "W", "roadmap.yaml")
    assert (found.horizon, found.target_date) == (Horizon.NOW, date(2026, 12, 1))
    assert found.tracked_in.items[0].key == "PAY-7"


def test_an_item_that_one_outcome_of_a_file_tracks_is_that_outcome():
    stated = files("  - {id: fast, title: Fast, tracked_in: {items: [jira:PAY-7]}}")
    assert list(outcomes(initiative(status_category=BEGUN), stated=stated)) == ["fast"]


def test_a_milestone_that_one_outcome_of_a_file_tracks_is_that_outcome():
    stated = files("  - {id: fast, title: F, tracked_in: {milestones: ['jira:PAY: Release one']}}")
    words = OutcomeWords(milestones=True)
    found = outcomes(stated=stated, places=[place(words)], containers=[make_container("release one")])
    assert list(found) == ["fast"]


def test_a_name_that_the_outcome_had_before_is_the_outcome():
    stated = files("  - {id: fast, title: F, was: [speed]}")
    assert list(outcomes(initiative(labels=("outcome:speed",)), stated=stated)) == ["fast"]


@pytest.mark.parametrize(
    ("words", "given", "expected"),
    [
        pytest.param("status: active", {"status_category": DONE}, [("status", "active", "achieved")], id="done"),
        pytest.param("status: achieved", {}, [("status", "achieved", "active")], id="still-open"),
        pytest.param(
            "status: achieved",
            {"status_category": DONE, "resolution": "Won't Do"},
            [("status", "achieved", "dropped")],
            id="given-up",
        ),
        pytest.param(
            "status: paused", {"status_category": BEGUN}, [("status", "paused", "in progress")], id="paused-and-begun"
        ),
        pytest.param("status: paused", {}, [], id="paused-and-not-begun"),
        pytest.param(
            "horizon: later", {"status_category": BEGUN}, [("horizon", "later", "in progress")], id="later-and-begun"
        ),
        pytest.param("horizon: now", {}, [], id="now-and-not-begun"),
        pytest.param("title: T", {"status_category": DONE}, [], id="what-the-file-leaves-out-is-no-contradiction"),
        pytest.param(
            "target_date: 2026-12-18",
            {"due_on": date(2026, 12, 1)},
            [("target_date", "2026-12-18", "2026-12-01")],
            id="dates",
        ),
        pytest.param("target_date: 2026-12-18", {"due_on": date(2026, 12, 18)}, [], id="the-same-date"),
        pytest.param("target_date: 2026-12-18", {}, [], id="no-date-there"),
        pytest.param(
            "owner: {name: Bo, accounts: {jira: b1}}",
            {"assignees": (Person("Ada", "a1"),)},
            [("owner", "Bo", "Ada")],
            id="owners",
        ),
        pytest.param(
            "owner: {name: Bo, accounts: {jira: a1}}", {"assignees": (Person("Ada", "a1"),)}, [], id="one-person"
        ),
        pytest.param("owner: Bo", {"assignees": (Person("Ada", "a1"),)}, [], id="a-name-is-compared-with-nobody"),
    ],
)
def test_what_file_and_tracker_say_differently_is_kept_for_one_finding(words, given, expected):
    title = "" if words.startswith("title") else "title: T, "
    stated = files(f"  - {{id: fast, {title}{words}}}")
    found = world_of(initiative(labels=("outcome:fast",), **given), stated=stated).roadmap.contradictions
    assert [(each.field, each.in_file, each.in_tracker) for each in found.get("fast", ())] == expected
    assert all((each.key, each.item) == ("PAY-7", item_id("PAY-7")) for each in found.get("fast", ()))


def test_of_several_items_of_one_outcome_the_first_that_is_open_speaks_for_it():
    items = [
        initiative("PAY-1", labels=("outcome:fast",), status_category=DONE, title="One"),
        initiative("PAY-2", labels=("outcome:fast",), title="Two"),
        initiative("PAY-3", labels=("outcome:fast",), title="Three"),
    ]
    (found,) = outcomes(*items).values()
    assert (found.title, found.status) == ("Two", OutcomeStatus.ACTIVE)
    assert [ref.key for ref in found.tracked_in.items] == ["PAY-1", "PAY-2", "PAY-3"]


def test_the_order_of_items_changes_nothing():
    items = [initiative(f"PAY-{number}", labels=(f"outcome:o{number % 3}",)) for number in range(9)]
    assert world_of(*items).roadmap == world_of(*reversed(items)).roadmap


def test_while_a_place_with_outcomes_can_not_be_read_the_roadmap_says_so():
    assert world_of(initiative()).roadmap.unread is None
    dark = world_of(states=[make_state("jira:PAY", error="down", imported_at=None)]).roadmap
    assert isinstance(dark.unread, Unknown)
    assert dark.unread.reason.startswith("outcomes live in PAY: ")


@pytest.mark.parametrize("is_dark", [True, False])
def test_a_name_that_may_be_of_an_outcome_in_such_a_place_accuses_nobody(is_dark):
    state = make_state("jira:PAY", error="down", imported_at=None) if is_dark else make_state("jira:PAY")
    naming = make_item("FRAUD-1", labels=("outcome:fast",))
    world = world_of(naming, places=[place(), make_place("jira:FRAUD")], states=[state])
    (found,) = Traces(world, NOW, Calendar()).states
    assert found == (world.roadmap.unread if is_dark else "broken")


def test_what_was_merged_or_split_hands_down_where_its_work_hangs():
    stated = files(
        "  - {id: a, title: A, merged_into: b, tracked_in: {items: [jira:PAY-1], labels: [x]}}\n"
        "  - {id: b, title: B, tracked_in: {items: [jira:PAY-2]}}\n"
        "  - {id: c, title: C, split_into: [b, d], tracked_in: {milestones: ['jira:PAY: M']}}\n"
        "  - {id: d, title: D}"
    )
    found = outcomes(stated=stated)
    assert [ref.key for ref in found["b"].tracked_in.items] == ["PAY-2", "PAY-1"]
    assert found["b"].tracked_in.labels == ("x",)
    assert found["b"].tracked_in.milestones == found["d"].tracked_in.milestones
    assert len(found["d"].tracked_in.milestones) == 1
    assert found["a"].tracked_in == found["c"].tracked_in == Outcome(id="x", title="X").tracked_in


def test_a_world_without_any_of_this_has_the_roadmap_that_it_was_given():
    stated = files("  - {id: a, title: A}")
    assert world_of(initiative(), stated=stated, places=[make_place()]).roadmap.outcomes == stated.outcomes


def test_a_roadmap_of_the_past_that_names_an_item_s_outcome_is_no_contradiction_to_it():
    then = world_of(initiative(due_on=date(2026, 12, 1))).roadmap
    now = world_of(initiative(due_on=date(2026, 12, 9), status_category=DONE), stated=then).roadmap
    assert (now.outcomes[0].status, now.outcomes[0].target_date) == (OutcomeStatus.ACHIEVED, date(2026, 12, 9))
    assert now.contradictions == {}


@pytest.mark.parametrize(("marked", "state"), [(True, "traced"), (False, "contradicted")])
def test_an_outcome_within_another_one_does_not_contradict_it(marked, state):
    above = initiative("PAY-1")
    below = make_item("PAY-2", type="Initiative" if marked else "Story", parent="PAY-1", labels=("outcome:fast",))
    world = world_of(above, below, stated=files("  - {id: fast, title: F}"))
    assert Traces(world, NOW, Calendar()).states == ["traced", state]


BY_JQL = OutcomeWords(jql="issuetype = Initiative")


def states_of(*items, words: OutcomeWords = BY_JQL):
    world = world_of(*items, places=[place(words)])
    found = Traces(world, NOW, Calendar()).states
    return {item.key: found[position] for position, item in enumerate(world.rows)}


def test_an_item_that_jql_selects_is_one():
    assert list(outcomes(make_item("PAY-7", states_outcome=True), places=[place(BY_JQL)])) == ["PAY-7"]
    assert outcomes(make_item("PAY-7", states_outcome=False), places=[place(BY_JQL)]) == {}


@pytest.mark.parametrize("words", [OutcomeWords(), INITIATIVES])
def test_what_was_selected_by_jql_that_is_no_longer_configured_is_none(words):
    assert outcomes(make_item("PAY-7", states_outcome=True), places=[place(words)]) == {}


def test_work_below_an_item_that_jql_selects_is_traced():
    assert states_of(make_item("PAY-7", states_outcome=True), make_item("PAY-9", parent="PAY-7")) == {
        "PAY-7": "traced",
        "PAY-9": "traced",
    }


def test_where_the_jql_could_not_be_asked_of_an_item_nobody_below_it_is_accused():
    reason = Unknown("jira could not say whether PAY-7 states an outcome")
    unsaid = make_item("PAY-7", states_outcome=None)
    naming = make_item("PAY-10", parent="PAY-7", labels=("outcome:fast",))

    found = states_of(unsaid, make_item("PAY-9", parent="PAY-7"), naming, make_item("PAY-8"))

    assert found == {"PAY-7": reason, "PAY-9": reason, "PAY-10": reason, "PAY-8": "unlinked"}


@pytest.mark.parametrize(
    ("unsaid", "words"),
    [
        pytest.param(make_item("PAY-7", states_outcome=None), OutcomeWords(), id="nobody-asks-any-more"),
        pytest.param(make_item("PAY-7", states_outcome=None, is_change=True), BY_JQL, id="a-change"),
        pytest.param(
            initiative("PAY-7", states_outcome=None), OutcomeWords(jql="x = 1", types=("Initiative",)), id="by-its-type"
        ),
    ],
)
def test_what_can_not_be_asked_does_not_matter_where_it_decides_nothing(unsaid, words):
    assert world_of(unsaid, places=[place(words)]).roadmap.unread is None


def test_an_item_that_names_an_outcome_is_traced_whatever_the_jql_would_say():
    naming = make_item("PAY-7", states_outcome=None, labels=("outcome:fast",))
    world = world_of(naming, stated=files("  - {id: fast, title: F}"), places=[place(BY_JQL)])
    assert Traces(world, NOW, Calendar()).states == ["traced"]


@pytest.mark.parametrize("said", [None, True, False])
def test_an_item_that_may_be_an_outcome_within_another_one_contradicts_nothing(said):
    above = make_item("PAY-1", states_outcome=True)
    below = make_item("PAY-2", states_outcome=said, parent="PAY-1", labels=("outcome:fast",))
    world = world_of(above, below, stated=files("  - {id: fast, title: F}"), places=[place(BY_JQL)])
    expected = {
        None: Unknown("jira could not say whether PAY-2 states an outcome"),
        True: "traced",
        False: "contradicted",
    }
    assert Traces(world, NOW, Calendar()).states == ["traced", expected[said]]
