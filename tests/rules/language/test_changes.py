"""``changed``: how often a field changed, as far as its history is known."""

from datetime import timedelta

import pytest

from rules.engine import Answer
from rules.facts.vocabulary import all_facts
from rules.language import conditions
from rules.language.matchers import Moment
from rules.loader import load_rules
from rules.world import WorldInput, build_world
from syncd.documents import parse_document
from syncd.model.findings import About, Subject
from syncd.model.items import Event, History
from syncd.model.truth import Truth, Unknown, UnknownBefore
from tests.builders import make_item, make_state
from tests.rules.rulebook import NOW, Change, asked, errors_of, read_condition, rule_text

YES, NO, UNKNOWN = Truth.YES, Truth.NO, Truth.UNKNOWN


def days_ago(days: float):
    return NOW - timedelta(days=days)


def change(days: float, field: str = "due_on", before: str = "2026-12-01", after: str = "2026-12-08") -> Change:
    return Change(field=field, at=days_ago(days), before=before, after=after)


TWICE = (change(40), change(10), change(3, "status", "Open", "Done"))


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("due_on", YES),
        ("{field: due_on}", YES),
        ("{field: title}", NO),
        ("{field: [title, status]}", YES),
        ("{field: due_on, count: 2}", YES),
        ("{field: due_on, count: {gte: 3}}", NO),
        ("{field: due_on, within: 30d}", YES),
        ("{field: due_on, within: 5d}", NO),
        ("{field: due_on, within: 30d, count: {gte: 2}}", NO),
        ("{field: due_on, within: 6w, count: {gte: 2}}", YES),
        ("{field: due_on, within: 10d}", NO),
        ("{field: due_on, within: 30d, count: 0}", NO),
        ("{field: status, to: Done}", YES),
        ("{field: status, from: [Open, New], to: {not: Done}}", NO),
        ("{field: status, from: {starts_with: O}}", YES),
    ],
)
def test_changes_are_counted(text, answer):
    assert asked(f"item.history: {{changed: {text}}}", item_history=TWICE) is answer


@pytest.mark.parametrize(
    ("text", "known_for", "answer"),
    [
        ("due_on", 20, YES),
        ("title", 20, UNKNOWN),
        ("{field: title, within: 20d}", 20, NO),
        ("{field: title, within: 21d}", 20, UNKNOWN),
        ("{field: due_on, within: 12d}", 20, YES),
        ("{field: due_on, within: 12d, count: {gte: 2}}", 20, NO),
        ("{field: due_on, within: 60d, count: {gte: 2}}", 20, UNKNOWN),
        ("{field: due_on, within: 60d, count: {lt: 1}}", 20, NO),
    ],
)
def test_what_is_not_known_from_before_its_window_does_not_matter(text, known_for, answer):
    history = (change(10), UnknownBefore("not read further", days_ago(known_for)))

    assert asked(f"item.history: {{changed: {text}}}", item_history=history) is answer


@pytest.mark.parametrize(
    ("history", "answer"),
    [((), NO), (None, NO), (Unknown("not read"), UNKNOWN), ((Unknown("not read"),), UNKNOWN), (("odd",), UNKNOWN)],
)
def test_without_a_history_it_is_as_unknown_as_the_history(history, answer):
    assert asked("item.history: {changed: {field: due_on, within: 3d}}", item_history=history) is answer


def due(text: str, *history):
    condition = read_condition(f"item.history: {{changed: {text}}}")
    return conditions.due(condition, {"item.history": history}.get, Moment(NOW))


def test_a_change_that_leaves_the_window_turns_the_answer_and_so_does_a_history_that_fills_it():
    assert due("{field: due_on, within: 30d}", change(10), change(20)) == days_ago(-10)
    assert due("{field: due_on, within: 30d}", UnknownBefore("", days_ago(4))) == days_ago(-26)
    assert due("{field: due_on}", change(10)) is None


def test_the_changes_that_count_are_what_made_it_so():
    condition = read_condition("item.history: {changed: {field: due_on, within: 30d}}")

    assert conditions.matched(condition, {"item.history": TWICE}.get, Moment(NOW)) == (TWICE[1],)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("staus", "36: unknown field 'staus'. Did you mean 'status'?"),
        ("{field: staus}", "44: unknown field 'staus'. Did you mean 'status'?"),
        ("{field: [status, staus]}", "53: unknown field 'staus'. Did you mean 'status'?"),
        ("{within: 3d}", "36: the key 'field' is missing: one of status, resolution, "),
        ("{field: status, in: 3d}", "52: unknown key 'in'. Allowed here: field, within, from, to, count."),
        ("{field: status, whithin: 3d}", "52: unknown key 'whithin'. Did you mean 'within'?"),
        ("{field: status, within: 3 days}", "60: read '3 days'; expected a length of time"),
        ("{field: status, count: many}", "59: read 'many'; expected a number"),
        ("{field: status, to: {gt: 3}}", "57: operator 'gt' does not fit 'item.history' (text)."),
        ("[status]", "36: read a list; expected a field, or a mapping such as {field: status}"),
        ("{}", "36: the key 'field' is missing: one of status, "),
        ("{feild: status}", "37: unknown key 'feild'. Did you mean 'field'?"),
        ("{field: [due, status]}", "45: unknown field 'due'. Did you mean 'due_on'?"),
        ("{field: []}", "44: read an empty list; expected values"),
    ],
)
def test_what_is_wrong_is_told_at_its_place(text, error):
    (told,) = errors_of(rule_text(f"item.history: {{changed: {text}}}"))
    assert told.startswith(f"a.yaml:5:{error}")


def test_only_a_history_can_be_asked_for_changes():
    (told,) = errors_of(rule_text("deps.open_blockers: {changed: status}"))
    assert told.startswith("a.yaml:5:33: 'deps.open_blockers' is no history; 'changed' is asked of item.history")


def test_the_history_of_an_item_is_asked_with_the_facts_there_are():
    item = make_item("PAY-1", created_at=days_ago(90), updated_at=days_ago(3))
    moves = tuple(
        Event(item=item.id, at=days_ago(ago), field="due_on", before="2026-12-01", after="2026-12-08") for ago in (9, 3)
    )
    history = History(known_since=days_ago(40), events=moves)
    world = build_world(
        WorldInput(items={item.id: item}, histories={item.id: history}, states={item.place: make_state()})
    )
    when = "item.history: {changed: {field: due_on, within: %s, count: {gte: %s}}}"

    def answer(within: str, count: int) -> Answer:
        rules = load_rules([parse_document(rule_text(when % (within, count)), "a.yaml")], all_facts())
        (told,) = rules.explain(world, Subject(About.ITEM.value, item.id), NOW)
        return told.answer

    assert answer("30d", 2) is Answer.HOLDS
    assert answer("30d", 3) is Answer.NOT
    assert answer("60d", 3) is Answer.UNKNOWN
