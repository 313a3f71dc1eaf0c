"""What the JSON Schemas let through and refuse: the same as the loader, as far as a schema can know it."""

from pathlib import Path

import jsonschema
import pytest

from rules.facts.vocabulary import all_facts
from rules.language.operators import OPERATORS
from rules.loader import load_rules
from rules.roadmap.loader import load_roadmap
from rules.schema import schemas
from syncd.documents import Document, parse_document, read_document
from syncd.model.errors import ConfigErrors

DEFAULT = Path(__file__).parents[2] / "config" / "default"
SCHEMAS = schemas()


def complaints_of(document: Document, name: str) -> list[str]:
    validator = jsonschema.Draft202012Validator(SCHEMAS[f"{name}.schema.json"])
    return [error.message for error in validator.iter_errors(document.data)]


PARAMS = "params: {slack: 3d, most: {default: 3, teams: {payments: 5}}, kinds: [bug, debt]}\n"


def rule(when: str) -> Document:
    return parse_document(f"{PARAMS}rules:\n  - {{id: x, title: T, message: M, when: {{{when}}}}}\n", "x.yaml")


def loads(document: Document) -> bool:
    try:
        load_rules([document], all_facts())
    except ConfigErrors:
        return False
    return True


@pytest.mark.parametrize("name", SCHEMAS)
def test_it_is_a_schema_whose_references_lead_somewhere(name):
    schema = SCHEMAS[name]
    jsonschema.Draft202012Validator.check_schema(schema)
    references = set()

    def collect(node):
        for key, value in node.items() if isinstance(node, dict) else ():
            if key == "$ref":
                references.add(value.removeprefix("#/$defs/"))
            collect(value)
        for each in node if isinstance(node, list) else ():
            collect(each)

    collect(schema)
    assert references == set(schema["$defs"]), "each is defined, and each definition is used"
    assert not any(" " in each for each in references)


@pytest.mark.parametrize("path", sorted((DEFAULT / "rules").glob("*.yaml")), ids=lambda path: path.name)
def test_the_default_rules_are_valid(path):
    assert complaints_of(read_document(path, path.name), "rules") == []


def test_the_default_roadmap_is_valid():
    document = read_document(DEFAULT / "roadmap.yaml", "roadmap.yaml")

    assert complaints_of(document, "roadmap") == []
    assert load_roadmap([document]).warnings == ()


FINE = [
    "item.kind: bug",
    "item.kind: [bug, 2026, true]",
    "item.kind: {not: {starts_with: b}}",
    "trace.state: [unlinked, broken]",
    "item.estimate: {gte: 1, lt: 2.5}",
    "item.in_play: {not: true}",
    "item.needed_by: {between: [2026-11-01, 2026-12-01]}",
    "item.created_at: {older_than: 3wd}",
    "item.age: {gt: 0, not: {gt: 3w}}",
    "item.labels: {some: {matches: x}, none: [a, b], count: {where: y, gte: 2}}",
    "item.labels: {contains: 2026}",
    "deps.open_blockers: {some: {team: fraud, any: [{in_play: true}, {not: {status: x}}]}}",
    "deps.open_blockers: {count: {where: {trace_state: inactive}, not: 0}}",
    "deps.open_blockers: {every: {needed_by: {exists: false}}, empty: false, contains: PAY-1}",
    "item.estimate: {gte: {param: most}, not: {param: most}}",
    "item.kind: {in: {param: kinds}}",
    "item.age: {gt: {param: slack}, not: {lt: 2d}}",
    "item.created_at: {older_than: {param: slack}}",
    "item.needed_by: {lt: {fact: period.ends_on, plus: 3wd}}",
    "item.due_on: {between: [{fact: item.created_at}, {fact: period.ends_on, minus: {param: slack}}]}",
    "item.due_on: {not: {fact: period.ends_on}}",
    "item.team: {not: {eq: {fact: parent.team}}}",
    "item.estimate: {gt: {fact: parent.estimate, minus: 1}}",
    "deps.open_blockers: {some: {needed_by: {gt: {fact: item.needed_by}}, team: {not: {fact: item.team}}}}",
    "deps.open_blockers: {some: {created_at: {lt: {field: updated_at, minus: 2w}}}}",
    "item.history: {changed: status}",
    "item.history: {changed: {field: due_on, within: 30d, count: {gte: 2}}}",
    "item.history: {changed: {field: status, from: Done, to: {not: Done}, within: {param: slack}}}",
    "item.history: {some: {field: status, at: {newer_than: 2w}}}",
    "all: [{item.kind: bug}, {any: [{item.team: x}]}], not: {period.left: {lte: 2wd}}",
]
WRONG = [
    "item.knd: bug",
    "item.kind: {gt: bug}",
    "item.kind: {equals: bug}",
    "item.kind: {}",
    "item.kind: []",
    "trace.state: unlinkd",
    "item.estimate: three",
    "item.in_play: yes",
    "item.needed_by: soon",
    "item.created_at: {older_than: 3 days}",
    "item.age: 3d",
    "item.labels: x",
    "item.labels: {some: {starts: x}}",
    "deps.open_blockers: {some: {tem: x}}",
    "deps.open_blockers: {team: x}",
    "deps.open_blockers: {count: {gte: many}}",
    "deps.open_blockers: {some: {trace_state: parked}}",
    "all: {item.kind: bug}",
    "any: []",
    "item.kind: {changed: 3d}",
    "item.labels: {changed: status}",
    "item.estimate: {gte: {params: most}}",
    "item.estimate: {param: most}",
    "item.estimate: {gte: {fact: item.estmate}}",
    "item.estimate: {gte: {fact: item.kind}}",
    "item.needed_by: {lt: {fact: period.ends_on, plus: 3}}",
    "item.kind: {eq: {fact: item.team, plus: 1}}",
    "item.age: {gt: {fact: item.idle_for}}",
    "item.history: {changed: stauts}",
    "item.history: {changed: {within: 30d}}",
    "item.history: {changed: {field: status, since: 30d}}",
    "item.history: {changed: {field: status, within: soon}}",
    "",
]


