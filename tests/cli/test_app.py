import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from syncd import __version__
from syncd.cli.app import app
from tests.cli.running import syncd

COMMANDS = (
    *("demo", "simulator", "init", "check", "facts", "test", "doctor", "plan", "apply", "run", "explain", "measure"),
    *("backtest", "baseline", "history", "report", "rollover", "schema", "status"),
)


def plain(text):
    return re.sub(r"\x1b\[[\d;]*m", "", text)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_says_what_it_does(command):
    ended = CliRunner().invoke(app, [command, "--help"])

    assert ended.exit_code == 0
    text = plain(ended.output)
    assert f"Usage: syncd {command}" in text
    assert len(text.splitlines()) > 5


def test_all_commands_are_listed_and_no_other():
    commands = getattr(get_command(app), "commands", {})
    assert set(commands) == set(COMMANDS)
    text = plain(CliRunner().invoke(app, ["--help"]).output)
    assert all(re.search(rf"│ {command}\b", text) for command in COMMANDS)


def test_the_version():
    assert syncd("--version") == (0, f"syncd {__version__}\n", "")


def test_the_demo_shows_a_plan_applies_it_and_has_nothing_left_to_write():
    ended = syncd("demo", "--once")

    assert (ended.code, ended.err) == (0, "")
    history, plan, applied, again = ended.out.split("\n$ syncd ")[1:5]
    assert history.startswith("history")
    assert plan.startswith("plan")
    assert re.search(r"Plan [0-9a-f]+, stage comment: \d\d changes on \d\d items", plan)
    assert applied.startswith("apply")
    assert re.search(r"\d\d changes applied\.", applied)
    assert again.startswith("plan")
    assert "Nothing to write." in again
    assert "http://127.0.0.1:" in ended.out
    assert [line for line in quoted_by_the_readme() if line not in ended.out] == [], "the README shows what it prints"


def quoted_by_the_readme():
    """Return the lines of what the README shows of the demo; a line that ends in … goes on in the demo."""
    text = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    shown = text[text.index("$ syncd plan\n") : text.index("## Use it")]
    blocks = (shown[: shown.index("```")], shown.split("```\n")[2].removesuffix("```\n"))
    return [line.removesuffix("…") for block in blocks for line in block.splitlines()]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_demo_serves_on_until_it_is_told_to_end(number):
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", "from syncd.cli import main; main()", "demo"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    lines = list(iter_until(process.stdout, "Ctrl-C ends the demo"))
    process.send_signal(number)
    _, err = process.communicate(timeout=15)

    assert lines
    assert process.returncode == (0 if number == signal.SIGINT else -signal.SIGTERM)
    assert "Traceback" not in err


def iter_until(lines, words):
    for line in lines:
        yield line
        if words in line:
            return
    pytest.fail(f"it never said '{words}'")
