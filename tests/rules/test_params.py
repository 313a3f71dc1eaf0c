"""Params: values with a name that rules compare with, and other ones for some teams."""

from datetime import timedelta
from textwrap import dedent
from typing import Any

import pytest

from rules.engine import Answer
from rules.language import conditions
from syncd.model.truth import Unknown
from tests.rules.rulebook import NOW, FakeWorld, errors_of, item_subject, load, rule_text

OPEN = {"item.status_category": "todo"}
PARAMS = """\
params:
  slack: 3d
  review: {default: 2d, teams: {payments: 5d, fraud: 1d}}
  most: {default: 5, teams: {payments: 8}}
  teams: [payments, fraud]
  words: {default: [a], teams: {payments: [b, c]}}
  odd: ^pay
"""


def held(when: str, params: str = PARAMS, **items: Any) -> str:
    """Return the keys of the items for which a rule holds."""
    world = FakeWorld(
        {
            key: {**OPEN, **{name.replace("_", ".", 1): value for name, value in facts.items()}}
            for key, facts in items.items()
        }
    )
    judgments = load(params, rule_text(when)).evaluate(world, NOW)
    return "".join(each.subject.id.native_id for each in judgments.holding)


def days(count: float) -> timedelta:
    return timedelta(days=count)


class TestValues:
    @pytest.mark.parametrize(
        ("when", "facts", "expected"),
        [
            ("item.idle_for: {gte: {param: slack}}", {"item_idle_for": days(3)}, "A"),
            ("item.idle_for: {gte: {param: slack}}", {"item_idle_for": days(2)}, ""),
            ("item.due_on: {older_than: {param: slack}}", {"item_due_on": NOW.date() - days(4)}, "A"),
            ("item.due_on: {within: {param: slack}}", {"item_due_on": NOW.date() + days(4)}, ""),
            ("item.team: {in: {param: teams}}", {"item_team": "fraud"}, "A"),
            ("item.team: {not_in: {param: teams}}", {"item_team": "fraud"}, ""),
            ("item.team: {not: {in: {param: teams}}}", {"item_team": "web"}, "A"),
            ("item.kind: {matches: {param: odd}}", {"item_kind": "payments"}, "A"),
            ("item.kind: {starts_with: {param: odd}}", {"item_kind": "payments"}, ""),
            ("item.labels: {count: {gt: {param: most}}}", {"item_labels": tuple("abcdef")}, "A"),
            ("item.labels: {count: {gt: {param: most}}}", {"item_labels": tuple("abcde")}, ""),
            ("item.estimate: {between: [1, {param: most}]}", {"item_estimate": 5}, "A"),
            ("item.needed_by: {lt: {fact: item.due_on, plus: {param: slack}}}", {}, ""),
        ],
    )
    def test_a_value_stands_where_an_operator_takes_one(self, when, facts, expected):
        assert held(when, A=facts) == expected

    def test_a_team_has_its_own_value(self):
        items: dict[str, Any] = {
            "A": {"item_idle_for": days(2), "item_team": "web"},
            "B": {"item_idle_for": days(2), "item_team": "payments"},
            "C": {"item_idle_for": days(5), "item_team": "payments"},
            "D": {"item_idle_for": days(1), "item_team": "fraud"},
            "E": {"item_idle_for": days(1), "item_team": None},
            "F": {"item_idle_for": days(2), "item_team": None},
        }

        assert held("item.idle_for: {gte: {param: review}}", **items) == "ACDF"

    def test_a_list_can_be_another_for_a_team_and_so_can_what_stands_in_a_record(self):
        assert held("item.kind: {in: {param: words}}", A={"item_kind": "c", "item_team": "payments"}) == "A"
        assert held("item.kind: {in: {param: words}}", A={"item_kind": "c"}) == ""
        counted = "item.labels: {count: {gt: {param: most}}, some: {in: {param: words}}}"
        assert held(counted, A={"item_labels": tuple("abcdef"), "item_team": "payments"}) == ""
        assert held(counted, A={"item_labels": tuple("cdefghijk"), "item_team": "payments"}) == "A"

    def test_where_the_team_is_not_known_it_holds_only_where_it_does_for_every_value(self):
        dark = Unknown("dark")

        assert held("item.idle_for: {gte: {param: review}}", A={"item_idle_for": days(9), "item_team": dark}) == "A"
        unsure = {"item_idle_for": days(3), "item_team": dark}
        assert held("item.idle_for: {gte: {param: review}}", A=unsure) == ""
        assert held("not: {item.idle_for: {gte: {param: review}}}", A=unsure) == ""

    def test_explaining_it_says_that_the_team_is_not_known(self):
        world = FakeWorld({"A": {**OPEN, "item.idle_for": days(3), "item.team": Unknown("FRAUD is dark")}})
        rules = load(PARAMS, rule_text("item.idle_for: {gte: {param: review}}"))

        (answer,) = rules.explain(world, item_subject("A"), NOW)

        assert (answer.answer, answer.reason) == (Answer.UNKNOWN, "FRAUD is dark")

    def test_in_a_set_a_team_has_its_own_value_too(self):
        sets = PARAMS + "sets: {idle: {item.idle_for: {gte: {param: review}}}}\n"
        item = {"item_idle_for": days(3), "item_team": "payments"}

        assert held("set: idle", sets, A=item) == ""
        assert held("set: idle", sets, A={**item, "item_team": "web"}) == "A"

    def test_time_turns_the_answer_when_the_teams_own_value_is_over(self):
        due = {}
        for team in ("payments", "web"):
            world = FakeWorld({"A": {**OPEN, "item.activity_at": NOW, "item.team": team}})
            rules = load(PARAMS, rule_text("item.activity_at: {older_than: {param: review}}"))
            due[team] = rules.evaluate(world, NOW).next_due

        assert due == {"payments": NOW + days(5), "web": NOW + days(2)}

    def test_time_turns_the_answer_where_the_team_is_not_known_when_the_first_value_is_over(self):
        facts = {**OPEN, "item.activity_at": NOW, "item.team": Unknown("down")}
        rules = load(PARAMS, rule_text("item.activity_at: {older_than: {param: review}}"))

        assert rules.evaluate(FakeWorld({"A": facts}), NOW).next_due == NOW + days(1)

    def test_the_fact_that_chooses_is_read_but_no_evidence(self):
        world = FakeWorld({"A": {**OPEN, "item.estimate": 9, "item.team": "payments"}})
        rules = load(PARAMS, rule_text("item.estimate: {gt: {param: most}}"))

        (judgment,) = rules.evaluate(world, NOW).holding

        assert conditions.facts_read(rules.rules[0].when) == ("item.estimate", "item.team")
        assert [each.fact for each in judgment.evidence] == ["item.estimate"]

    def test_what_has_no_team_takes_the_default(self):
        rule = (
            "rules:\n  - {id: x, about: dependency, title: T, message: M, when: {deps.length: {gt: {param: most}}}}\n"
        )
        world = FakeWorld({}, rings={"A": {"deps.length": 6}, "B": {"deps.length": 5}})

        holding = load(PARAMS, rule).evaluate(world, NOW).holding

        assert [each.subject.id.native_id for each in holding] == ["A"]

    def test_a_set_whose_param_is_chosen_by_an_items_team_is_for_items(self):
        rules = (
            "sets: {s: {period.id: {eq: {param: name}}}}\n"
            "params: {name: {default: a, teams: {payments: b}}}\n"
            "rules: [{id: x, about: dependency, title: T, message: M, applies_to: s, when: {deps.length: 3}}]\n"
        )
        (told,) = errors_of(rules)
        assert "the set 's' has a param that teams have their own values of, by 'item.team', which is not" in told


