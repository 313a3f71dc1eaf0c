import pytest

from rules.facts.vocabulary import all_facts
from rules.loader import load_rules
from rules.roadmap.loader import Roadmap
from rules.world import WorldInput, build_world
from syncd.cli.text import line_text
from syncd.documents import parse_document
from syncd.model.findings import About, Subject
from syncd.model.items import StatusCategory
from syncd.model.truth import Truth
from syncd.planner.why import why
from tests.builders import NOW, by_id, make_item, make_outcome, make_ref, make_state, place_id
from tests.planner.small_world import make_policy

RULES = """
sets:
  open_work: {item.status_category: {not: done}, item.in_play: true}
rules:
  - id: no-outcome
    title: Not linked
    applies_to: open_work
    message: It is not linked.
    when: {any: [{trace.state: unlinked}, {trace.state: broken}]}
  - {id: off, title: Off, message: M., stage: off, when: {item.priority: High}}
"""


def asked(item, rule_id="no-outcome"):
    rules = load_rules([parse_document(RULES, "rules.yaml")], all_facts())
    place = place_id(item.key)
    world = build_world(
        WorldInput(
            items=by_id([item]),
            states={place: make_state(str(place))},
            roadmap=Roadmap(outcomes=(make_outcome("fast", labels=["fast"]),)),
        )
    )
    rule = next(each for each in rules.rules if each.terms.id == rule_id)
    return why(rule, Subject(About.ITEM.value, item.id), world, rules, make_policy(), NOW)


def lines(questions):
    return [("  " * each.depth + each.text, each.answer.name, line_text(each.value)) for each in questions]


def test_every_part_is_shown_below_what_joins_it_with_what_it_read():
    found = asked(make_item("PAY-1", status="Doing", status_category=StatusCategory.IN_PROGRESS))
    assert lines(found.applies_to) == [
        ("set: open_work", "YES", ""),
        ("  all", "YES", ""),
        ("    item.status_category: {not: done}", "YES", "in_progress"),
        ("    item.in_play: true", "YES", "yes"),
    ]
    assert lines(found.when) == [
        ("any", "YES", ""),
        ("  trace.state: unlinked", "YES", "unlinked"),
        ("  trace.state: broken", "NO", "unlinked"),
    ]
    assert (found.answer, found.title) == (Truth.YES, "Not linked")


@pytest.mark.parametrize(
    ("item", "answer", "deciders"),
    [
        pytest.param(
            {"status_category": StatusCategory.DONE},
            Truth.NO,
            ["item.status_category: {not: done}", "item.in_play: true"],
            id="the-scope-leaves-it-out",
        ),
        pytest.param(
            {"status_category": StatusCategory.IN_PROGRESS, "labels": ("fast",)},
            Truth.NO,
            ["trace.state: unlinked", "trace.state: broken"],
            id="nothing-is-wrong",
        ),
        pytest.param(
            {"status_category": StatusCategory.IN_PROGRESS, "parent": make_ref("PAY-404")},
            Truth.UNKNOWN,
            ["trace.state: unlinked", "trace.state: broken"],
            id="not-known",
        ),
    ],
)
def test_the_parts_that_decide_are_marked(item, answer, deciders):
    found = asked(make_item("PAY-1", **item))
    assert found.answer is answer
    assert [each.text for each in (*found.applies_to, *found.when) if each.decides] == deciders


def test_why_something_is_unknown_is_said():
    found = asked(make_item("PAY-1", status_category=StatusCategory.IN_PROGRESS, parent=make_ref("PAY-404")))
    assert line_text(found.when[1].value).startswith("unknown: ")


def test_a_rule_that_is_off_says_so():
    assert asked(make_item("PAY-1"), "off").is_off
    assert not asked(make_item("PAY-1")).is_off
