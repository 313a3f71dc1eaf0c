"""Rules judged: what holds, what is not known, what only time will change, and what is told of it."""

from datetime import UTC, date, datetime, timedelta
from textwrap import dedent
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from rules.engine import Answer
from rules.language.calendar import Calendar
from syncd.model.comments import Day, Quote, Reference, Text
from syncd.model.findings import Evidence, Severity, Span, ToldOn
from syncd.model.identity import ItemId
from syncd.model.truth import Unknown
from tests.rules.rulebook import (
    FRAUD,
    NOW,
    PAY,
    Blocker,
    FakeWorld,
    Served,
    item_subject,
    load,
    make_id,
    ring_subject,
    rule_text,
)

DARK = Unknown("FRAUD is not imported yet")
OPEN = {"item.status_category": "todo"}


def held(text: str, world: FakeWorld) -> list[str]:
    judgments = load(text).evaluate(world, NOW)
    return [f"{each.rule.id} {each.subject.id.native_id}" for each in judgments.holding]


def told(text: str, **facts):
    """Return the one judgment of a rule for one open item PAY-1."""
    world = FakeWorld({"PAY-1": {**OPEN, **{name.replace("_", ".", 1): value for name, value in facts.items()}}})
    (judgment,) = load(text).evaluate(world, NOW).holding
    return judgment


def rule(**more: str) -> str:
    said = {"id": "x", "title": "T", "message": "M", "when": "{item.in_play: true}", **more}
    return "rules:\n  - " + "\n    ".join(f"{key}: {value}" for key, value in said.items()) + "\n"


class TestEvaluate:
    def test_a_rule_holds_where_its_scope_and_its_condition_do(self):
        world = FakeWorld(
            {
                "A": {"item.kind": "bug", **OPEN},
                "B": {"item.kind": "bug", "item.status_category": "done"},
                "C": {"item.kind": "debt", **OPEN},
            }
        )

        assert held(rule_text("item.kind: bug"), world) == ["some-rule A"]

    def test_what_is_unknown_is_neither_held_nor_not(self):
        world = FakeWorld(
            {
                "A": {"item.kind": DARK, **OPEN},
                "B": {"item.kind": "debt", "item.status_category": DARK},
                "C": {"item.kind": "bug", "item.status_category": DARK},
            }
        )

        judgments = load(rule_text("item.kind: bug")).evaluate(world, NOW)

        assert judgments.holding == ()
        assert set(judgments.unknown) == {("some-rule", item_subject("A")), ("some-rule", item_subject("C"))}
        assert ("some-rule", item_subject("A")) in judgments.unknown
        assert ("some-rule", item_subject("B")) not in judgments.unknown
        assert ("other-rule", item_subject("A")) not in judgments.unknown
        assert ("some-rule", item_subject("Z")) not in judgments.unknown
        assert len(judgments.unknown) == 2

    def test_what_stands_on_a_dark_tracker_is_unknown_whatever_was_read_before(self):
        items = {"A": {"item.kind": "bug", **OPEN}, "B": {"item.kind": "debt", **OPEN}}
        world = FakeWorld(items, dark={"A": "jira is down", "B": "jira is down"})

        judgments = load(rule_text("item.kind: bug")).evaluate(world, NOW)

        assert judgments.holding == ()
        assert len(judgments.unknown) == 2

    def test_items_and_dependencies_are_judged_by_their_own_rules(self):
        text = """
            rules:
              - {id: a, title: T, message: M, when: {item.in_play: true}}
              - {id: d, title: T, message: M, when: {deps.length: {gt: 1}}, about: dependency}
        """
        items = {"A": {"item.in_play": True, **OPEN}, "B": {"item.in_play": False, **OPEN}}

        world = FakeWorld(items, rings={"A": {"deps.length": 2}, "C": {"deps.length": 1}})

        judgments = load(dedent(text)).evaluate(world, NOW)
        assert [(each.rule.id, each.subject) for each in judgments.holding] == [
            ("a", item_subject("A")),
            ("d", ring_subject("A")),
        ]
        assert [terms.id for terms in judgments.rules] == ["a", "d"]

    def test_a_rule_that_is_off_is_not_judged_but_known(self):
        world = FakeWorld({"A": {"item.in_play": True, **OPEN}})

        judgments = load(rule(stage="off")).evaluate(world, NOW)

        assert judgments.holding == ()
        assert [terms.id for terms in judgments.rules] == ["x"]
        assert world.computed == []

    def test_without_subjects_nothing_holds(self):
        assert load(rule()).evaluate(FakeWorld({}), NOW).holding == ()

    def test_a_fact_is_computed_once_however_many_rules_and_sets_ask_for_it(self):
        text = "sets: {s: {item.in_play: true}}\nrules:\n" + "".join(
            f"  - {{id: r{n}, title: T, message: M, applies_to: s, when: {{item.estimate: {{gt: {n}}}}}}}\n"
            for n in range(5)
        )
        world = FakeWorld({key: {"item.in_play": True, "item.estimate": 3} for key in "ABC"})

        load(text).evaluate(world, NOW)

        assert sorted(world.computed) == ["item.estimate", "item.in_play"]

    def test_what_only_messages_show_is_computed_only_where_something_holds(self):
        text = rule(message='"{item.title} is blocked by {deps.open_blockers | keys}"')
        quiet = FakeWorld({"A": {"item.in_play": False, **OPEN}})
        loud = FakeWorld({"A": {"item.in_play": True, "item.title": "Pay", **OPEN}})

        load(text).evaluate(quiet, NOW)
        load(text).evaluate(loud, NOW)

        assert "item.title" not in quiet.computed
        assert {"item.title", "deps.open_blockers"} <= set(loud.computed)


