"""Rules that were described in words, written by somebody who had docs/rules.md and nothing else, do what was said."""

from pathlib import Path

import pytest

from syncd.documents import read_leniently
from syncd.testing import judge_case, load_cases
from tests.testing.workspace import make_ground

HERE = Path(__file__).parent
GROUND = make_ground((HERE / "rules.yaml").read_text(), others="rules: []")
CASES = load_cases([read_leniently(HERE / "cases.yaml", "default/rules/tests/work.yaml")], GROUND)


def test_all_that_was_asked_for_was_written():
    asked = [line.split("**")[1] for line in (HERE / "prose.md").read_text().splitlines() if line[1:5] == ". **"]
    assert len(asked) == 8
    assert {rule.terms.id for rule in GROUND.rules.rules} == set(asked)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_does_what_was_said(case):
    verdict = judge_case(case)
    assert [(each.rule, each.subject, each.expected, each.got) for each in verdict.mismatches] == []
