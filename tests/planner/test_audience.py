from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.model.comments import Bullets, Comment, Day, Fold, Heading, Paragraph, Quote, Reference, Text
from syncd.model.items import Audience, AudienceKind
from syncd.planner.audience import Sight, may_be_named, sight
from syncd.planner.readers import HIDDEN, Readers, Readership
from tests.builders import item_id, make_item, make_outcome, make_place, place_id, url_of
from tests.planner.small_world import SmallWorld, leaves_of, words_of

AUDIENCES = {
    "public": Audience(AudienceKind.PUBLIC),
    "customers": Audience(AudienceKind.CUSTOMERS),
    "internal": Audience(AudienceKind.INTERNAL),
    "group": Audience(AudienceKind.GROUP, "risk"),
    "other-group": Audience(AudienceKind.GROUP, "legal"),
    "nameless-group": Audience(AudienceKind.GROUP),
    "unknown": None,
}
WORDS, KEY, NOTHING = Sight.WORDS, Sight.KEY, Sight.NOTHING

# Of each source (a row) in each target (a column), another place of the same tracker.
EXPECTED = {
    "public":         {"public": WORDS, "customers": WORDS, "internal": WORDS, "group": WORDS, "unknown": WORDS},
    "customers":      {"public": NOTHING, "customers": NOTHING, "internal": KEY, "group": KEY, "unknown": NOTHING},
    "internal":       {"public": NOTHING, "customers": NOTHING, "internal": WORDS, "group": WORDS, "unknown": NOTHING},
    "group":          {"public": NOTHING, "customers": NOTHING, "internal": KEY, "group": WORDS, "unknown": NOTHING},
    "other-group":    {"public": NOTHING, "customers": NOTHING, "internal": KEY, "group": KEY, "unknown": NOTHING},
    "nameless-group": {"public": NOTHING, "customers": NOTHING, "internal": KEY, "group": KEY, "unknown": NOTHING},
    "unknown":        {"public": NOTHING, "customers": NOTHING, "internal": KEY, "group": KEY, "unknown": NOTHING},
}  # fmt: skip
PAIRS = [(source, target) for source, row in EXPECTED.items() for target in row]
DAY = date(2026, 12, 9)
OUTSIDE = ("public", "customers", "unknown")


def expected_sight(source, target, *, is_same_tracker):
    seen = EXPECTED[source][target]
    if is_same_tracker or seen is NOTHING or source == "public":
        return seen
    return WORDS if source == "internal" else NOTHING


def two_places(source, target, *, is_same_tracker):
    """Return a world with PAY-1 of the target's audience, and an item of the source's, with its place's id."""
    key = "SECRET-7" if is_same_tracker else "acme/secret#7"
    here, there = make_item("PAY-1"), make_item(key, title="secret title")
    places = [make_place("jira:PAY", audience=AUDIENCES[target])]
    places.append(make_place(str(there.place), audience=AUDIENCES[source]))
    return SmallWorld([here, there], places=places), there


def readers(world: Any, key: str = "PAY-1") -> Readers:
    item = world.item(item_id(key))
    return Readership(world).of(item, world.place(item.place))


def shown(leaf, world):
    return leaves_of(readers(world).comment(Comment((Paragraph((leaf,)),))))[0]


@pytest.mark.parametrize("is_same_tracker", [True, False], ids=["same-tracker", "other-tracker"])
@pytest.mark.parametrize(("source", "target"), PAIRS)
class TestEveryPair:
    def test_sight(self, source, target, is_same_tracker):
        world, there = two_places(source, target, is_same_tracker=is_same_tracker)
        found = sight(world.place(there.place), world.place(place_id("PAY-1")))
        assert found is expected_sight(source, target, is_same_tracker=is_same_tracker)

    @pytest.mark.parametrize("is_restricted", [False, True], ids=["open", "restricted"])
    def test_words_and_dates(self, source, target, is_same_tracker, is_restricted):
        world, there = two_places(source, target, is_same_tracker=is_same_tracker)
        seen = expected_sight(source, target, is_same_tracker=is_same_tracker)
        quote, day = Quote("secret", there.place, is_restricted), Day(DAY, there.place, is_restricted)
        is_shown = seen is WORDS and not is_restricted
        assert shown(quote, world) == (quote if is_shown else HIDDEN)
        is_shown &= target not in OUTSIDE
        assert shown(day, world) == (day if is_shown else HIDDEN), "an item's date can come from the roadmap"

    def test_a_reference(self, source, target, is_same_tracker):
        world, there = two_places(source, target, is_same_tracker=is_same_tracker)
        leaf = Reference(there.key, there.url, there.id, there.place)
        nothing = Text("an item that is not public" if is_same_tracker else "an item in another tracker")
        by_sight = {WORDS: leaf, KEY: Reference(there.key, "", there.id, there.place), NOTHING: nothing}
        assert shown(leaf, world) == by_sight[expected_sight(source, target, is_same_tracker=is_same_tracker)]

    def test_a_reference_to_an_item_under_a_security_level(self, source, target, is_same_tracker):
        world, there = two_places(source, target, is_same_tracker=is_same_tracker)
        found = shown(Reference(there.key, there.url, there.id, there.place, restricted=True), world)
        if is_same_tracker and target not in OUTSIDE:
            assert (found.key, found.url) == (there.key, "")
        else:
            assert isinstance(found, Text)
            assert there.key not in found.text


