"""What became of outcomes: names lead to those that live, and what can't be so is told at its place."""

import pytest

from rules.roadmap.life import living
from rules.roadmap.loader import Roadmap, load_roadmap
from syncd.documents import parse_document
from syncd.model.errors import ConfigErrors
from syncd.model.outcomes import OutcomeStatus
from tests.builders import make_outcome


def load(text: str, **given) -> Roadmap:
    return load_roadmap([parse_document(f"outcomes:\n{text}", "roadmap.yaml")], **given)


def errors(text: str, **given) -> list[str]:
    with pytest.raises(ConfigErrors) as caught:
        load(text, **given)
    return [str(error).removeprefix("roadmap.yaml:") for error in caught.value.errors]


def outcome(outcome_id: str, words: str = "") -> str:
    return f"  - {{id: {outcome_id}, title: T, {words}}}\n"


@pytest.mark.parametrize(
    ("outcomes", "name", "expected"),
    [
        pytest.param([make_outcome("A")], "a", ("A",), id="itself"),
        pytest.param([make_outcome("a", was=("Old",))], "old", ("a",), id="renamed"),
        pytest.param([make_outcome("a", merged_into="b"), make_outcome("B")], "a", ("B",), id="merged"),
        pytest.param(
            [make_outcome("a", split_into=("c", "b")), make_outcome("b"), make_outcome("c")],
            "a",
            ("c", "b"),
            id="split",
        ),
        pytest.param(
            [make_outcome("a", was=("x",), merged_into="b"), make_outcome("b", merged_into="c"), make_outcome("c")],
            "x",
            ("c",),
            id="renamed-then-merged-twice",
        ),
        pytest.param(
            [
                make_outcome("a", split_into=("b", "c")),
                make_outcome("b", merged_into="c"),
                make_outcome("c"),
            ],
            "a",
            ("c",),
            id="split-and-one-part-merged-into-the-other",
        ),
        pytest.param([make_outcome("a", merged_into="PAY-7")], "a", ("a",), id="merged-into-what-is-not-there"),
        pytest.param([make_outcome("a", merged_into="now"), make_outcome("b", was=("now",))], "a", ("b",), id="by-was"),
    ],
)
def test_a_name_means_the_outcomes_that_live(outcomes, name, expected):
    assert living(outcomes)[name] == expected


def test_a_ring_of_names_leads_nowhere_and_ends():
    assert living([make_outcome("a", merged_into="b"), make_outcome("b", merged_into="a")]) == {"a": (), "b": ()}


def test_what_was_split_or_merged_is_not_worked_on():
    roadmap = load(outcome("a", "merged_into: c") + outcome("b", "split_into: [c, d]") + outcome("c") + outcome("d"))
    merged, split, *_ = roadmap.outcomes
    assert (merged.status, merged.reason) == (OutcomeStatus.DROPPED, "It lives on in c.")
    assert (split.status, split.reason) == (OutcomeStatus.DROPPED, "It lives on in c and d.")
    kept = load(outcome("a", "merged_into: c, status: achieved, reason: R") + outcome("c")).outcomes[0]
    assert (kept.status, kept.reason) == (OutcomeStatus.ACHIEVED, "R")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            outcome("a", "was: [B]") + outcome("b"),
            ["2:29: 'B' is an outcome of its own, in roadmap.yaml:3:10; 'was' names an id that is gone, 'merged_into'"],
            id="was-names-a-living-id",
        ),
        pytest.param(outcome("a", "was: [A]"), ["2:29: 'A' is its own id; 'was' names ids it had"], id="was-itself"),
        pytest.param(
            outcome("a", "was: [x]") + outcome("b", "was: [X]"),
            ["3:29: 'X' became 'a' already, in roadmap.yaml:2:28; keep it as an outcome with 'split_into'"],
            id="two-were-one",
        ),
        pytest.param(
            outcome("a", "merged_into: chekout") + outcome("checkout"),
            ["2:36: no outcome 'chekout'. Did you mean 'checkout'?"],
            id="merged-into-nothing",
        ),
        pytest.param(
            outcome("a", "split_into: [b, zzz]") + outcome("b"), ["2:39: no outcome 'zzz'."], id="split-into-nothing"
        ),
        pytest.param(
            outcome("a", "depends_on: [old]") + outcome("b", "was: [old]"), ["2:36: 'old' is called 'b' now"], id="old"
        ),
        pytest.param(outcome("a", "depends_on: [A]"), ["2:36: 'A' is its own id"], id="depends-on-itself"),
        pytest.param(
            outcome("a", "merged_into: b") + outcome("b", "split_into: [c]") + outcome("c", "merged_into: a"),
            ["2:36: what 'a' lives on in goes round in a ring: a → b → c → a"],
            id="a-ring-of-merges-and-splits",
        ),
        pytest.param(
            outcome("z", "depends_on: [a]") + outcome("a", "depends_on: [b]") + outcome("b", "depends_on: [a]"),
            ["3:36: what 'a' depends on goes round in a ring: a → b → a"],
            id="a-ring-of-dependencies-told-once",
        ),
        pytest.param(
            outcome("a", "split_into: [b], merged_into: b") + outcome("b"),
            ["2:53: an outcome is split or merged, not both"],
            id="split-and-merged",
        ),
        pytest.param(
            outcome("a", "merged_into: b, status: active") + outcome("b"),
            ["2:47: it was merged and can't be 'active'; leave the status out, or say achieved or dropped"],
            id="merged-and-active",
        ),
        pytest.param(
            outcome("a", "decide_by: 2026-12-01"),
            ["2:34: 'decide_by' is for a dropped outcome: the day by which its open work is decided on; this one is"],
            id="decide-by-of-what-is-not-dropped",
        ),
    ],
)
def test_what_can_not_be_is_told_at_its_place(text, expected):
    found = errors(text)
    assert len(found) == len(expected)
    assert [each[: len(wanted)] for each, wanted in zip(found, expected, strict=True)] == expected


def test_where_outcomes_live_in_trackers_an_id_may_be_one_of_theirs():
    text = outcome("a", "depends_on: [PAY-7], merged_into: PAY-8")
    assert len(errors(text)) == 2
    assert load(text, is_open=True).outcomes[0].depends_on == ("PAY-7",)


def test_a_file_that_can_not_be_read_makes_no_id_unknown():
    broken = parse_document("outcomes: [{id: b}]", "roadmap/b.yaml")
    document = parse_document(f"outcomes:\n{outcome('a', 'depends_on: [b]')}", "roadmap.yaml")
    with pytest.raises(ConfigErrors) as caught:
        load_roadmap([document, broken])
    assert [str(error) for error in caught.value.errors] == ["roadmap/b.yaml:1:12: the key 'title' is missing"]