class TestTopmost:
    TEXT = rule(when="{trace.state: unlinked}", told_on="topmost", applies_to="{item.in_play: true}")

    def test_ancestors_for_which_the_condition_holds_are_told_of_even_out_of_scope(self):
        facts = {"trace.state": "unlinked", "item.in_play": False}
        items: dict[str, Any] = {
            "EPIC": facts,
            "STORY": {**facts, "item.in_play": True},
            "OTHER": facts,
            "LINKED": {"trace.state": "traced"},
        }
        world = FakeWorld(items, parents={"STORY": "EPIC", "EPIC": "LINKED"})

        judgments = load(self.TEXT).evaluate(world, NOW)

        assert [each.subject for each in judgments.holding] == [item_subject("STORY")]
        assert judgments.also_when == {("x", item_subject("EPIC"))}

    def test_a_dark_ancestor_is_not_among_them(self):
        facts = {"trace.state": "unlinked", "item.in_play": True}
        world = FakeWorld({"EPIC": facts, "STORY": facts}, parents={"STORY": "EPIC"}, dark={"EPIC": "down"})

        assert load(self.TEXT).evaluate(world, NOW).also_when == frozenset()

    def test_a_rule_told_on_its_subject_looks_at_no_ancestor(self):
        facts = {"trace.state": "unlinked", "item.in_play": True}
        world = FakeWorld({"EPIC": facts, "STORY": facts}, parents={"STORY": "EPIC"})

        judgments = load(self.TEXT.replace("topmost", "subject")).evaluate(world, NOW)

        assert judgments.also_when == frozenset()


class TestTime:
    def test_the_next_turn_of_any_answer_is_told_even_where_nothing_holds(self):
        world = FakeWorld({"A": {"item.due_on": date(2026, 11, 27), **OPEN}})

        judgments = load(rule(when="{item.due_on: {older_than: 0}}")).evaluate(world, NOW)

        assert judgments.holding == ()
        assert judgments.next_due == datetime(2026, 11, 28, tzinfo=UTC)

    def test_what_holds_says_when_it_stops_by_time_alone(self):
        judgment = told(rule(when="{item.due_on: {within: 3d}}"), item_due_on=date(2026, 11, 27))

        assert judgment.next_due == datetime(2026, 11, 28, tzinfo=UTC)

    def test_an_ancestor_out_of_scope_that_may_be_told_instead_is_waited_for(self):
        text = rule(when="{item.due_on: {older_than: 0}}", told_on="topmost", applies_to="{item.in_play: true}")
        story = {"item.due_on": date(2026, 11, 20), "item.in_play": True}
        epic = {"item.due_on": date(2026, 11, 30), "item.in_play": False}
        world = FakeWorld({"EPIC": epic, "STORY": story}, parents={"STORY": "EPIC"})

        assert load(text).evaluate(world, NOW).next_due == datetime(2026, 12, 1, tzinfo=UTC)

    def test_what_a_scope_leaves_out_is_waited_for_by_its_scope_alone(self):
        text = rule(when="{item.due_on: {older_than: 0}}", applies_to="{item.in_play: true}")
        world = FakeWorld({"A": {"item.due_on": date(2026, 11, 30), "item.in_play": False}})

        assert load(text).evaluate(world, NOW).next_due is None

    def test_rules_without_times_are_never_due(self):
        world = FakeWorld({"A": {"item.in_play": True, **OPEN}})

        assert load(rule()).evaluate(world, NOW).next_due is None


