"""Files of rules → a RuleSet: what is shared, what is defaulted, and every mistake in one line at its place."""

import json
from datetime import date, timedelta
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.facts.fact import FactType
from rules.language.conditions import SetUse
from rules.language.operators import OPERATORS
from rules.loader import load_rules
from rules.rule import TOLD_ON
from rules.rulefile import raw_rules
from syncd.documents import parse_document
from syncd.model.errors import ConfigErrors
from syncd.model.findings import About, Severity, Span, ToldOn
from syncd.model.items import Stage
from syncd.model.truth import Unknown
from tests.rules.rulebook import NOW, VOCABULARY, Blocker, Change, FakeWorld, errors_of, load, make_fact, rule_text

SPAN = "a length of time: an integer and m, h, d, w or wd (working days), such as 3d, or 0"
RULE = "id: x, title: T, message: M"
KEYS_OF_RULES = "about, applies_to, clear_after, enabled, escalate, fix, for, id, message, severity, stage, title"
KEYS_OF_DEFAULTS = "about, applies_to, clear_after, enabled, for, severity, stage, told_on"
ABOUTS = "'item', 'outcome', 'container', 'team' or 'dependency'"
HINT = "; give this rule its own 'applies_to'"
WHEN = "when: {item.kind: bug}"


def terms_of(*texts: str):
    return {rule.terms.id: rule.terms for rule in load(*texts).rules}


class TestReading:
    def test_a_rule_says_what_it_is(self):
        text = """
            owner: platform-tpm
            rules:
              - id: no-outcome
                title: Not linked
                about: item
                when: {trace.state: unlinked}
                told_on: topmost
                severity: critical
                for: 2wd
                clear_after: 3h
                stage: labels
                message: No path from this {item.kind}.
                why: Because.
                fix: [Link it., "Or {trace.outcomes | title}."]
        """

        (rule,) = load(dedent(text)).rules

        assert (rule.terms.id, rule.terms.title, rule.terms.told_on) == ("no-outcome", "Not linked", ToldOn.TOPMOST)
        assert (rule.about, rule.severity, rule.terms.stage) == (About.ITEM, Severity.CRITICAL, Stage.LABELS)
        assert rule.terms.holds_for == Span(working_days=2)
        assert rule.terms.clear_after == Span(exact=timedelta(hours=3))
        assert (rule.owner, rule.file, len(rule.fix)) == ("platform-tpm", "a.yaml", 2)

    def test_what_a_rule_does_not_say_its_file_says_and_another_file_does_not(self):
        first = """
            defaults: {severity: critical, for: 2wd, stage: off}
            rules:
              - {id: a, title: T, message: M, when: {item.kind: bug}}
              - {id: b, title: T, message: M, when: {item.kind: bug}, severity: info, for: 0, stage: comment}
        """
        rules = {rule.terms.id: rule for rule in load(dedent(first), rule_text("item.kind: bug", "c")).rules}

        assert [rules[name].severity.name for name in "abc"] == ["CRITICAL", "INFO", "WARNING"]
        assert [rules[name].terms.holds_for.working_days for name in "abc"] == [2, 0, 0]
        assert [rules[name].terms.stage.name for name in "abc"] == ["OFF", "COMMENT", "COMMENT"]

    def test_a_rule_knows_where_it_stands_and_who_answers_for_it(self):
        terms = terms_of(rule_text("item.kind: bug", "a"), "owner: tpm\n" + rule_text("item.kind: bug", "b"))

        assert [(each.owner, each.file) for each in terms.values()] == [("", "a.yaml:2"), ("tpm", "b.yaml:3")]

    def test_a_file_can_be_disabled_and_a_rule_of_it_enabled(self):
        text = "defaults: {enabled: false}\n" + rule_text("item.kind: bug", "a")
        text += rule_text("item.kind: bug", "b").partition("\n")[2] + "    enabled: true\n"

        assert [each.stage for each in terms_of(text).values()] == [Stage.OFF, Stage.COMMENT]

    def test_a_rule_about_each_kind_of_thing_is_told_where_it_can_be(self):
        default = {about: next(iter(places)) for about, places in TOLD_ON.items()}
        rules = "".join(
            f"  - {{id: {about.value}, about: {about.value}, title: T, message: M, when: {{period.id: x}}}}\n"
            for about in About
        )
        anything = [make_fact("period.id", FactType.TEXT, about=tuple(About))]

        read = load_rules([parse_document("rules:\n" + rules, "a.yaml")], anything).rules

        assert {each.about: each.terms.told_on for each in read} == default
        assert default == {
            About.ITEM: ToldOn.SUBJECT,
            About.OUTCOME: ToldOn.TRACKED_IN,
            About.CONTAINER: ToldOn.TRACKED_IN,
            About.TEAM: ToldOn.SUBJECT,
            About.DEPENDENCY: ToldOn.EDGE,
        }

    def test_a_rules_own_scope_replaces_the_default_of_its_file(self):
        text = """
            sets: {mine: {item.in_play: true}}
            defaults: {applies_to: mine}
            rules:
              - {id: a, title: T, message: M, when: {item.kind: bug}}
              - {id: b, title: T, message: M, when: {item.kind: bug}, applies_to: {item.estimate: 3}}
        """

        a, b = load(dedent(text)).rules

        assert a.applies_to == SetUse("mine")
        assert getattr(b.applies_to, "name", "") == "item.estimate"

    def test_a_rule_that_names_no_scope_looks_at_all_that_is_open(self):
        (rule,) = load(rule_text("item.kind: bug")).rules

        assert getattr(rule.applies_to, "key", "") == 'item.status_category {"not": "done"}'

    def test_a_set_is_visible_in_every_file_before_and_after_its_own(self):
        user = rule_text("set: bugs")
        sets = "sets: {bugs: {set: all_bugs}, all_bugs: {item.kind: bug}}\n"

        assert len(load(user, sets).rules) == 1
        assert set(load(sets, user).sets) == {"bugs", "all_bugs"}

    def test_a_rule_about_a_dependency_is_told_on_its_edge(self):
        text = "rules:\n  - {id: x, about: dependency, title: T, message: M, when: {deps.length: {gt: 2}}}\n"

        (rule,) = load(text).rules

        assert (rule.about, rule.terms.told_on, rule.applies_to) == (About.DEPENDENCY, ToldOn.EDGE, None)

    def test_ids_and_texts_that_look_like_numbers_need_no_quotes(self):
        (rule,) = load("rules:\n  - {id: 2026, title: 1.10, message: 7, when: {item.kind: 5}, for: 0}\n").rules

        assert (rule.terms.id, rule.terms.title) == ("2026", "1.10")

    def test_a_file_of_sets_alone_and_no_file_at_all_are_fine(self):
        assert load("sets: {bugs: {item.kind: bug}}\n").rules == ()
        assert load().rules == ()


