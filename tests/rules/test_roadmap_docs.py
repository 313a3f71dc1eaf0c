"""docs/roadmap.md: what it shows is read, and every key has its situation."""

import re
from pathlib import Path

import pytest

from adapters.registry import load_trackers
from rules.roadmap.loader import load_roadmap
from rules.roadmap.texts import OutcomeText, RoadmapText
from syncd.documents import parse_document

TEXT = (Path(__file__).parents[2] / "docs/roadmap.md").read_text()
BLOCKS = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
CSV = "date,p95\n2026-11-02,2.1\n"


def test_the_roadmap_that_it_shows_is_read_without_a_doubt():
    roadmap = load_roadmap([parse_document(BLOCKS[0], "roadmap.yaml")], {"jira", "github"}, lambda _: CSV)
    assert [outcome.id for outcome in roadmap.outcomes] == ["checkout-latency", "new-gateway"]
    doubted = {str(warning).split("'")[1] for warning in roadmap.warnings}
    assert doubted == {"new-gateway"}, "it has only what it needs to be named"


def test_the_measures_that_it_shows_are_read():
    indented = "".join(f"    {line}\n" for line in BLOCKS[1].splitlines())
    text = f"outcomes:\n  - id: a\n    title: A\n    horizon: next\n{indented}"
    (outcome,) = load_roadmap([parse_document(text, "roadmap.yaml")], None, lambda _: CSV).outcomes
    assert [len(measure.readings) for measure in outcome.measures] == [1, 2]


def test_the_map_that_it_shows_is_read():
    tracker = "    kind: jira\n    url: https://acme.example\n    auth: {email: a@b.example, token: {env: T}}\n"
    text = f"{BLOCKS[2]}{tracker}    projects: {{PAY: {{}}}}\n"
    assert load_trackers(parse_document(text, "trackers.yaml")).hold_outcomes


@pytest.mark.parametrize("key", sorted({*OutcomeText.model_fields, *RoadmapText.model_fields}))
def test_every_key_is_in_a_table(key):
    rows = [line for line in TEXT.splitlines() if line.startswith("| ") and f"`{key}" in line]
    assert rows or key == "outcomes"