class TestJudgment:
    def test_it_carries_what_matters_after_it_was_judged(self):
        judgment = told(
            rule(severity="critical", **{"for": "2wd"}, clear_after="1d", told_on="topmost"), item_in_play=True
        )

        assert judgment.severity is Severity.CRITICAL
        assert judgment.rule.holds_for == Span(working_days=2)
        assert judgment.rule.clear_after == Span(exact=timedelta(days=1))
        assert judgment.rule.told_on is ToldOn.TOPMOST
        assert judgment.changed_at == datetime(2026, 11, 20, tzinfo=UTC)

    def test_the_blockers_that_the_condition_matched_are_its_causes(self):
        fraud = Blocker(key="FRAUD-1", team="fraud", item=make_id("FRAUD-1"))
        again = Blocker(key="FRAUD-1", team="fraud", title="twin", item=make_id("FRAUD-1"))
        other = Blocker(key="PAY-2", team="payments", item=make_id("PAY-2"))
        unresolved = Blocker(key="LEG-1", team="fraud")

        judgment = told(
            rule(when="{deps.open_blockers: {some: {team: fraud}}}", told_on="blocker"),
            deps_open_blockers=(fraud, other, again, unresolved),
        )

        assert judgment.causes == (make_id("FRAUD-1"),)

    def test_its_evidence_is_the_facts_of_its_condition_in_words(self):
        judgment = told(
            rule(
                when="{item.in_play: true, item.due_on: {lt: 2026-11-25}, item.estimate: {exists: false}, "
                "item.idle_for: {gt: 1d}, any: [{item.kind: bug}, {item.title: x}]}"
            ),
            item_in_play=True,
            item_due_on=date(2026, 11, 1),
            item_kind="bug",
            item_title=DARK,
            item_idle_for=timedelta(days=9),
        )

        assert judgment.evidence == (
            Evidence("item.in_play", (Text("yes"),)),
            Evidence("item.due_on", (Day(date(2026, 11, 1), source=PAY),)),
            Evidence("item.estimate", (Text("none"),)),
            Evidence("item.kind", (Text("bug"),)),
            Evidence("item.title", (Text("unknown"),)),
        ), "dates, never ages, and no names of other places"

    def test_a_message_whose_facts_are_empty_is_the_title_and_a_line_of_fixes_disappears(self):
        judgment = told(
            rule(
                title="The title",
                message='"Blocked by {deps.open_blockers | keys}."',
                fix='["Ask {deps.open_blockers | keys}.", "Or close {item.key}."]',
            ),
            item_in_play=True,
        )

        assert judgment.message == (Text("The title"),)
        assert len(judgment.fix) == 1