class TestVersion:
    TEXT = "sets: {s: {set: t}, t: {item.kind: bug}}\nrules:\n  - {id: x, title: T, message: M, when: {set: s}}\n"

    def version(self, *texts):
        return terms_of(*texts)["x"].version

    def test_stays_while_the_meaning_does(self):
        moved = self.TEXT.replace("sets: {s: {set: t}, ", "sets:\n  s:\n    set: t  # a comment\n", 1)
        moved = moved.replace("t: {item.kind: bug}}", "  t: {item.kind: bug}")

        assert self.version(moved) == self.version(self.TEXT)
        assert self.version(self.TEXT, rule_text("item.kind: debt", "other")) == self.version(self.TEXT)

    def test_changes_with_what_escalates_it(self):
        text = self.TEXT.replace("when: {set: s}", "when: {item.in_play: true}, escalate: {critical: {set: s}}")

        assert self.version(text) != self.version(text.replace("kind: bug", "kind: debt"))

    @pytest.mark.parametrize(
        ("old", "new"),
        [("title: T", "title: U"), ("kind: bug", "kind: debt"), ("rules:", "defaults: {severity: info}\nrules:")],
        ids=["own text", "a set of a set", "defaults"],
    )
    def test_changes_with_the_meaning(self, old, new):
        assert self.version(self.TEXT.replace(old, new)) != self.version(self.TEXT)


