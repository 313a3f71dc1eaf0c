from datetime import timedelta

from rules.facts.vocabulary import all_facts
from rules.language.calendar import Calendar
from rules.loader import load_rules
from rules.preview import edited, preview
from rules.world import World, WorldInput, build_world
from syncd.documents import parse_document
from syncd.model.findings import Subject
from tests.builders import NOW, item_id, make_item, make_place, make_state, place_id

TEXT = """
sets: {bugs: {item.labels: {contains: bug}}}
rules:
  - {id: labelled, title: Labelled, message: "It is {item.key}.", when: {set: bugs}}
  - {id: steady, title: Steady, message: Steady, when: {item.status: To Do}}
"""


def rules(*changes: tuple[str, str]):
    text = TEXT
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    return load_rules([parse_document(text, "rules.yaml")], all_facts())


def world() -> World:
    items = [make_item("PAY-1", labels=("bug",)), make_item("PAY-2", labels=("debt",)), make_item("PAY-3")]
    place = place_id("jira:PAY")
    return build_world(
        WorldInput(items={item.id: item for item in items}, places={place: make_place()}, states={place: make_state()})
    )


def subject(key: str) -> Subject:
    return Subject("item", item_id(key))


def test_an_edit_adds_and_resolves_findings():
    found = preview(rules(), rules(("contains: bug", "contains: debt")), world(), NOW)
    (rule,) = found.rules
    assert (rule.rule_id, rule.added, rule.resolved) == ("labelled", (subject("PAY-2"),), (subject("PAY-1"),))
    assert (found.added_count, found.resolved_count) == (1, 1)


def test_another_message_or_severity_is_told_as_changed():
    for change in (("It is", "This is"), ("title: Labelled,", "title: Labelled, severity: critical,")):
        (rule,) = preview(rules(), rules(change), world(), NOW).rules
        assert (rule.added_count, rule.resolved_count, rule.changed) == (0, 0, (subject("PAY-1"),))


def test_a_new_rule_and_one_that_is_gone():
    steady = TEXT.splitlines(keepends=True)[-1]
    without = rules((steady, ""))
    assert preview(without, rules(), world(), NOW).added_count == 3
    assert preview(rules(), without, world(), NOW).resolved_count == 3


def test_a_rule_that_is_off_resolves_what_it_said():
    found = preview(rules(), rules(("title: Steady,", "title: Steady, stage: 'off',")), world(), NOW)
    assert [(each.rule_id, each.resolved_count) for each in found.rules] == [("steady", 3)]


def test_nothing_is_judged_where_nothing_was_edited():
    assert edited(rules(), rules()) == frozenset()
    assert preview(rules(), rules(), world(), NOW).rules == ()


def test_a_set_is_part_of_the_rules_that_use_it():
    assert edited(rules(), rules(("contains: bug", "contains: debt"))) == {"labelled"}


def test_other_working_days_make_every_rule_worth_a_look():
    idle = rules(("item.status: To Do", "item.idle_for: {gte: 2wd}"))
    now = NOW + timedelta(days=2)
    holidays = frozenset((NOW + timedelta(days=number)).date() for number in range(-400, 4))

    found = preview(idle, idle, world(), now, old_calendar=Calendar(holidays=holidays))

    assert {each.rule_id: each.added_count for each in found.rules} == {"labelled": 0, "steady": 3}