class TestVoices:
    """Every leaf says whose words it holds and who may read them."""

    def line(self, template: str, **facts):
        return told(rule(message=f'"{template}"'), item_in_play=True, **facts).message

    def test_an_items_own_words_are_quoted_from_its_place(self):
        assert self.line("{item.title}", item_title="Pay @all") == (Quote("Pay @all", source=PAY),)
        assert self.line("{item.labels}", item_labels=("a", "b")) == (
            Quote("a", source=PAY),
            Text(" and "),
            Quote("b", source=PAY),
        )

    def test_its_key_is_a_reference(self):
        assert self.line("{item.key}: T") == (
            Reference("PAY-1", url="https://acme.example/PAY-1", item=ItemId("jira", "PAY-1"), source=PAY),
            Text(": T"),
        )

    def test_our_words_and_closed_sets_are_ours(self):
        assert self.line("{item.kind} {item.status_category}", item_kind="bug") == (
            Text("bug"),
            Text(" "),
            Text("todo"),
        )

    def test_the_roadmaps_words_are_quoted_without_a_place(self):
        served = Served(id="fast", title="Fast [checkout](x)")

        assert self.line("{period.id}", period_id="2026-Q4") == (Quote("2026-Q4"),)
        assert self.line("{trace.outcomes | title}", trace_outcomes=(served,)) == (Quote("Fast [checkout](x)"),)

    def test_a_record_of_another_place_speaks_for_that_place(self):
        fraud = Blocker(key="FRAUD-1", title="Secret", url="u", item=make_id("F"), place=FRAUD, restricted=True)

        assert self.line("{deps.open_blockers | names}", deps_open_blockers=(fraud,)) == (
            Reference("FRAUD-1", url="u", item=make_id("F"), source=FRAUD, restricted=True),
            Text(" ("),
            Quote("Secret", source=FRAUD, restricted=True, item=make_id("F")),
            Text(")"),
        )

    def test_a_record_whose_readers_nobody_knows_is_shown_to_nobody(self):
        assert self.line("{deps.open_blockers | keys}", deps_open_blockers=(Blocker(key="LEG-1", place=None),)) == (
            Reference("LEG-1", restricted=True),
        )

    def test_equal_words_of_two_places_are_each_their_own(self):
        facts = {"item.title": "Same", "item.kind": "bug", **OPEN}
        text = rule(message='"{item.title}"', why='"A {item.kind}."', when="{item.title: Same}")

        judgments = load(text).evaluate(FakeWorld({"PAY-1": facts, "FRAUD-1": facts}), NOW).holding

        assert [each.message for each in judgments] == [(Quote("Same", source=PAY),), (Quote("Same", source=FRAUD),)]
        assert [each.evidence[0].value for each in judgments] == [each.message for each in judgments]
        assert judgments[0].why == judgments[1].why == (Text("A "), Text("bug"), Text("."))

    def test_the_words_of_an_item_that_can_not_be_looked_up_are_shown_to_nobody(self):
        class Blind(FakeWorld):
            def item(self, item_id):
                return None

        world = Blind({"PAY-1": {"item.title": "Secret", "item.in_play": True, **OPEN}})

        (judgment,) = load(rule(message='"{item.title}"')).evaluate(world, NOW).holding

        assert judgment.message == (Quote("Secret", restricted=True),)

    def test_what_is_evidence_is_quoted_alike(self):
        judgment = told(rule(when="{item.title: {contains: x}}"), item_title="x")

        assert judgment.evidence == (Evidence("item.title", (Quote("x", source=PAY),)),)


class TestExplain:
    def explained(self, text: str, world: FakeWorld, key: str = "A"):
        return {each.rule.id: each for each in load(text).explain(world, item_subject(key), NOW)}

    @pytest.mark.parametrize(
        ("facts", "answer"),
        [
            ({"item.kind": "bug", **OPEN}, Answer.HOLDS),
            ({"item.kind": "debt", **OPEN}, Answer.NOT),
            ({"item.kind": "bug", "item.status_category": "done"}, Answer.NOT_APPLIED),
            ({"item.kind": DARK, **OPEN}, Answer.UNKNOWN),
            ({"item.kind": "bug", "item.status_category": DARK}, Answer.UNKNOWN),
            ({"item.kind": "debt", "item.status_category": DARK}, Answer.NOT),
        ],
    )
    def test_every_rule_answers_for_one_subject(self, facts, answer):
        found = self.explained(rule_text("item.kind: bug"), FakeWorld({"A": facts, "B": {}}))

        assert found["some-rule"].answer is answer

    def test_why_something_is_unknown_is_said(self):
        found = self.explained(rule_text("item.kind: bug"), FakeWorld({"A": {"item.kind": DARK, **OPEN}}))

        assert found["some-rule"].evidence[1].value == (Text("unknown: FRAUD is not imported yet"),)
        assert found["some-rule"].reason == "FRAUD is not imported yet"
        dark = FakeWorld({"A": {"item.kind": "bug", **OPEN}}, dark={"A": "jira is down"})
        assert self.explained(rule_text("item.kind: bug"), dark)["some-rule"].reason == "jira is down"

    def test_a_rule_that_is_off_says_so_and_rules_about_others_say_nothing(self):
        text = rule(stage="off") + "  - {id: d, about: dependency, title: T, message: M, when: {deps.length: 2}}\n"

        found = self.explained(text, FakeWorld({"A": OPEN}))

        assert {name: each.answer for name, each in found.items()} == {"x": Answer.OFF}

    def test_the_facts_of_the_scope_and_ages_are_shown_here(self):
        world = FakeWorld({"A": {"item.idle_for": timedelta(days=3), **OPEN}})

        found = self.explained(rule(when="{item.idle_for: {gt: 1d}}"), world)["x"]

        assert found.evidence == (
            Evidence("item.status_category", (Text("todo"),)),
            Evidence("item.idle_for", (Text("3 days"),)),
        )


