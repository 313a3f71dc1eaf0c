"""Which outcomes a text resembles: figures by hand, and what always holds."""

import math

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.suggestions.indexing import Example, build_index
from rules.suggestions.matching import THRESHOLD, Matcher
from rules.suggestions.weighing import Rarity
from syncd.model.snapshots import SuggestionIndex

DAY = 740_000


def work(outcome, *words, day=DAY, public=False):
    """Return traced work of a few words."""
    return Example(outcomes=(outcome,), terms=dict.fromkeys(words, 1.0), day=day, is_public=public)


OTHERS = [{f"noise{number}": 1.0} for number in range(10)]
SPEED = [work("speed", "checkout", "slow", "latency"), work("speed", "checkout", "slow", "cache")]
FRAUD = [work("fraud", "fraud", "rule", "score"), work("fraud", "fraud", "rule", "chargeback")]


def matcher(examples=(*SPEED, *FRAUD), own=None, *, public=()):
    return Matcher(build_index(list(examples), own or {}, OTHERS), ("speed", "fraud"), public)


def asked(*words):
    return dict.fromkeys(words, 1.0)


def test_weights_by_hand():
    found = Rarity({"rare": 1, "common": 4}, 9).weighed({"rare": 4.0, "common": 1.0}, 10)
    rare, common = 2 * math.log(10 / 1.5), math.log(10 / 4.5)
    length = math.hypot(rare, common)
    assert found == {"rare": pytest.approx(rare / length), "common": pytest.approx(common / length)}


def test_a_score_by_hand():
    # Of 14 texts, two have each of both words, which weigh the same; two of the three of each work are shared.
    (found,) = matcher().suggested(asked("checkout", "slow"), DAY)
    common, rare = math.log(15 / 2.5), math.log(15 / 1.5)
    near = 2 * common / math.sqrt(2) / math.sqrt(2 * common**2 + rare**2)
    assert found.outcome == "speed"
    assert found.score == pytest.approx(2 * near / 10, abs=0.0005)
    assert (found.lead, found.support_count) == (pytest.approx(1.0), 2)
    assert found.terms == ("checkout", "slow")


def test_work_that_was_written_a_year_before_counts_half():
    (now,) = matcher().suggested(asked("checkout", "slow"), DAY)
    (later,) = matcher().ranked(asked("checkout", "slow"), DAY + 365)
    assert later.score == pytest.approx(now.score / 2)


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("plant", "office"), id="nothing-in-common"),
        pytest.param(("checkout",), id="one-word-is-a-coincidence"),
        pytest.param(("checkout", "slow", "fraud", "rule"), id="as-near-to-another"),
        pytest.param((), id="no-words"),
        pytest.param(("checkout", "slow", *(f"other{number}" for number in range(40))), id="hardly-any"),
    ],
)
def test_silent_where_nothing_is_near_enough(words):
    assert matcher().suggested(asked(*words), DAY) == ()


def test_one_traced_item_is_too_few():
    assert matcher([SPEED[0], *FRAUD]).suggested(asked("checkout", "slow"), DAY) == ()


def test_what_the_roadmap_says_of_an_outcome_counts_beside_its_work():
    own = {"speed": asked("checkout", "slow")}
    (found,) = matcher([SPEED[0], *FRAUD], own).suggested(asked("checkout", "slow"), DAY)
    assert (found.outcome, found.support_count) == ("speed", 2)


def test_an_outcome_that_is_not_on_the_list_is_not_suggested():
    index = build_index([*SPEED, *FRAUD], {})
    assert Matcher(index, ("fraud",)).suggested(asked("checkout", "slow"), DAY) == ()


def test_of_outcomes_that_share_all_their_work_both_are_suggested_in_the_order_of_the_roadmap():
    shared = [msgspec.structs.replace(each, outcomes=("fraud", "speed")) for each in SPEED]
    found = matcher(shared).suggested(asked("checkout", "slow"), DAY)
    assert [each.outcome for each in found] == ["speed", "fraud"]


def test_where_outsiders_read_only_what_they_may_know_guides_suggestions():
    words = asked("checkout", "slow")
    inside = matcher(public=("speed",))
    assert inside.suggested(words, DAY)
    assert inside.suggested(words, DAY, is_read_outside=True) == ()
    seen = [msgspec.structs.replace(each, is_public=True) for each in SPEED]
    assert [each.outcome for each in matcher(seen, public=("speed",)).suggested(words, DAY, is_read_outside=True)] == [
        "speed"
    ]
    assert matcher(seen, public=("fraud",)).suggested(words, DAY, is_read_outside=True) == ()


def test_an_empty_index_suggests_nothing():
    assert Matcher(SuggestionIndex(), ("speed",)).suggested(asked("checkout"), DAY) == ()
    assert Matcher(build_index([], {}), ("speed",)).suggested(asked("checkout"), DAY) == ()


def test_an_index_survives_being_stored():
    index = build_index([*SPEED, *FRAUD], {"speed": asked("checkout")}, OTHERS)
    assert msgspec.json.decode(msgspec.json.encode(index), type=SuggestionIndex) == index


WORDS = st.dictionaries(
    st.sampled_from([*"abcdefghij", "place:x", "label:y", "component:z"]), st.floats(0.5, 20), max_size=8
)
EXAMPLES = st.lists(
    st.builds(
        Example,
        outcomes=st.lists(st.sampled_from(["one", "two", "three"]), min_size=1, unique=True).map(tuple),
        terms=WORDS,
        day=st.integers(730_000, 740_000),
        is_public=st.booleans(),
    ),
    max_size=20,
)


@settings(max_examples=150)
@given(EXAMPLES, WORDS, st.dictionaries(st.sampled_from(["one", "two", "four"]), WORDS), st.booleans())
def test_scores_are_shares_and_the_nearest_comes_first(examples, words, own, outside):
    order = ("one", "two", "three")
    found = Matcher(build_index(examples, own), order, ("one",))
    suggested = found.suggested(words, DAY, is_read_outside=outside)
    assert suggested == Matcher(build_index(examples, own), order, ("one",)).suggested(
        dict(reversed(words.items())), DAY, is_read_outside=outside
    )
    assert len(suggested) <= 3
    assert len({each.outcome for each in suggested}) == len(suggested)
    for each in suggested:
        assert THRESHOLD <= each.score <= 1
        assert 0 <= each.lead <= 1
        assert each.outcome in (("one",) if outside else order)
        assert each.terms
        assert set(each.terms) <= {term.partition(":")[2] or term for term in words}
