"""The example of docs/scope.md, computed again: the page and the code can't part."""

from datetime import UTC, datetime, time
from pathlib import Path

import pytest
import yaml

from rules.facts.table import FactTable
from rules.language.calendar import Calendar
from rules.scope.taking import SETTLING
from rules.subjects import item_subject
from syncd.model.baselines import Baseline, Confidence, Member
from syncd.model.items import Person
from tests.builders import NOW, item_id, make_item, make_link, make_world
from tests.rules.facts.asking import FACTS, keys

PAGE = (Path(__file__).parents[3] / "docs/scope.md").read_text(encoding="utf-8")
EXAMPLE = yaml.safe_load(PAGE.partition("```yaml\n")[2].partition("```")[0])
AGREED_AT = datetime(2026, 11, 6, 23, tzinfo=UTC)


def child(key: str, estimate: float, written, assignee: str = "", reporter: str = "", split_from: str = ""):
    at = datetime.combine(written, time(9), tzinfo=UTC)
    return make_item(
        key,
        parent=EXAMPLE["epic"],
        estimate=float(estimate),
        created_at=at,
        updated_at=at,
        assignees=(assignee,) if assignee else (),
        reporter=Person(reporter, account=reporter) if reporter else None,
        links=(make_link("split_from", split_from),) if split_from else (),
    )


@pytest.fixture
def told():
    """Return the facts of the epic, by name."""
    old = datetime(2026, 10, 1, tzinfo=UTC)
    subject = item_subject(item_id(EXAMPLE["epic"]))
    items = [make_item(EXAMPLE["epic"], created_at=old), *(child(key, **each) for key, each in EXAMPLE["now"].items())]
    taken_out = [make_item(key, created_at=old) for key in EXAMPLE["agreed"].keys() - EXAMPLE["now"].keys()]
    members = tuple(
        Member(item=item_id(key), key=key, team="payments", estimate=float(size))
        for key, size in EXAMPLE["agreed"].items()
    )
    baseline = Baseline(of=subject, at=AGREED_AT, confidence=Confidence.OBSERVED, members=members)
    world = make_world([*items, *taken_out], baselines=[baseline])
    table = FactTable(FACTS, world=world, subjects=(subject,), now=NOW, calendar=Calendar())
    return lambda name: table.column(f"scope.{name}")[0]


def test_the_example_of_the_page_is_what_the_facts_say(told):
    result = EXAMPLE["result"]
    assert {each.key: each.cause for each in told("added")} == result["added"]
    assert keys(told("removed")) == result["removed"]
    assert [each.key for each in told("re_estimated") if each.is_larger] == result["larger"]
    for name in ("baseline_count", "item_count", "growth", "estimate_growth"):
        assert told(name) == pytest.approx(result[name]), name


def test_the_page_says_how_long_a_plan_settles():
    assert SETTLING.working_days == 5
    assert "**five working days**" in PAGE


def test_the_page_knows_every_word_that_facts_say():
    for name in ("scope.state", "scope.confidence"):
        assert all(f"`{value}`" in PAGE for value in FACTS[name].values), name
    assert all(f"| `{cause}` |" in PAGE for cause in ("split", "adopted", "discovered", "added"))