# Each file, and all that is wrong in it.
FILES = [
    ("rule:\n  - id: x\n", ["1:1: unknown key 'rule'. Did you mean 'rules'?"]),
    (
        f"rules:\n  - {{{RULE}, {WHEN}, severty: info, on: x}}\n",
        [
            "2:59: unknown key 'severty'. Did you mean 'severity'?",
            f"2:74: unknown key 'on'. Allowed here: {KEYS_OF_RULES}, … (15 in all).",
        ],
    ),
    (
        (
            "rules:\n"
            "  - {id: [x], title: {a: b}, message: [m], when: 3, severity: high, for: 3 days, stage: label, "
            "fix: {a: 1}}\n"
        ),
        [
            "2:10: read a list; expected text",
            "2:22: read a mapping; expected text",
            "2:39: read a list; expected text",
            "2:50: read 3; expected a condition, such as item.kind: bug",
            "2:63: read 'high'; expected 'info', 'warning' or 'critical'",
            f"2:74: read '3 days'; expected {SPAN}",
            "2:89: read 'label'; expected 'off', 'report', 'labels' or 'comment'. Did you mean 'labels'?",
            "2:102: unknown key 'a'. Allowed here: any, github, jira.",
        ],
    ),
    ("rules: {id: x}\n", ["1:8: read a mapping; expected a list"]),
    ("rules: [x]\n", ["1:9: read 'x'; expected a mapping"]),
    ("sets: [a]\n", ["1:7: read a list; expected a mapping"]),
    (
        "rules:\n  - id: x\n",
        [
            "2:5: the key 'title' is missing",
            "2:5: the key 'when' is missing",
            "2:5: the key 'message' is missing",
        ],
    ),
    (
        f"rules:\n  - {{id: No Outcome, title: '', message: '', {WHEN}}}\n",
        [
            "2:10: read 'No Outcome'; a rule's id becomes a label: a-z, 0-9 and '-', at most 40 characters",
            "2:29: read ''; expected text that is not empty",
            "2:42: read ''; expected text that is not empty",
        ],
    ),
    (
        "rules:\n  - {id: , title: T, message: , when: , for: , stage: }\n",
        [
            "2:10: read nothing; expected text",
            "2:31: read nothing; expected text",
            "2:39: read nothing; expected a condition, such as item.kind: bug",
            "2:46: read nothing; expected text",
            "2:55: read nothing; expected 'off', 'report', 'labels' or 'comment'",
        ],
    ),
    (
        f"rules:\n  - {{{RULE}, {WHEN}, for: 5, clear_after: 2wk}}\n",
        [f"2:64: read '5'; expected {SPAN}", f"2:80: read '2wk'; expected {SPAN}"],
    ),
    (
        f"rules:\n  - {{{RULE}, {WHEN}, stage: false}}\n",
        ["2:66: read false; expected 'off', 'report', 'labels' or 'comment'"],
    ),
    (
        "defaults: {severity: error, applies_to: nope, told_on: x, fro: 3d, id: x}\nrules: []\n",
        [
            "1:22: read 'error'; expected 'info', 'warning' or 'critical'",
            "1:41: unknown set 'nope'. None is defined.",
            "1:56: read 'x'; expected 'subject', 'topmost', 'tracked_in', 'blocker' or 'edge'",
            "1:59: unknown key 'fro'. Did you mean 'for'?",
            f"1:68: unknown key 'id'. Allowed here: {KEYS_OF_DEFAULTS}.",
        ],
    ),
    (
        "sets: {a: b, c: {item.knd: bug}}\n",
        [
            "1:11: read 'b'; expected a condition, such as item.kind: bug",
            "1:18: unknown fact 'item.knd'. Did you mean 'item.kind'?",
        ],
    ),
    ("sets: {a: {not: {set: a}}}\n", ["1:8: sets name each other in a ring: a → a"]),
    (
        (
            "sets: {open: {item.in_play: true}}\n"
            f"rules:\n  - {{{RULE}, {WHEN}, applies_to: opn}}\n"
            f"  - {{{RULE.replace('x', 'y')}, {WHEN}, applies_to: [a]}}\n"
        ),
        [
            "3:71: unknown set 'opn'. Did you mean 'open'?",
            "4:71: read a list; expected the name of a set, or a condition",
        ],
    ),
    (
        f"rules:\n  - {{{RULE}, {WHEN}, applies_to: {{item.knd: bug}}}}\n",
        ["2:72: unknown fact 'item.knd'. Did you mean 'item.kind'?"],
    ),
    (
        f"rules:\n  - {{{RULE}, {WHEN}, told_on: blocker}}\n",
        ["2:41: told on the blocker, but nothing asks for blockers, as deps.open_blockers: {empty: false} does"],
    ),
    (
        f"rules:\n  - {{{RULE}, {WHEN}, told_on: edge}}\n",
        ["2:68: read 'edge'; a rule about item is told on subject, topmost, blocker or tracked_in"],
    ),
    (
        f"defaults: {{told_on: topmost}}\nrules:\n  - {{{RULE}, about: dependency, when: {{deps.length: 3}}}}\n",
        ["3:5: read 'topmost'; a rule about dependency is told on edge"],
    ),
    (
        f"rules:\n  - {{{RULE}, about: outcome, {WHEN}}}\n",
        ["2:58: 'item.kind' is a fact about item; this is about outcome"],
    ),
    (
        f"rules:\n  - {{{RULE}, about: outcomes, {WHEN}}}\n",
        [
            f"2:42: read 'outcomes'; expected {ABOUTS}. Did you mean 'outcome'?",
        ],
    ),
    (
        "rules:\n  - {id: x, title: T, about: dependency, message: 'a {item.kind}', when: {item.kind: bug}}\n",
        [
            "2:51: 'item.kind' is a fact about item; this is about dependency",
            "2:75: 'item.kind' is a fact about item; this is about dependency",
        ],
    ),
    (
        (
            "sets: {s: {set: t}, t: {item.kind: bug}}\ndefaults: {applies_to: s}\n"
            f"rules:\n  - {{{RULE}, about: dependency, when: {{deps.length: 3}}}}\n"
        ),
        [
            f"2:24: the set 's' asks for 'item.kind', which is not about dependency{HINT}",
        ],
    ),
    (
        (
            "rules:\n  - id: x\n    title: '{item.kind} is late'\n"
            "    message: '{item.knd} {item.kind | wrods} {item.idle_for}'\n"
            f"    why: 'a }} b'\n    fix: ['`code', 'x {{deps.length}}', '{{}}', '{{{{fine}}}}']\n    {WHEN}\n"
        ),
        [
            "3:12: a title names no facts; put them into the message",
            "4:14: unknown fact 'item.knd' in a template. Did you mean 'item.kind'?",
            "4:14: unknown filter 'wrods'. Did you mean 'words'?",
            "4:14: 'item.idle_for' grows every day; a message shows dates, never ages",
            "5:10: a lone '}' in a template; write it twice to show it",
            "6:11: a lone '`' in a template; code stands between two, and a placeholder can't stand in code",
            "6:20: 'deps.length' is a fact about dependency; this is about item",
            "6:39: unknown fact '' in a template. See 'syncd facts'.",
        ],
    ),
    (
        "rules:\n  - id: x\n    title: T\n    message: {item.key}\n    fix: [{item.key}]\n    when: {item.kind: bug}\n",
        [
            '4:14: read a mapping; expected text; text that begins with a brace needs quotes: "{item.key} is late"',
            '5:11: read a mapping; expected text; text that begins with a brace needs quotes: "{item.key} is late"',
        ],
    ),
    (
        f"rules:\n  - {{{RULE}, {WHEN}, severity: warning, escalate: {{warning: {{item.knd: x}}, high: {{}}}}}}\n",
        [
            "2:89: 'warning' is not above the rule's own severity, which is 'warning'; say critical",
            "2:99: unknown fact 'item.knd'. Did you mean 'item.kind'?",
            "2:113: unknown key 'high'. Allowed here: critical, warning.",
        ],
    ),
    (
        f"rules:\n  - {{{RULE}, {WHEN}, escalate: {{info: {{item.in_play: true}}}}}}\n",
        ["2:70: unknown key 'info'. Allowed here: critical, warning."],
    ),
    (
        f"rules:\n  - {{{RULE}, {WHEN}, fix: {{gitlab: x}}}}\n",
        ["2:65: unknown key 'gitlab'. Did you mean 'github'? Allowed here: any, github, jira."],
    ),
    (
        f"rules:\n  - {{{RULE}, when: {{item.due_on: {{gt: {{field: item.needed_by}}}}}}}}\n",
        ["2:60: a field is that of a record, inside some, every, none or where; say {fact: item.needed_by}"],
    ),
    (
        f"rules:\n  - {{{RULE}, when: {{deps.open_blockers: {{some: {{team: {{not: {{fact: team}}}}}}}}}}}}\n",
        ["2:89: unknown fact 'team'. That is a field of the record: say {field: team}."],
    ),
    (
        (
            f"rules:\n  - {{{RULE}, when: {{deps.open_blockers: "
            "{some: {expected_at: {gt: {field: item.due_on}}}}}}\n"
        ),
        ["2:96: unknown field 'item.due_on'. That is a fact: say {fact: item.due_on}."],
    ),
    (
        f"defaults: {{severity: critical}}\nrules:\n  - {{{RULE}, {WHEN}, escalate: {{critical: }}}}\n",
        [
            "3:70: 'critical' is not above the rule's own severity, which is 'critical'",
            "3:80: read nothing; expected a condition, such as item.kind: bug",
        ],
    ),
    (
        f"rules:\n  - {{{RULE}, {WHEN}, escalate: [x], enabled: 1, fix: {{jria: x, jira: '{{item.knd}}'}}}}\n",
        [
            "2:69: read a list; expected a mapping",
            "2:83: read 1; expected true or false",
            "2:92: unknown key 'jria'. Did you mean 'jira'? Allowed here: any, github, jira.",
            "2:107: unknown fact 'item.knd' in a template. Did you mean 'item.kind'?",
        ],
    ),
    (
        "rules:\n  - {id: yes, title: on, message: no, stage: off, when: {item.in_play: yes}}\n",
        ["2:72: read 'yes'; expected true or false; say true"],
    ),
]