class TestPartly:
    RULES = rule_text("item.in_play: true", "a") + rule_text("item.kind: bug", "b").partition("\n")[2]
    WORLD = FakeWorld(
        {key: {"item.kind": "bug", "item.in_play": key != "C", **OPEN} for key in "ABCD"}, parents={"A": "B", "B": "C"}
    )

    def test_only_what_is_asked_for_is_judged_and_answers_are_those_of_the_whole(self):
        rules, only = load(self.RULES), [item_subject("D"), item_subject("A"), item_subject("gone")]

        whole, part = rules.evaluate(self.WORLD, NOW), rules.evaluate(self.WORLD, NOW, only=only)

        assert part.holding == tuple(each for each in whole.holding if each.subject in only)
        assert [f"{each.rule.id} {each.subject.id.native_id}" for each in part.holding] == ["a A", "a D", "b A", "b D"]
        assert rules.evaluate(self.WORLD, NOW, only=[]).holding == ()

    def test_ancestors_that_are_not_asked_for_are_known_to_be_so_too(self):
        rules = load(self.RULES.replace("message:", "told_on: topmost\n    message:"))

        part = rules.evaluate(self.WORLD, NOW, only=[item_subject("A")])

        assert part.also_when == {("a", item_subject("B")), ("b", item_subject("B")), ("b", item_subject("C"))}

    def test_rules_can_be_left_out(self):
        rules = load(self.RULES, "sets: {s: {item.kind: bug}}\n").with_rules({"b"})

        assert [each.terms.id for each in rules.rules] == ["b"]
        assert set(rules.sets) == {"s"}


class TestEscalation:
    TEXT = rule(severity="info", escalate="{warning: {item.kind: bug}, critical: {item.estimate: {gt: 5}}}")

    @pytest.mark.parametrize(
        ("facts", "severity"),
        [
            ({}, Severity.INFO),
            ({"item_kind": "bug"}, Severity.WARNING),
            ({"item_kind": "bug", "item_estimate": 8}, Severity.CRITICAL),
            ({"item_estimate": 8}, Severity.CRITICAL),
            ({"item_kind": DARK, "item_estimate": DARK}, Severity.INFO),
            ({"item_kind": "bug", "item_estimate": DARK}, Severity.WARNING),
        ],
    )
    def test_the_highest_severity_that_is_known_to_hold_wins(self, facts, severity):
        assert told(self.TEXT, item_in_play=True, **facts).severity is severity

    def test_time_alone_can_change_a_severity(self):
        text = rule(escalate="{critical: {item.due_on: {older_than: 2d}}}")
        world = FakeWorld({"A": {"item.in_play": True, "item.due_on": date(2026, 11, 25), **OPEN}})

        judgments = load(text).evaluate(world, NOW)
        (judgment,) = judgments.holding

        assert judgment.severity is Severity.WARNING
        assert judgment.next_due == judgments.next_due == datetime(2026, 11, 28, tzinfo=UTC)
        (later,) = load(text).evaluate(world, judgment.next_due).holding
        assert later.severity is Severity.CRITICAL


class TestFixes:
    def test_more_is_told_to_do_on_one_kind_of_tracker(self):
        text = rule(fix='{any: Fix it., jira: [In Jira., "For {item.kind}."], github: On GitHub.}')

        judgment = told(text, item_in_play=True)

        assert judgment.fix == ((Text("Fix it."),),)
        assert judgment.fix_by_tracker == (("github", ((Text("On GitHub."),),)), ("jira", ((Text("In Jira."),),)))


class TestDisabled:
    def test_a_disabled_rule_is_not_judged_but_shown_as_off(self):
        world = FakeWorld({"A": {"item.in_play": True, **OPEN}})
        rules = load(rule(enabled="false"))

        judgments = rules.evaluate(world, NOW)
        (answer,) = rules.explain(world, item_subject("A"), NOW)

        assert (judgments.holding, len(judgments.rules), answer.answer) == ((), 1, Answer.OFF)


def test_an_instant_is_told_by_the_day_of_the_calendars_zone():
    text = rule(message='"Since {item.created_at}."')
    at = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
    world = FakeWorld({"A": {"item.in_play": True, "item.created_at": at, **OPEN}})

    (judgment,) = load(text).evaluate(world, NOW, calendar=Calendar(zone=ZoneInfo("Europe/Berlin"))).holding

    assert judgment.message == (Text("Since "), Day(date(2026, 12, 1), source=PAY), Text("."))
