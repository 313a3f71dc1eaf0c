"""The reference of rules: its tables are made from the declarations, and its examples load."""

import re

import pytest

from rules.facts.vocabulary import all_facts
from rules.language.operators import OPERATORS
from rules.language.wording import FILTERS
from rules.loader import load_rules
from rules.texts import RulesText, RuleText
from syncd.cli.reference import FILE, current, main, tables
from syncd.documents import parse_document

TEXT = FILE.read_text(encoding="utf-8")
PARAMS = "params: {slack: 3wd, kinds: [bug], most: {default: 5, teams: {payments: 8}}, patience: 3d}\n"
ABOUT = {fact.name: fact.about[0].value for fact in all_facts()}
CONDITIONS = [
    written.replace("\n", " ") for written in re.findall(r"`((?:item|deps|trace|outcome|team)\.[\w.]+: [^`…]+)`", TEXT)
]


def test_the_tables_are_current():
    assert current(TEXT) == TEXT, "run `python -m syncd.cli.reference`"


def test_every_table_has_its_place():
    assert {*re.findall(r"<!-- table: ([\w-]+) -->", TEXT)} == tables().keys()


def test_writing_and_checking(tmp_path, capsys):
    file = tmp_path / "rules.md"
    file.write_text("# Rules\n<!-- table: filters -->\nold\n<!-- end -->\nmore\n")

    assert main(["--check"], file) == 1
    assert "is not current" in capsys.readouterr().out
    assert main([], file) == 0
    assert main(["--check"], file) == 0
    assert file.read_text().startswith("# Rules\n<!-- table: filters -->\n| filter |")
    assert file.read_text().endswith("|\n<!-- end -->\nmore\n")


def test_every_word_of_the_language_is_in_it():
    fields = {*RuleText.model_fields, *RulesText.model_fields}
    for word in (
        *OPERATORS,
        *FILTERS,
        *(field.rstrip("_") for field in fields),
        "wd",
        "plus",
        "minus",
        "field",
        "param",
    ):
        assert f"`{word}" in TEXT or f"{{{word}" in TEXT, word
    for fact in all_facts():
        assert f"`{fact.name}`" in TEXT


def test_there_are_conditions_to_try():
    assert len(CONDITIONS) > 8


@pytest.mark.parametrize("condition", dict.fromkeys(CONDITIONS))
def test_a_condition_that_is_shown_loads(condition):
    about = ABOUT[condition.partition(":")[0]]
    text = f"{PARAMS}rules:\n  - {{id: x, title: T, about: {about}, message: M, when: {{{condition}}}}}\n"

    assert load_rules([parse_document(text, "rules.md")], all_facts()).rules


def test_the_example_loads():
    example = TEXT.partition("```yaml\n")[2].partition("```")[0]

    assert len(load_rules([parse_document(example, "example.yaml")], all_facts()).rules) == 2
