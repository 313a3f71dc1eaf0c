"""`syncd test` as it is typed: what it prints, and what it ends with."""

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from syncd.cli.test import changes
from tests.cli.running import syncd
from tests.testing.workspace import ROADMAP, RULES, TRACKERS

PASSING = "cases:\n  - {name: a story, items: {PAY-1: {sprint: active}}, expect: {unlinked: PAY-1}}\n"
FAILING = """\
cases:
  - name: a story in the backlog
    items: {PAY-1: {}}
    expect: {unlinked: PAY-1}
    then:
      - {after: 1d, items: {PAY-1: {sprint: active}}, expect: nothing}
"""


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch, tmp_path):
    monkeypatch.delenv("SYNCD_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def config(tmp_path):
    for name, text in {
        "default/trackers.yaml": TRACKERS,
        "default/roadmap.yaml": ROADMAP,
        "default/rules/work.yaml": RULES,
        "default/rules/tests/work.yaml": PASSING,
    }.items():
        path = tmp_path / "config" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "config"


def write(config: Path, text: str, name: str = "default/rules/tests/work.yaml") -> None:
    (config / name).write_text(text)


def test_the_configuration_that_ships_passes():
    ended = syncd("test")

    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("default: ")
    assert ended.out.endswith(" cases, none failed\n")


def test_rules_that_no_case_makes_fire_are_listed(config):
    ended = syncd("test")

    assert ended.code == 0
    assert ended.out.splitlines() == [
        "default: 1 case, none failed",
        "default: no case makes these rules fire: blocked",
    ]


def test_a_failure_is_a_diff_with_its_place_and_the_facts(config):
    write(config, FAILING)

    ended = syncd("test", "--rule", "unlinked")

    assert ended.code == 1
    assert ended.out.splitlines() == [
        "default/rules/tests/work.yaml:2:5: a story in the backlog",
        "  unlinked: PAY-1 (step 1, line 4)",
        "    - expected  told on PAY-1",
        "    + got       does not hold",
        "                item.status_category todo",
        "                item.in_play no",
        "                trace.state unlinked",
        "  unlinked: PAY-1 (step 2, line 6)",
        "    - expected  does not hold",
        "    + got       pending: it holds since 2026-11-26 12:00 and is told from 2026-11-28 00:00",
        "                item.status_category todo",
        "                item.in_play yes",
        "                trace.state unlinked",
        "",
        "default: 1 case, 1 failed",
    ]


def test_json_says_the_same(config):
    write(config, FAILING)

    ended = syncd("test", "--json")

    assert ended.code == 1
    (workspace,) = json.loads(ended.out)
    (case,) = workspace["cases"]
    assert (case["file"], case["line"], case["passed"]) == ("default/rules/tests/work.yaml", 2, False)
    assert case["mismatches"][0]["expected"] == "told on PAY-1"
    assert case["mismatches"][0]["facts"] == [
        ["item.status_category", "todo"],
        ["item.in_play", "no"],
        ["trace.state", "unlinked"],
    ]
    assert workspace["never_fired"] == ["blocked"]


def test_one_rule_can_be_looked_at_alone(config):
    assert syncd("test", "--rule", "blocked").out.splitlines() == [
        "default: 1 case, none failed",
        "default: no case makes these rules fire: blocked",
    ]
    assert syncd("test", "--rule", "unlinked").out.splitlines() == ["default: 1 case, none failed"]
    ended = syncd("test", "--rule", "unlnked")
    assert (ended.code, ended.err) == (2, "no rule 'unlnked'. Did you mean 'unlinked'?\n")


def test_of_a_rule_that_is_off_nothing_is_expected(config):
    write(config, RULES.replace("    for: 2wd\n", "    for: 2wd\n    enabled: false\n"), "default/rules/work.yaml")

    ended = syncd("test")

    assert ended.code == 0
    assert ended.out.splitlines() == [
        "default: 1 case, none failed",
        "default: these rules are off, and nothing is expected of them: unlinked",
        "default: no case makes these rules fire: blocked",
    ]


def test_a_workspace_without_cases_says_so(config):
    shutil.rmtree(config / "default/rules/tests")

    ended = syncd("test")

    assert ended.code == 0
    assert ended.out.splitlines()[0] == "default: no case in default/rules/tests/*.yaml"


def test_all_workspaces_are_tested_unless_one_is_named(config):
    shutil.copytree(config / "default", config / "other")
    write(config, FAILING, "other/rules/tests/work.yaml")

    assert syncd("test").code == 1
    assert syncd("test", "--workspace", "default").code == 0
    assert syncd("test", "--workspace", "none").code == 2


def test_mistakes_in_the_files_are_told_at_once_each_with_its_place(config):
    write(config, "cases:\n  - {name: a, items: {PAY-1: {statsu: x}}, expect: {unlnked: PAY-1}}\n  - {name: b}\n")
    write(config, "case: []\n", "default/rules/tests/other.yaml")

    ended = syncd("test")

    assert (ended.code, ended.out) == (2, "")
    assert ended.err.splitlines() == [
        "default/rules/tests/other.yaml:1:1: the key 'cases' is missing",
        "default/rules/tests/other.yaml:1:1: unknown key 'case'. Did you mean 'cases'?",
        "default/rules/tests/work.yaml:2:31: unknown key 'statsu'. Did you mean 'status'?",
        "default/rules/tests/work.yaml:3:5: the key 'expect' is missing",
    ]


def test_what_others_wrote_can_t_move_the_cursor(config):
    write(config, FAILING.replace("a story in the backlog", '"red \\e[31m alert"'))

    assert "\x1b" not in syncd("test").out


def test_what_is_saved_between_two_looks_is_seen_and_other_files_are_not(config):
    seen = changes(config)
    next(seen)
    (config / "notes.txt").write_text("not ours")
    write(config, PASSING, "default/rules/tests/more.yaml")

    assert next(seen) is None


def test_watching_goes_on_after_a_mistake_and_ends_with_ctrl_c(config):
    write(config, "cases: [")
    command = [sys.executable, "-c", "from syncd.cli import main; main()", "test", "--watch"]
    watching = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert watching.stderr is not None
    assert watching.stdout is not None
    try:
        assert "is not YAML" in watching.stderr.readline()
        write(config, PASSING)
        assert watching.stdout.readline() == "default: 1 case, none failed\n"
    finally:
        watching.send_signal(signal.SIGINT)
        watching.communicate(timeout=20)
    assert watching.returncode == 130