class TestVersion:
    RULE = rule_text("set: s")
    SETS = "sets: {s: {item.estimate: {gt: {param: most}}}}\n"

    def version(self, params: str) -> str:
        return load(params + self.SETS, self.RULE).rules[0].terms.version

    def test_changes_with_the_params_that_are_used_and_no_others(self):
        assert self.version(PARAMS) != self.version(PARAMS.replace("payments: 8", "payments: 9"))
        assert self.version(PARAMS) == self.version(PARAMS.replace("slack: 3d", "slack: 4d"))
        assert self.version(PARAMS) == self.version("# said\n" + PARAMS)


MISTAKES = [
    (
        "item.estimate: {gt: {param: mots}}",
        ["b.yaml:5:40: unknown param 'mots'. Did you mean 'most'?"],
    ),
    (
        "item.estimate: {gt: {param: slack}}",
        ["b.yaml:5:32: param 'slack' (a.yaml:2) does not fit 'item.estimate': read '3d'; expected a number"],
    ),
    (
        "item.idle_for: {gt: {param: most}}",
        [
            "b.yaml:5:32: param 'most' (a.yaml:4) does not fit 'item.idle_for': read 5; expected a length of time",
            "b.yaml:5:32: param 'most' of team 'payments' (a.yaml:4) does not fit 'item.idle_for': read 8; expected",
        ],
    ),
    (
        "item.kind: {eq: {param: teams}}",
        ["b.yaml:5:28: param 'teams' (a.yaml:5) does not fit 'item.kind': read a list; expected text"],
    ),
    (
        "item.kind: {in: {param: odd}}",
        ["b.yaml:5:28: param 'odd' (a.yaml:7) does not fit 'item.kind': read '^pay'; expected a list of values"],
    ),
    (
        "item.status_category: {in: {param: teams}}",
        [
            "b.yaml:5:39: param 'teams' (a.yaml:5) does not fit 'item.status_category': unknown value 'fraud'.",
            "b.yaml:5:39: param 'teams' (a.yaml:5) does not fit 'item.status_category': unknown value 'payments'.",
        ],
    ),
    (
        "item.estimate: {between: {param: teams}}",
        [
            "b.yaml:5:37: param 'teams' (a.yaml:5) does not fit 'item.estimate': read 'fraud'; expected a number",
            "b.yaml:5:37: param 'teams' (a.yaml:5) does not fit 'item.estimate': read 'payments'; expected a number",
        ],
    ),
    ("item.kind: {between: {param: odd}}", ["b.yaml:5:24: operator 'between' does not fit 'item.kind' (text)."]),
    ("item.kind: {eq: {param: }}", ["b.yaml:5:36: read nothing; expected the name of a param"]),
    (
        "item.kind: {eq: {param: odd, plus: 3}}",
        ["b.yaml:5:41: unknown key 'plus' beside 'param'. Allowed here: param."],
    ),
    ("item.in_play: {exists: {param: odd}}", ["b.yaml:5:35: read a mapping; expected true or false"]),
]


