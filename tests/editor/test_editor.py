"""What an editor offers, shows and underlines while somebody writes rules and a roadmap."""

from pathlib import Path

import pytest

from rules.schema import schemas
from syncd.cli.schemas import written
from syncd.cli.workspace_schema import words_of
from syncd.configuration import load_configuration, packaged_config
from tests.editor.language_server import LanguageServer, why_not

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not())

EVERYTHING = Path(__file__).parents[1] / "bad_input" / "everything"
RULES = packaged_config() / "default/rules/unsaved.yaml"
ROADMAP = packaged_config() / "default/unsaved.yaml"
RULE = """\
# yaml-language-server: $schema=../../schema/rules.schema.json
rules:
  - id: some-rule
    title: T
    message: M
    when:
"""


@pytest.fixture(scope="module")
def editor():
    with LanguageServer() as server:
        yield server


@pytest.mark.parametrize(
    ("typed", "offered", "not_offered"),
    [
        pytest.param("      │", {"all", "any", "not", "set", "item.kind", "trace.state"}, {"eq", "id"}, id="facts"),
        pytest.param(
            "      item.kind:\n        │", {"eq", "not", "in", "matches"}, {"gt", "some", "item.kind"}, id="of-text"
        ),
        pytest.param("      item.needed_by:\n        │", {"within", "older_than", "lt"}, {"matches"}, id="of-dates"),
        pytest.param("      item.kind: │", {"feature", "bug", "debt"}, {"eq"}, id="kinds"),
        pytest.param("      trace.state: │", {"unlinked", "broken"}, {"true", "eq"}, id="closed"),
        pytest.param("      trace.state:\n        - │", {"unlinked", "broken"}, {"eq"}, id="closed-in-a-list"),
        pytest.param("      trace.state:\n        not: │", {"unlinked", "broken"}, set(), id="closed-in-not"),
        pytest.param(
            "      deps.open_blockers:\n        some:\n          │",
            {"team", "needed_by", "any"},
            {"set", "item.kind"},
            id="fields",
        ),
        pytest.param(
            "      item.needed_by:\n        lt:\n          │",
            {"fact", "param", "plus", "minus"},
            {"lt"},
            id="references",
        ),
        pytest.param(
            "      item.needed_by:\n        lt:\n          fact: │",
            {"period.ends_on", "item.created_at"},
            {"item.kind"},
            id="other-facts",
        ),
        pytest.param(
            "      item.history:\n        changed:\n          │",
            {"field", "within", "count", "from", "to"},
            {"eq"},
            id="changed",
        ),
        pytest.param(
            "      item.history:\n        changed:\n          field: │",
            {"status", "due_on"},
            set(),
            id="changed-fields",
        ),
        pytest.param(
            "      item.kind: bug\n    escalate:\n      critical:\n        │",
            {"item.kind", "set"},
            set(),
            id="escalate",
        ),
        pytest.param(
            "      item.kind: bug\n    │", {"why", "fix", "told_on", "for", "enabled"}, {"id", "when"}, id="keys"
        ),
        pytest.param("      item.kind: bug\n    told_on: │", {"subject", "topmost", "blocker"}, set(), id="told-on"),
    ],
)
def test_what_fits_is_offered_where_it_fits(editor, typed, offered, not_offered):
    found = set(editor.completions(RULES, RULE + typed + "\n"))

    assert offered <= found
    assert not found & not_offered


def test_a_whole_rule_is_offered(editor):
    head = RULE.splitlines()[0]

    assert "a rule" in editor.completions(RULES, f"{head}\nrules:\n  - │\n")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("      trace.sta│te: unlinked", "How the item reaches an outcome, in one word."),
        ("      item.estimate:\n        lt│e: 3", "is at most, or not after."),
        ("      item.kind: bug\n    w│hy: M", "Facts stand in braces, {item.kind}"),
        ("      item.kind: bug\n    fo│r: 2wd", "How long it must have held before anything is written."),
        (
            "      item.needed_by:\n        lt:\n          fact: period.ends_on\n          pl│us: 3wd",
            "So much more, or later.",
        ),
    ],
)
def test_what_a_word_means_is_shown(editor, typed, shown):
    assert shown in editor.hover(RULES, RULE + typed + "\n").replace("\\", "")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("      item.kind: {gt: 3}", "gt is not allowed"),
        ("      item.knd: bug", "item.knd is not allowed"),
        ("      trace.state: unlinkd", '"unlinked"'),
        ("      item.created_at: {older_than: 3 days}", "pattern"),
        ("      item.estimate: {lt: soon}", "Incorrect type"),
        ("      item.needed_by: {lt: {fact: item.kind}}", '"period.ends_on"'),
        ("      item.history: {changed: {field: stauts}}", '"status"'),
        ("      deps.open_blockers: {some: {tem: x}}", "tem is not allowed"),
        ("      item.kind: bug\n    severty: info", "severty is not allowed"),
    ],
)
def test_what_is_wrong_is_underlined_where_it_stands(editor, typed, told):
    (line, message), *more = editor.problems(RULES, f"{RULE}{typed}\n")

    assert told in message
    assert line == len(f"{RULE}{typed}".splitlines())
    assert more == []


@pytest.mark.parametrize(
    "path", sorted(packaged_config().rglob("*.yaml")), ids=lambda path: str(path.relative_to(packaged_config()))
)
def test_nothing_is_underlined_in_what_ships_with_it(editor, path):
    assert editor.problems(path, path.read_text()) == []


@pytest.mark.parametrize(("name", "beside"), [("rules", RULES), ("roadmap", ROADMAP)])
def test_nothing_is_underlined_in_what_uses_every_word(editor, name, beside):
    steps = "../" * len(beside.parent.relative_to(packaged_config()).parts)
    text = (EVERYTHING / f"{name}.yaml").read_text()

    assert editor.problems(beside, f"# yaml-language-server: $schema={steps}schema/{name}.schema.json\n{text}") == []


def test_a_workspace_own_names_are_offered(editor, tmp_path):
    (workspace,) = load_configuration(packaged_config(), {}).workspaces
    for name, schema in schemas(words_of(workspace)).items():
        (tmp_path / name).write_text(written(schema))
    rule = RULE.replace("../../schema/", "")
    roadmap = (
        "# yaml-language-server: $schema=roadmap.schema.json\noutcomes:\n  - id: a\n    title: A\n    merged_into: │\n"
    )

    assert "work_in_play" in editor.completions(tmp_path / "r.yaml", f"{rule}      set: │\n")
    assert "work_in_play" in editor.completions(tmp_path / "r.yaml", f"{rule}      item.kind: bug\n    applies_to: │\n")
    assert {"payments", "fraud"} <= {*editor.completions(tmp_path / "r.yaml", f"{rule}      item.team: │\n")}
    assert "checkout-latency" in editor.completions(tmp_path / "r.yaml", f"{rule}      trace.outcome.id: │\n")
    assert "checkout-latency" in editor.completions(tmp_path / "roadmap.yaml", roadmap)
    assert editor.problems(tmp_path / "r.yaml", f"{rule}      set: newer_than_the_schema\n") == []