class TestMistakes:
    @pytest.mark.parametrize(("text", "errors"), FILES)
    def test_all_that_is_wrong_in_a_file_is_told_at_its_place(self, text, errors):
        assert errors_of(text) == [f"a.yaml:{error}" for error in errors]

    def test_an_id_stands_once_in_a_workspace(self):
        twice = rule_text("item.kind: bug") + rule_text("item.kind: bug").partition("\n")[2]

        assert errors_of(twice, rule_text("item.kind: debt")) == [
            "a.yaml:6:9: rule 'some-rule' is in a.yaml:2 already; ids are unique",
            "b.yaml:2:9: rule 'some-rule' is in a.yaml:2 already; ids are unique",
        ]

    def test_a_set_is_named_once_in_a_workspace(self):
        assert errors_of("sets: {a: {item.kind: x}}\n", "sets: {b: {item.kind: x}, a: {item.kind: y}}\n") == [
            "b.yaml:1:27: set 'a' is in a.yaml:1 already"
        ]

    def test_sets_that_name_each_other_in_a_ring_over_files_are_told_once(self):
        first = "sets: {a: {set: b}, b: {all: [{set: c}, {item.kind: x}]}}\n"

        assert errors_of(first, "sets: {c: {not: {set: a}}, d: {set: a}}\n" + rule_text("set: d")) == [
            "a.yaml:1:8: sets name each other in a ring: a → b → c → a"
        ]

    def test_a_tower_of_sets_is_refused_before_anything_goes_down_it(self):
        tower = "".join(f"  s{level}: {{set: s{level - 1}}}\n" for level in range(1, 2000))

        assert errors_of("sets:\n  s0: {item.kind: x}\n" + tower)[0] == (
            "a.yaml:22:3: sets stand on each other over more than 20 levels"
        )

    def test_the_mistakes_of_all_files_are_told_in_the_order_of_the_files(self):
        files = [rule_text("item.knd: x", "one"), rule_text("item.kind: bug", "two"), "sets: {a: {item.nd: x}}\n"]

        assert [error.partition(" ")[0] for error in errors_of(*files)] == ["a.yaml:5:12:", "c.yaml:1:12:"]


