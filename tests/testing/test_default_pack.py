"""The cases that ship hold the rules that ship: a rule that is changed in any way that matters breaks one of them."""

import json
from pathlib import Path
from time import process_time

import jsonschema
import pytest
from msgspec.structs import replace

from rules.language.conditions import AllOf, AnyOf, Not, facts_read
from syncd.cli.test import cases_of, ground_of, run_tests
from syncd.configuration import load_configuration
from syncd.documents import read_document
from syncd.model.findings import About, Severity, Span, ToldOn
from syncd.model.items import Stage
from syncd.testing import case_schema, judge_case

FOLDER = Path(__file__).parents[2] / "config"
CONFIGURATION = load_configuration(FOLDER, {})
FILES = CONFIGURATION.workspace("default")
GROUND = ground_of(FILES, CONFIGURATION)
CASES = cases_of(FILES, GROUND)
RULES = [rule for rule in GROUND.rules.rules if rule.terms.stage is not Stage.OFF]


def test_they_pass_and_every_rule_fires_in_one():
    began = process_time()
    (tested,) = run_tests(CONFIGURATION, [FILES])

    assert process_time() - began < 2, "who waits for them does not run them"
    assert [verdict.case.name for verdict in tested.failed] == []
    assert tested.never_fired == ()


@pytest.mark.parametrize("path", sorted((FOLDER / "default/rules/tests").glob("*.yaml")), ids=lambda path: path.stem)
def test_an_editor_finds_nothing_wrong_with_them(path):
    data = json.loads(json.dumps(read_document(path, path.name).data))

    jsonschema.Draft202012Validator(case_schema()).validate(data)


def test_an_editor_finds_mistakes():
    validator = jsonschema.Draft202012Validator(case_schema())
    good = {"name": "n", "expect": "nothing"}

    assert validator.is_valid({"cases": [good]})
    for wrong in (
        {"items": {"PAY-1": {"statsu": "x"}}},
        {"outcomes": {"fast": {"titel": "x"}}},
        {"expect": {"r": {"PAY-1": "tld"}}},
        {"now": "noon"},
    ):
        assert not validator.is_valid({"cases": [{**good, **wrong}]}), wrong


def changed(rule, **terms):
    return replace(rule, terms=replace(rule.terms, **terms))


_OTHER = {
    Severity.INFO: Severity.WARNING,
    Severity.WARNING: Severity.CRITICAL,
    Severity.CRITICAL: Severity.WARNING,
}
CHANGES = {
    "never holds": lambda rule: replace(rule, when=AllOf((rule.when, Not(rule.when)))),
    "is told a working day later": lambda rule: changed(rule, holds_for=_longer(rule.terms.holds_for, 1)),
    "is told a working day earlier": lambda rule: changed(rule, holds_for=_longer(rule.terms.holds_for, -1)),
    "labels only": lambda rule: changed(rule, stage=Stage.LABELS),
    "is as severe as another": lambda rule: replace(rule, severity=_OTHER[rule.severity]),
    "is not told on its place": lambda rule: changed(rule, told_on=_elsewhere(rule.terms.told_on)),
    "holds for all": lambda rule: replace(rule, when=AnyOf((rule.when, Not(rule.when)))),
}


def _changes_nothing(rule, change) -> bool:
    return (
        (change == "holds for all" and rule.about is About.DEPENDENCY)  # what is judged is a ring
        or (change == "labels only" and rule.about in (About.TEAM, About.CONTAINER))  # no item stands for it
        or (change == "is not told on its place" and rule.terms.stage is Stage.REPORT)
        or (change == "is not told on its place" and rule.terms.id == "no-problem")  # it holds only without a parent
    )


def _longer(span: Span, days: int) -> Span:
    return replace(span, working_days=max(span.working_days + days, 0))


def _elsewhere(told_on: ToldOn) -> ToldOn:
    return ToldOn.TOPMOST if told_on is ToldOn.SUBJECT else ToldOn.SUBJECT


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.terms.id)
def test_a_rule_that_changes_breaks_a_case(rule, change):
    other = CHANGES[change](rule)
    if other == rule or _changes_nothing(rule, change):
        pytest.skip("that changes nothing")
    rules = tuple(other if each is rule else each for each in GROUND.rules.rules)
    cases = [
        replace(case, ground=replace(case.ground, rules=replace(case.ground.rules, rules=rules)))
        for case in CASES
        if rule.terms.id in case.rules
    ]

    assert any(judge_case(case).mismatches for case in cases)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.terms.id)
def test_each_rule_has_a_case_where_it_is_told_one_where_it_is_pending_and_one_where_it_is_unknown(rule):
    expected = [each for case in CASES for step in case.steps for each in step.expected if each.rule == rule.terms.id]
    states = {each.state for each in expected}

    assert states & {"told", "labelled", "silent"}
    assert "unknown" in states or not _can_be_unknown(rule)
    assert "pending" in states or rule.terms.holds_for == Span()


def _can_be_unknown(rule) -> bool:
    asked = (rule.when, *((rule.applies_to,) if rule.applies_to is not None else ()))
    names = {name for part in asked for name in facts_read(part, GROUND.rules.sets)}
    return any(GROUND.rules.vocabulary[name].unknown_when for name in names)