class TestMistakes:
    @pytest.mark.parametrize(("when", "errors"), MISTAKES)
    def test_what_does_not_fit_is_told_where_it_is_used(self, when, errors):
        told = sorted(errors_of(PARAMS, rule_text(when)))

        assert len(told) == len(errors)
        assert all(line.startswith(error) for line, error in zip(told, errors, strict=True)), told

    def test_a_param_is_named_once_in_a_workspace(self):
        assert errors_of("params: {a: 1}\n", "params: {b: 1, a: 2}\n") == [
            "b.yaml:1:16: param 'a' is in a.yaml:1 already"
        ]

    def test_a_team_is_named_once(self):
        (told,) = errors_of("params: {a: {default: 1, teams: {x: 2, x: 3}}}\n")
        assert told.startswith("a.yaml:1:40: ")

    @pytest.mark.parametrize(
        ("param", "error"),
        [
            ("", "1:13: read nothing; expected "),
            ("{teams: {x: 1}}", "1:13: the key 'default' is missing"),
            ("{default: 1, team: {x: 1}}", "1:26: unknown key 'team'. Did you mean 'teams'?"),
            ("{default: 1, teams: {x: }}", "1:37: read nothing; expected "),
            ("{default: 1, teams: [x]}", "1:33: read a list; expected a mapping"),
            ("{default: {a: 1}}", "1:23: read a mapping; expected "),
            ("[[1]]", "1:13: read a list; expected a value, or a list of values"),
            ("[]", "1:13: read an empty list; expected a value, or a list of values"),
        ],
    )
    def test_its_shape_is_told_once_though_it_is_used(self, param, error):
        rules = rule_text("item.estimate: {gt: {param: a}}")

        (told,) = errors_of(f"params: {{a: {param}}}\n", rules)

        assert told.startswith(f"a.yaml:{error}")

    def test_a_file_whose_params_can_not_be_read_makes_no_other_wrong(self):
        (told,) = errors_of("params: [a]\n", rule_text("item.estimate: {gt: {param: a}}"))
        assert told.startswith("a.yaml:1:9: read a list; expected a mapping")

    def test_a_param_does_not_stand_for_a_fact(self):
        text = dedent("""
            params: {a: 1}
            rules: [{id: x, title: T, message: "{param.a}", when: {item.estimate: {param: a}}}]
        """)

        assert errors_of(text) == [
            "a.yaml:3:36: unknown fact 'param.a' in a template. See 'syncd facts'.",
            "a.yaml:3:71: what is compared with stands to the right of an operator, such as {eq: {…}}",
        ]