WORDS = st.sampled_from(
    [
        *(fact.name for fact in VOCABULARY),
        *("sets", "rules", "defaults", "id", "title", "when", "message", "fix", "why", "about", "applies_to", "set"),
        *("all", "any", "not", "some", "every", "none", "count", "where", "eq", "in", "gte", "between", "matches"),
        *("exists", "empty", "older_than", "bug", "3d", "2wd", "topmost", "blocker", "{item.kind}", "{item.idle_for}"),
        *("params", "param", "fact", "field", "plus", "minus", "changed", "within", "from", "to", "default", "teams"),
        *("escalate", "critical", "enabled", "any", "jira", "p", "q", "payments", "older_than", "lt", "contains"),
        *("on", "(", "item", "dependency", "a", "team", "`", "{", "2026-12-31", "9" * 40, ""),
    ]
)
KEYS = st.one_of(WORDS, WORDS, st.text(max_size=5))
LEAVES = st.one_of(WORDS, st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5))
TREES = st.recursive(
    LEAVES, lambda child: st.lists(child, max_size=3) | st.dictionaries(KEYS, child, max_size=4), max_leaves=25
)
OPERANDS = st.one_of(
    WORDS,
    st.integers(0, 5),
    st.lists(WORDS, max_size=2),
    st.builds(lambda name: {"param": name}, st.sampled_from("pqr")),
    st.builds(
        lambda word, name, move: {word: name, **move},
        st.sampled_from(["fact", "field"]),
        st.sampled_from([*(fact.name for fact in VOCABULARY), "team", "moved", "at"]),
        st.dictionaries(
            st.sampled_from(["plus", "minus"]), st.sampled_from(["3d", 2, "2wd", {"param": "p"}]), max_size=1
        ),
    ),
)
MATCHERS = st.dictionaries(st.sampled_from([*OPERATORS]), OPERANDS, min_size=1, max_size=2)
MATCHERS = MATCHERS | st.builds(
    lambda word, field, matcher: {word: {field: matcher}},
    st.sampled_from(["some", "every", "none", "count", "changed"]),
    st.sampled_from(["team", "moved", "expected_at", "field", "where", "gte", "at"]),
    MATCHERS | OPERANDS,
)
CONDITIONS = st.dictionaries(st.sampled_from([fact.name for fact in VOCABULARY]), MATCHERS, min_size=1, max_size=2)
PARAMS = OPERANDS | st.builds(
    lambda default, team: {"default": default, "teams": {"payments": team}}, OPERANDS, OPERANDS
)
RULES = st.fixed_dictionaries(
    {},
    optional={
        "params": st.dictionaries(st.sampled_from("pq"), PARAMS, max_size=2),
        "sets": st.dictionaries(st.sampled_from("ab"), TREES, max_size=2),
        "defaults": TREES,
        "rules": st.lists(
            st.fixed_dictionaries(
                {"id": st.sampled_from(["x", "y"]), "title": LEAVES, "message": LEAVES, "when": CONDITIONS | TREES},
                optional={
                    "applies_to": TREES,
                    "told_on": WORDS,
                    "fix": TREES,
                    "about": WORDS,
                    "escalate": st.dictionaries(st.just("critical"), CONDITIONS) | TREES,
                    "enabled": LEAVES,
                },
            ),
            max_size=3,
        ),
    },
)