@pytest.mark.parametrize("target", AUDIENCES)
def test_an_item_may_always_be_named_on_itself(target):
    world = SmallWorld([make_item("PAY-1")], places=[make_place("jira:PAY", audience=AUDIENCES[target])])
    leaf = Reference("PAY-1", url_of("PAY-1"), item_id("PAY-1"), place_id("PAY-1"), restricted=True)
    assert shown(leaf, world) == leaf


def test_a_place_reads_its_own_words_but_a_service_desk():
    place = {name: make_place("jira:PAY", audience=audience) for name, audience in AUDIENCES.items()}
    assert {name: sight(each, each) for name, each in place.items() if name != "customers"} == dict.fromkeys(
        AUDIENCES.keys() - {"customers"}, WORDS
    )
    assert sight(place["customers"], place["customers"]) is KEY


def test_a_place_that_nobody_configured_hides_everything():
    assert sight(None, make_place()) is NOTHING


@pytest.mark.parametrize("target", AUDIENCES)
@pytest.mark.parametrize("visibility", ["internal", "public"])
def test_an_outcome_is_named_outside_only_where_it_is_public(target, visibility):
    outcome = make_outcome("fast", title="Fast checkout", visibility=visibility)
    place = make_place("jira:PAY", audience=AUDIENCES[target])
    world = SmallWorld([make_item("PAY-1")], places=[place], outcomes=[outcome])
    is_named = visibility == "public" or target not in OUTSIDE
    assert may_be_named(outcome, place) is is_named
    for leaf in (Quote("Fast checkout"), Quote("fast"), Reference("fast")):
        assert shown(leaf, world) == (leaf if is_named else HIDDEN)


def test_dates_of_the_roadmap_stay_inside():
    for target in AUDIENCES:
        world = SmallWorld([make_item("PAY-1")], places=[make_place("jira:PAY", audience=AUDIENCES[target])])
        is_hidden = target in OUTSIDE
        assert isinstance(shown(Day(DAY), world), Text) is is_hidden


def test_a_title_that_is_hidden_goes_with_its_brackets_and_hidden_subjects_are_counted():
    world, there = two_places("group", "internal", is_same_tracker=True)
    other = make_item("acme/secret#7")
    world.items[other.id], world.places[other.place] = other, make_place("acme/secret", audience=None)

    def line(item):
        leaves = (Reference(item.key, item.url, item.id, item.place), Text(" ("), Quote(item.title, item.place))
        return (*leaves, Text(")"))

    tree = Comment((Bullets((line(other), line(there), line(other))),))
    assert words_of(readers(world).comment(tree)) == "SECRET-7\n2 items in another tracker"


@st.composite
def trees(draw):
    """A tree of any leaves, those of private places full of secrets."""
    where = st.sampled_from(["jira:PAY", "jira:SECRET", "acme/secret", "jira:NOWHERE"]).map(place_id)
    word = st.sampled_from(["secret title", "secret-key-1", "Secret outcome", "secret why"])
    leaf = st.one_of(
        st.builds(Quote, word, where.filter(lambda place: place.key != "PAY"), st.booleans()),
        st.builds(Quote, word, st.none(), st.booleans()),
        st.builds(
            lambda key, place, restricted: Reference(
                key, f"https://secret/{key}", item_id("SECRET-7"), place, restricted
            ),
            word,
            where.filter(lambda place: place.key != "PAY"),
            st.booleans(),
        ),
        st.just(Text("fine")),
    )
    line = st.lists(leaf, max_size=5).map(tuple)
    lines = st.lists(line, max_size=4).map(tuple)
    block = st.one_of(line.map(Paragraph), line.map(Heading), lines.map(Bullets))
    fold = st.lists(block, max_size=3).map(lambda blocks: Fold("More", tuple(blocks)))
    return Comment(tuple(draw(st.lists(st.one_of(block, fold), max_size=6))))


@given(
    trees(), st.sampled_from(["customers", "internal", "group", "unknown"]), st.sampled_from(["public", "customers"])
)
def test_no_secret_word_gets_into_a_place_that_outsiders_read(tree, secret, target):
    audience = {"audience": AUDIENCES[secret]}
    world: Any = SmallWorld(
        [make_item("PAY-1")],
        places=[
            make_place("jira:PAY", audience=AUDIENCES[target], comments_allowed=True),
            make_place("jira:SECRET", **audience),
            make_place("acme/secret", **audience),
        ],
        outcomes=[make_outcome("secret-key-1", title="Secret outcome", why="secret why")],
    )
    assert "secret" not in words_of(readers(world).comment(tree)).casefold()