@pytest.mark.parametrize("when", FINE)
def test_what_loads_is_valid(when):
    assert loads(rule(when))
    assert complaints_of(rule(when), "rules") == []


@pytest.mark.parametrize("when", WRONG)
def test_a_wrong_condition_is_neither_loaded_nor_valid(when):
    assert not loads(rule(when))
    assert complaints_of(rule(when), "rules")


@pytest.mark.parametrize(
    "text",
    [
        "rules:\n  - {id: x, title: T, when: {item.kind: bug}}\n",
        "rules:\n  - {id: x, title: T, message: M, when: {item.kind: bug}, severty: info}\n",
        "rules:\n  - {id: x, title: T, message: M, when: {item.kind: bug}, for: 3 days}\n",
        "rules:\n  - {id: x, title: T, message: M, when: {item.kind: bug}, applies_to: {item.knd: x}}\n",
        "defaults: {id: x}\n",
        "sets: {a: {item.knd: x}}\n",
    ],
)
def test_a_wrong_file_is_not_valid(text):
    assert complaints_of(parse_document(text, "x.yaml"), "rules")


def test_text_that_looks_like_a_number_is_valid():
    text = "rules:\n  - {id: 2026, title: 1.10, message: 7, why: 3, fix: [4], when: {item.kind: 5}, for: 0}\n"

    assert complaints_of(parse_document(text, "x.yaml"), "rules") == []


def test_editors_are_told_what_facts_and_operators_mean():
    condition = SCHEMAS["rules.schema.json"]["$defs"]["condition"]["properties"]

    for fact in all_facts():
        assert fact.meaning in condition[fact.name]["description"]
    text = SCHEMAS["rules.schema.json"]["$defs"]["matcher-text"]["properties"]
    assert text["matches"]["description"].startswith(OPERATORS["matches"].meaning)


def test_words_of_a_workspace_are_suggested_and_never_required():
    words = {"set": ("open_work",), "param": ("slack",), "team": ("payments",), "trace.outcome.id": ("fast",)}
    definitions = schemas({**words, "merged_into": ("fast",)})["rules.schema.json"]["$defs"]
    outcome = schemas({"merged_into": ("fast",)})["roadmap.schema.json"]["$defs"]["OutcomeText"]["properties"]

    assert definitions["condition"]["properties"]["set"]["examples"] == ["open_work"]
    assert definitions["param"]["examples"] == ["slack"]
    assert definitions["value-item.team"]["examples"] == ["payments"]
    assert definitions["matcher-trace.outcome.id"]["examples"] == ["fast"]
    assert "fast" in str(outcome["merged_into"])
    validator = jsonschema.Draft202012Validator(schemas(words)["rules.schema.json"])
    assert validator.is_valid(rule("set: another, item.team: {eq: {param: most}}").data)


def test_match_asks_for_what_an_item_says_itself_and_for_no_set():
    text = "outcomes: []\nexempt: [{match: {%s}, reason: R}]\n"

    assert complaints_of(parse_document(text % "item.kind: incident", "r.yaml"), "roadmap") == []
    assert complaints_of(parse_document(text % "trace.state: broken", "r.yaml"), "roadmap")
    assert complaints_of(parse_document(text % "set: x", "r.yaml"), "roadmap")
