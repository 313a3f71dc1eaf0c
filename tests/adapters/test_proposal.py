"""The map that `init` proposes is YAML, maps the usual words, and names what nobody mapped."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from adapters.proposal import TrackerProposal, propose
from syncd.model.identity import PlaceId
from syncd.model.items import Audience, AudienceKind, Person
from syncd.model.reading import Capabilities, PlaceReport, Vocabulary


def proposal(**words: tuple[str, ...]) -> TrackerProposal:
    kind = "jira"
    place = PlaceReport(id=PlaceId(kind, "PAY"), audience=Audience(AudienceKind.PUBLIC), problem="can't comment")
    capabilities = Capabilities(account=Person("bot"), places=(place,), vocabulary=Vocabulary(**words))  # type: ignore[arg-type]
    return TrackerProposal(
        name=kind, kind=kind, url="https://acme.example", auth="{token: {env: T}}", capabilities=capabilities
    )


def read(**words: tuple[str, ...]) -> dict:
    return yaml.safe_load(propose([proposal(**words)]))["trackers"]["jira"]


def test_a_fresh_workspace_only_reports():
    assert yaml.safe_load(propose([proposal()]))["stage"] == "report"


def test_types_are_mapped_by_their_names_in_the_order_in_which_they_decide():
    kinds = read(types=("Story", "Bug", "Epic", "Technical task", "Incident", "New Feature"))["kinds"]
    assert list(kinds.items()) == [
        ("incident", ["Incident"]),
        ("epic", ["Epic"]),
        ("bug", ["Bug"]),
        ("feature", ["Story", "Technical task", "New Feature"]),
    ]


def test_labels_serve_where_there_are_no_types():
    assert read(labels=("bug", "tech-debt", "area/ui"))["kinds"] == {
        "bug": [{"label": "bug"}],
        "debt": [{"label": "tech-debt"}],
    }


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("Blocks", {"blocks": ["Blocks"]}, id="as it reads"),
        pytest.param("Depends", {"blocks": [{"name": "Depends", "reversed": True}]}, id="the other way"),
        pytest.param("Duplicate", {"duplicates": ["Duplicate"]}, id="duplicate"),
        pytest.param("Gantt End to Start", None, id="unknown"),
    ],
)
def test_links_are_mapped_with_their_direction(name: str, expected: object):
    assert read(links=(name,)).get("links") == expected


def test_what_nobody_mapped_is_named():
    text = propose([proposal(types=("Rollout",), links=("Gantt",))])
    assert "# types that nobody mapped: Rollout" in text
    assert "# links that nobody mapped: Gantt" in text


def test_what_is_missing_and_who_reads_stands_beside_the_place():
    assert "PAY: {}   # public: labels only, until `comments: allowed`  # can't comment" in propose([proposal()])


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20))
def test_any_word_of_a_tracker_is_read_back_as_it_is(word: str):
    mapped = read(types=(f"bug {word}",))["kinds"]
    assert mapped == {"bug": [f"bug {word}"]} or "epic" in mapped or "incident" in mapped
