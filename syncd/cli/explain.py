"""`syncd explain KEY`: everything that is known and judged of one item, and why it was told or not.

`syncd explain outcome:ID` (and `team:NAME`, `container:TITLE`) says the same of what is no item. With ``--why-not
RULE`` one rule alone is shown, with every part of its conditions and what each of them read.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from syncd.cli.explained import fact_lines, keys, owned_lines, rule_lines, why_lines, write_lines
from syncd.cli.options import ConfigOption, JsonOption, Session, WorkspaceOption, open_offline
from syncd.cli.text import line_text, minute, plain
from syncd.model.errors import ConfigError

if TYPE_CHECKING:
    from rules.engine import RuleSet
    from rules.rule import Rule
    from rules.world import World
    from syncd.model.findings import Subject
    from syncd.planner.explain import Explanation, SubjectExplanation
    from syncd.planner.silence import Records

WRITES = 10
"""So many of the last writes on an item are shown."""


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command()(explain)


def explain(
    key: str = typer.Argument(
        help="An item: PAY-88, acme/checkout#12, or its address; or outcome:ID, team:NAME, container:TITLE."
    ),
    why_not: Annotated[
        str | None,
        typer.Option("--why-not", help="One rule alone: every part of its conditions.", show_default=False),
    ] = None,
    config: ConfigOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show how an item reaches outcomes, every rule for it, and what was written when; reads the store only."""
    from syncd.daemon.reconcile import world_of

    with open_offline(config, workspace) as session:
        world = world_of(session.workspace.charter, session.workspace.store)
        subjects = _subjects(world, key)
        if why_not is not None:
            _tell_why(session, world, subjects, key, why_not, as_json=as_json)
            return
        found = [_explained(session, world, subject) for subject in subjects]
        if as_json:
            _tell_json(found if len(found) > 1 else found[0])
            return
        for position, each in enumerate(found):
            for line in ("" if position else None, *_lines(session, each)):
                if line is not None:
                    typer.echo(line)


def _tell_json(found: object) -> None:
    import msgspec

    typer.echo(msgspec.json.format(msgspec.json.encode(found)).decode())


def _subjects(world: "World", key: str) -> "Sequence[Subject]":
    """Return what is meant: an item, an outcome, a team, or all containers of a title."""
    from rules.subjects import NAMED, item_subject, named, names_of
    from syncd.complaints import did_you_mean
    from syncd.model.identity import Ref

    kind, _, name = key.partition(":")
    if kind in NAMED and not name.startswith("//"):
        found = named(kind, name.strip(), world)
        if not found:
            near = did_you_mean(name, names_of(kind, world))
            raise ConfigError(f"no {kind} '{name}' here.{near or ' `syncd plan` reads the trackers.'}")
        return found
    ref = Ref(url=key) if "://" in key else Ref(key=key)
    item_id = world.resolve(ref, None)
    if item_id is None or world.item(item_id) is None:
        near = did_you_mean(key, [each.key for each in world.rows])
        raise ConfigError(f"no item '{key}' in the store.{near or ' `syncd plan` reads the trackers.'}")
    return [item_subject(item_id)]


def _explained(session: Session, world: "World", subject: "Subject") -> "Explanation | SubjectExplanation":
    from syncd.daemon.reconcile import policy_of
    from syncd.planner.explain import explain, explain_subject

    charter, records, now = session.workspace.charter, _records(session), session.clock.now()
    item = world.item(subject.id)
    if item is not None:
        return explain(item, world, charter.rules, records, policy_of(charter), now)
    return explain_subject(subject, world, charter.rules, records, policy_of(charter), now)


def _records(session: Session) -> "Records":
    from syncd.planner.limits import Waiting
    from syncd.planner.silence import Records

    store = session.workspace.store
    waiting = tuple(Waiting(change=change, reason=reason) for change, reason in store.waiting())
    return Records(findings=store.findings(), ownership=store.ownership(), waiting=waiting, states=store.place_states())


def _lines(session: Session, found: "Explanation | SubjectExplanation") -> Iterator[str]:
    from syncd.planner.explain import SubjectExplanation

    if isinstance(found, SubjectExplanation):
        yield from _subject_lines(found)
        return
    yield from _item_lines(found)
    yield from rule_lines(found.rules, found.item.id)
    for here in found.told_here:
        names = [*([keys(here.subjects)] if here.subjects else []), *(line_text(each) for each in here.others)]
        yield f"  told here for {', '.join(names)}: {here.rule_id}"
    yield from owned_lines(found.ownership)
    yield from write_lines(session.workspace.store.ledger(found.item.id, WRITES))


def _item_lines(found: "Explanation") -> Iterator[str]:
    yield f"{found.item.key}  {plain(found.item.title)}"
    yield f"  {found.item.url}"
    if found.dark:
        yield f"  can't be judged now: {found.dark}"
    read = (f"{each.place} {minute(each.read_at) if each.read_at else 'never'}" for each in found.sources)
    yield f"  read {', '.join(read)}"
    if found.ancestors:
        yield f"  below {keys(found.ancestors)}"
    yield from fact_lines(found.facts)
    if found.waits_for:
        yield "  waits for"
    for wait in found.waits_for:
        words = ", ".join(filter(None, (wait.status, wait.team, "named above" if wait.again else "")))
        yield f"  {'  ' * (wait.depth + 1)}{plain(wait.item.key)}  {plain(words)}"


def _subject_lines(found: "SubjectExplanation") -> Iterator[str]:
    yield line_text(found.name)
    if found.dark:
        yield f"  can't be judged now: {found.dark}"
    yield from fact_lines(found.facts)
    yield f"  told on {plain(found.told_on.key) if found.told_on is not None else 'no item'}"
    yield from rule_lines(found.rules, None)


def _tell_why(
    session: Session, world: "World", subjects: "Sequence[Subject]", key: str, rule_id: str, *, as_json: bool
) -> None:
    from syncd.daemon.reconcile import policy_of
    from syncd.planner.explain import subjects_of
    from syncd.planner.topics import name_of
    from syncd.planner.why import why

    charter = session.workspace.charter
    rule = _rule(charter.rules, rule_id)
    below = [
        each for subject in subjects for each in (subjects_of(subject.id, world) if _is_item(subject) else [subject])
    ]
    about = [subject for subject in below if subject.about == rule.about.value]
    now, policy = session.clock.now(), policy_of(charter)
    found = [why(rule, subject, world, charter.rules, policy, now) for subject in about]
    if as_json:
        _tell_json(found)
        return
    if not found:
        typer.echo(f"{rule_id} is about {rule.about.value}, and {key} is none and in none")
    for each in found:
        name = key if _is_item(subjects[0]) else line_text(name_of(each.subject, world))
        for line in why_lines(each, name):
            typer.echo(line)


def _is_item(subject: "Subject") -> bool:
    return subject.about == "item"


def _rule(rules: "RuleSet", rule_id: str) -> "Rule":
    from syncd.complaints import did_you_mean

    for rule in rules.rules:
        if rule.terms.id == rule_id:
            return rule
    near = did_you_mean(rule_id, [rule.terms.id for rule in rules.rules])
    raise ConfigError(f"no rule '{rule_id}'.{near or ' `syncd check` counts them.'}")