def flow(data) -> str:
    """Return data as YAML in flow style, scalars sometimes as people write them."""
    if isinstance(data, dict):
        return "{" + ", ".join(f"{flow(key)}: {flow(value)}" for key, value in data.items()) + "}"
    if isinstance(data, list):
        return "[" + ", ".join(map(flow, data)) + "]"
    if isinstance(data, str) and not data.isprintable():
        return json.dumps(data)
    if isinstance(data, str):
        return data if data.replace(".", "").replace("_", "").isalnum() else "'" + data.replace("'", "''") + "'"
    return {None: "", True: "true", False: "false"}.get(data, str(data))


# Facts that are not there, null, not known, or not what they should be: judging takes them all.
ODD: Any = FakeWorld(
    {
        "A": {},
        "B": {fact.name: Unknown("dark") for fact in VOCABULARY},
        "C": {fact.name: "payments" for fact in VOCABULARY},
        "D": {
            fact.name: (Unknown("more"), "x", Change(field="title", at=NOW), Blocker(key="K")) for fact in VOCABULARY
        },
        "E": {fact.name: NOW for fact in VOCABULARY},
        "F": {fact.name: date.max for fact in VOCABULARY},
        "G": {fact.name: 7 for fact in VOCABULARY},
    },
    rings={"A": {}},
)


def refused_or_read(text: str) -> None:
    try:
        document = parse_document(text, "a.yaml")
        rules = load_rules([document], VOCABULARY)
    except ConfigErrors as errors:
        refused = errors
    else:
        assert len(rules.rules) == len(raw_rules(document)), "none is left out in silence"
        rules.evaluate(ODD, NOW)
        return
    lines = str(refused).splitlines()
    assert len(lines) == len(refused.errors) > 0, "each error is one line"
    assert all(line.startswith("a.yaml") for line in lines)


class TestAnything:
    @given(data=st.one_of(RULES, TREES))
    def test_any_data_is_read_or_refused_in_lines_with_places(self, data):
        refused_or_read(flow(data))

    @given(text=st.text(alphabet=st.sampled_from("ab:-[]{}&*!|>'\"#%@` \n\t,?.0y~\\é\u2028\x00"), max_size=60))
    def test_any_text_is_read_or_refused_in_lines_with_places(self, text):
        refused_or_read(text)

    @given(data=RULES, cut=st.integers(0, 400), junk=st.text(max_size=3))
    def test_a_file_that_is_cut_or_scratched_is_refused_in_lines(self, data, cut, junk):
        text = flow(data)
        refused_or_read(text[:cut] + junk + text[cut + 1 :])
