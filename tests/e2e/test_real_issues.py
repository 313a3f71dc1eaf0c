"""Real issues of three projects under the default packs: as many comments as causes, and few enough to be read."""

import os
import shutil
import sys
from collections import Counter
from pathlib import Path

import pytest

from syncd.model.changes import Action
from syncd.model.findings import Finding
from syncd.model.items import Stage
from syncd.planner.findings import is_live
from syncd.simulator.loading import load_github, load_jira
from tests.e2e.town import Town

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("SYNCD_DATA") or ROOT.parent / "shared/data")
JIRA = ("jira-tidev.jsonl.gz", "jira-devlake-changelog.jsonl.gz")
GITHUB = "github-bitcoin-core-gui.jsonl.gz"
MOST = 23

WORDS = """
    kinds: {epic: [Epic], bug: [Bug], feature: [Improvement, New Feature, Story], task: [Sub-task, Technical task]}
    links: {blocks: [Blocks, {name: Depends, reversed: true}], relates_to: [Cloners, Relates], duplicates: [Duplicate]}
"""
PROJECTS = """{
      ALOY: {team: alloy, in_play: {top: 10}}, DAEMON: {team: cli, in_play: {top: 15}}, EE: {team: ee}, K5: {team: k5}}
"""
REPOSITORIES = """
      bitcoin-core/gui: {team: gui, audience: public, comments: allowed}
    kinds: {bug: [{label: Bug}], support: [{label: Questions and Help}], feature: [{label: Feature}]}
"""
ROADMAP = """
period: {id: 2026-Q4, from: 2026-10-01, to: 2026-12-31}
owner: Product manager
outcomes:
  - id: cli-next
    title: Everything is done with one fast CLI
    target_date: 2026-12-18
    tracked_in: {items: [jira:DAEMON-73]}
    depends_on: [cli-service]
  - id: cli-service
    title: The daemon answers every command
    target_date: 2026-12-11
    tracked_in: {items: [jira:DAEMON-74, jira:DAEMON-17], milestones: ["jira:DAEMON: Titanium appcd Plugin 2.0.0"]}
    launch: {date: 2026-12-07, gates: {library: jira:DAEMON-243, legacy-build: jira:DAEMON-16}}
  - id: build-pipeline
    title: Every platform is built by one pipeline
    horizon: not_now
    reason: Nobody is free for it.
    revisit: 2026-11-02
    tracked_in: {items: [jira:DAEMON-231]}
  - id: alloy
    title: Every new app is an Alloy app
    horizon: next
    tracked_in: {items: [jira:DAEMON-19, jira:DAEMON-290]}
  - id: entitlements
    title: Paid features work offline
    status: dropped
    reason: What grants them is being retired.
    decide_by: 2026-12-04
    tracked_in: {items: [jira:DAEMON-312]}
  - id: build-time
    title: Apps are built in half the time
    launch: {date: 2026-10-12}
    measures: [{id: build, unit: s, baseline: 94, target: 45, readings: [{on: 2026-09-28, value: 92}]}]
    tracked_in: {items: [jira:ALOY-1725]}
  - {id: wallet, title: Users see what happened to their coins, visibility: public, tracked_in: {labels: [Wallet]}}
standing: [{id: bugs, title: Fix what is broken, match: {item.kind: bug}, budget: {min: 20%, max: 50%}}]
exempt: [{match: {item.kind: support}, reason: "Questions are answered, not planned.", until: 2026-12-31}]
"""


@pytest.fixture
def town(tmp_path):
    for name in (*JIRA, GITHUB):
        if not (DATA / name).exists():
            pytest.skip(f"no {name}: set SYNCD_DATA to a folder that has it")
    town = Town(tmp_path)
    for name in JIRA:
        load_jira(town.jira, DATA / name)
    load_github(town.github, DATA / GITHUB)
    town.configure(projects=PROJECTS + WORDS, repositories=REPOSITORIES, roadmap=ROADMAP)
    shutil.rmtree(town.config / "default/rules")
    shutil.copytree(
        ROOT / "config/default/rules", town.config / "default/rules", ignore=shutil.ignore_patterns("tests")
    )
    with town.server:
        yield town


def causes(findings: tuple[Finding, ...]) -> set[object]:
    """Return the items on which something is told that wants a comment: each is one thing to put right."""
    wanted = (each for each in findings if is_live(each) and each.rule.stage is Stage.COMMENT)
    return {target for each in wanted for target in each.told}


def test_real_issues_get_as_many_comments_as_there_are_causes(town):
    judged = town.judge().reconciled
    rules = Counter(each.rule_id for each in judged.findings if is_live(each))
    comments = [each.target for each in judged.plan.changes if each.action is Action.CREATE_COMMENT]
    figures = f"findings {rules.total()}, causes {len(causes(judged.findings))}, comments {len(comments)}: {rules}"
    sys.stdout.write(f"{figures}\n")

    assert len(comments) == len(set(comments)) <= MOST
    assert set(comments) == causes(judged.findings)
    assert {"no-outcome", "waited-for", "parked-blocker", "inactive", "dropped-with-work", "open-gates"} <= set(rules)
    assert {"not-measured", "revisit-due", "unready", "no-problem"} <= set(rules)

    town.apply()
    assert town.planned() == []
