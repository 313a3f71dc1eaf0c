"""A small workspace for cases, and short ways to run a case and to read what came of it."""

from collections.abc import Sequence

from adapters.registry import load_trackers
from rules.facts.vocabulary import all_facts
from rules.loader import load_rules
from rules.roadmap.loader import load_roadmap
from syncd.documents import parse_document, parse_leniently
from syncd.model.errors import ConfigErrors
from syncd.model.items import Stage
from syncd.planner.limits import Limits
from syncd.planner.terms import Policy
from syncd.testing import Ground, Verdict, judge_case, load_cases

TRACKERS = """
trackers:
  jira:
    kind: jira
    url: https://acme.atlassian.net
    auth: {email: bot@acme.example, token: {env: JIRA_TOKEN}}
    projects: {PAY: {team: payments}, FRAUD: {team: fraud, stage: labels}, LEG: {stage: off}}
    kinds:
      debt: [{type: Task, label: tech-debt}]
      incident: [{label: incident}]
      epic: [Epic]
      bug: [Bug]
      feature: [Story]
    links: {blocks: [Blocks, {name: Depends, reversed: true}], split_from: [{name: Split, reversed: true}]}
  github:
    kind: github
    auth: {token: {env: GITHUB_TOKEN}}
    repositories: {acme/checkout: {team: payments}, acme/sdk: {audience: public}}
"""
ROADMAP = """
period: {id: 2026-Q4, from: 2026-10-01, to: 2026-12-31}
outcomes: [{id: real, title: Real, horizon: next, tracked_in: {items: [jira:PAY-100]}}]
"""
RULES = """
rules:
  - id: unlinked
    title: U
    when: {item.in_play: true, trace.state: unlinked}
    message: "{item.key} is not linked."
    for: 2wd
    clear_after: 1wd
  - id: blocked
    title: B
    when: {deps.open_blockers: {empty: false}}
    message: "Waits for {deps.open_blockers | keys}."
    told_on: blocker
    severity: critical
"""
OTHER = """
rules:
  - {id: bug, title: A bug, when: {item.kind: bug}, message: "Of {item.team}."}
  - {id: quiet, title: Off, stage: off, when: {item.kind: bug}, message: m}
"""


def make_ground(rules: str = RULES, *, others: str = OTHER, trackers: str = TRACKERS, roadmap: str = ROADMAP) -> Ground:
    setup = load_trackers(parse_document(trackers, "trackers.yaml"))
    documents = [parse_document(rules, "default/rules/work.yaml"), parse_document(others, "default/rules/other.yaml")]
    return Ground(
        rules=load_rules(documents, all_facts()),
        roadmap=load_roadmap([parse_document(roadmap, "roadmap.yaml")]),
        places={place.id: place for each in setup.trackers for place in each.places},
        policy=Policy(
            owner="syncd/default",
            prefix="syncd:",
            stage=Stage.COMMENT,
            limits=Limits(changes=200, share=0.3, removals=50, new_comments=40),
        ),
    )


GROUND = make_ground()


def load(*texts: str, ground: Ground = GROUND):
    """Return the cases of files tests/work.yaml, tests/more.yaml, …"""
    names = ("work", "more", "most")
    documents = [
        parse_leniently(text, f"default/rules/tests/{name}.yaml") for name, text in zip(names, texts, strict=False)
    ]
    return load_cases(documents, ground)


def errors_of(*texts: str, ground: Ground = GROUND) -> list[str]:
    """Return what is wrong with files of cases, a line each, without the folder."""
    try:
        load(*texts, ground=ground)
    except ConfigErrors as errors:
        return [str(each).removeprefix("default/rules/tests/") for each in errors.errors]
    return []


def verdict(text: str, *, top: str = "", ground: Ground = GROUND) -> Verdict:
    """Run the one case of a text in flow style, without its braces."""
    (case,) = load(f"{top}\ncases:\n  - {{name: a case, {text}}}\n", ground=ground)
    return judge_case(case)


def differences(text: str, *, top: str = "", ground: Ground = GROUND) -> Sequence[tuple[str, str, str, str]]:
    """Return rule, subject, what was expected and what came, of each mismatch."""
    found = verdict(text, top=top, ground=ground).mismatches
    return [(each.rule, each.subject, each.expected, each.got) for each in found]
