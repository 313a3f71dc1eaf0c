"""How long `syncd check` takes: 300 rules and 40 outcomes, beside Python starting and importing the same modules.

``python -m benchmarks.check [RULES] [OUTCOMES] [RUNS]``. Both are whole processes, run in turns.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

GOAL = 3.0
_RULES_A_FILE = 30
_RUN = "import sys; from syncd.cli import main; sys.argv = ['syncd', 'check', '--config', sys.argv[1]]; main()"
_LIST = """
import json, sys
from syncd.cli import main
path, sys.argv = sys.argv[2], ["syncd", "check", "--config", sys.argv[1]]
try:
    main()
finally:
    json.dump([name for name in sys.modules if name not in ("__main__", "json")], open(path, "w"))
"""
_IMPORT = """
import json, sys
from importlib import import_module
for name in json.load(open(sys.argv[1])):
    try:
        import_module(name)
    except ImportError:
        pass
"""
_CONDITIONS = (
    "{{trace.state: unlinked, item.age: {{gt: {n}d}}}}",
    "{{item.kind: [bug, debt], item.idle_for: {{gte: {n}h}}, item.labels: {{none: [a{n}, b]}}}}",
    "{{any: [{{item.estimate: {{gt: {n}}}}}, {{item.title: {{matches: '^x{n}'}}}}], item.in_play: true}}",
    "{{deps.open_blockers: {{some: {{team: team-{n}, begun: false, needed_by: {{within: {n}d}}}}}}}}",
    "{{item.created_at: {{older_than: {n}d}}, not: {{item.team: {{starts_with: t{n}}}}}}}",
)
_TRACKERS = """\
trackers:
  jira:
    kind: jira
    url: https://acme.example.org
    auth: {email: bot@acme.example, token: {env: JIRA_TOKEN}}
    projects: {PAY: {team: payments}, FRAUD: {team: fraud}}
"""


def write_configuration(folder: Path, rules: int, outcomes: int) -> None:
    """Write a workspace with so many rules, all different, and outcomes."""
    written = [_rule(number) for number in range(rules)]
    (folder / "default/rules").mkdir(parents=True)
    (folder / "default/trackers.yaml").write_text(_TRACKERS)
    (folder / "default/roadmap.yaml").write_text("outcomes:\n" + "".join(map(_outcome, range(outcomes))))
    for at in range(0, rules, _RULES_A_FILE):
        path = folder / f"default/rules/rules-{at:04}.yaml"
        path.write_text("defaults: {for: 2wd}\nrules:\n" + "".join(written[at : at + _RULES_A_FILE]))


def _rule(number: int) -> str:
    condition = _CONDITIONS[number % len(_CONDITIONS)].format(n=number + 1)
    return f"""\
  - id: rule-{number}
    title: Rule number {number}
    when: {condition}
    message: "It is {{item.kind}} of {{item.team}}, and it waits for {{deps.open_blockers | keys}}."
    why: Because of {{trace.outcome.title}}.
    fix:
      - "Mind the date: it is needed by {{item.needed_by}}."
      - Take it up, or say that it is not meant.
"""


def _outcome(number: int) -> str:
    return f"""\
  - id: outcome-{number}
    title: Outcome number {number}
    owner: {{name: Somebody}}
    target_date: 2026-12-18
    measures: [{{id: p95, unit: s, baseline: 2.4, target: 1.2}}]
    tracked_in: {{items: [jira:PAY-{number}], labels: [label-{number}]}}
"""


def main(rules: int = 300, outcomes: int = 40, runs: int = 15) -> float:
    """Measure both, print what came of it, and return the ratio."""
    with tempfile.TemporaryDirectory() as name:
        folder, modules = Path(name) / "config", Path(name) / "modules.json"
        write_configuration(folder, rules, outcomes)
        listed = _run("-c", _LIST, str(folder), str(modules))
        count = len(json.loads(modules.read_text()))
        took: dict[str, list[float]] = {"check": [], "import": []}
        for _ in range(runs):
            took["check"].append(_seconds("-c", _RUN, str(folder)))
            took["import"].append(_seconds("-c", _IMPORT, str(modules)))
    check, imports = (statistics.median(took[each]) for each in took)
    print(listed.strip().splitlines()[-1])
    print(f"syncd check             {check * 1000:6.0f} ms   (median of {runs} runs of the whole process)")
    print(f"the same {count} modules   {imports * 1000:6.0f} ms   (Python starts and imports them)")
    print(f"ratio                   {check / imports:6.2f}      goal <= {GOAL:g}: {_verdict(check / imports)}")
    return check / imports


def _verdict(ratio: float) -> str:
    return "met" if ratio <= GOAL else "missed"


def _run(*arguments: str) -> str:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("SYNCD_")}
    ended = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, env=plain, check=False)
    assert ended.returncode == 0, ended.stderr or ended.stdout
    return ended.stdout


def _seconds(*arguments: str) -> float:
    began = time.perf_counter()
    _run(*arguments)
    return time.perf_counter() - began


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:4]))
