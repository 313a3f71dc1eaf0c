"""`syncd explain KEY`: everything that is known and judged of one item, and why it was told or not.

`syncd explain --why-not RULE KEY` shows one rule alone, with every part of its conditions and what each of them read.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from syncd.cli.options import ConfigOption, JsonOption, Session, WorkspaceOption, open_offline
from syncd.cli.text import day, line_text, minute, plain
from syncd.model.comments import Reference
from syncd.model.errors import ConfigError
from syncd.model.truth import Truth

if TYPE_CHECKING:
    from rules.engine import RuleSet
    from rules.rule import Rule
    from rules.world import World
    from syncd.model.changes import Ownership
    from syncd.model.items import Item
    from syncd.planner.explain import Explained, Explanation
    from syncd.planner.why import Why
    from syncd.store import LedgerEntry

WRITES = 10
"""So many of the last writes on an item are shown."""


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command()(explain)


def explain(
    key: str = typer.Argument(help="An item: PAY-88, acme/checkout#12, or its address."),
    why_not: Annotated[
        str | None,
        typer.Option("--why-not", help="One rule alone: every part of its conditions.", show_default=False),
    ] = None,
    config: ConfigOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show how an item reaches outcomes, every rule for it, and what was written when; reads the store only."""
    with open_offline(config, workspace) as session:
        if why_not is not None:
            _tell_why(session, key, why_not, as_json=as_json)
            return
        found, writes = _explained(session, key)
        if as_json:
            import msgspec

            typer.echo(msgspec.json.format(msgspec.json.encode(found)).decode())
            return
        for line in (*_item_lines(found), *_rule_lines(found), *_owned_lines(found.ownership), *_write_lines(writes)):
            typer.echo(line)


def _explained(session: Session, key: str) -> "tuple[Explanation, tuple[LedgerEntry, ...]]":
    from syncd.daemon.reconcile import policy_of, world_of
    from syncd.planner.explain import Records, explain
    from syncd.planner.limits import Waiting

    workspace, store = session.workspace, session.workspace.store
    world = world_of(workspace.charter, store)
    item = _item(world, key)
    waiting = tuple(Waiting(change=change, reason=reason) for change, reason in store.waiting())
    records = Records(
        findings=store.findings(), ownership=store.ownership(), waiting=waiting, states=store.place_states()
    )
    policy = policy_of(workspace.charter)
    explained = explain(item, world, workspace.charter.rules, records, policy, session.clock.now())
    return explained, store.ledger(item.id, WRITES)


def _item(world: "World", key: str) -> "Item":
    from syncd.complaints import did_you_mean
    from syncd.model.identity import Ref

    ref = Ref(url=key) if "://" in key else Ref(key=key)
    item_id = world.resolve(ref, None)
    item = world.item(item_id) if item_id is not None else None
    if item is None:
        near = did_you_mean(key, [each.key for each in world.rows])
        raise ConfigError(f"no item '{key}' in the store.{near or ' `syncd plan` reads the trackers.'}")
    return item


def _item_lines(found: "Explanation") -> Iterator[str]:
    yield f"{found.item.key}  {plain(found.item.title)}"
    yield f"  {found.item.url}"
    if found.dark:
        yield f"  can't be judged now: {found.dark}"
    read = (f"{each.place} {minute(each.read_at) if each.read_at else 'never'}" for each in found.sources)
    yield f"  read {', '.join(read)}"
    if found.ancestors:
        yield f"  below {_keys(found.ancestors)}"
    for fact in found.facts:
        yield f"  {fact.fact:22} {line_text(fact.value)}"
    if found.waits_for:
        yield "  waits for"
    for wait in found.waits_for:
        words = ", ".join(filter(None, (wait.status, wait.team, "named above" if wait.again else "")))
        yield f"  {'  ' * (wait.depth + 1)}{plain(wait.item.key)}  {plain(words)}"


def _rule_lines(found: "Explanation") -> Iterator[str]:
    from rules.engine import Answer

    yield ""
    order = [Answer.HOLDS, Answer.UNKNOWN, Answer.NOT, Answer.NOT_APPLIED, Answer.OFF]
    for rule in sorted(found.rules, key=lambda each: order.index(each.answer)):
        answer = f"{rule.answer.value}{f': {rule.reason}' if rule.reason else ''}"
        yield f"  {rule.rule.id:16} {answer}  ({rule.rule.file}, version {rule.rule.version})"
        yield from (f"    {line}" for line in _details(rule, found.item))
    for here in found.told_here:
        names = [*([_keys(here.subjects)] if here.subjects else []), *(line_text(each) for each in here.others)]
        yield f"  told here for {', '.join(names)}: {here.rule_id}"


def _details(rule: "Explained", item: "Item") -> Iterator[str]:
    if rule.evidence:
        yield "; ".join(f"{each.fact} {line_text(each.value)}" for each in rule.evidence)
    if rule.state is not None and rule.since is not None:
        yield f"{rule.state.value} since {day(rule.since)}"
    if elsewhere := [each for each in rule.told if each.item != item.id]:
        yield f"told on {_keys(elsewhere)}"
    yield from dict.fromkeys(f"silent: {quiet.why.value} ({quiet.detail})" for quiet in rule.quiet)


def _keys(references: "tuple[Reference, ...] | list[Reference]") -> str:
    shown = ", ".join(plain(each.key) for each in references[:WRITES])
    return shown + (f" and {len(references) - WRITES} more" if len(references) > WRITES else "")


def _owned_lines(owned: "Ownership") -> Iterator[str]:
    yield ""
    for label in owned.labels:
        yield f"  label {label.name}, ours since {minute(label.written_at)}"
    if owned.comment is not None:
        written = f"written {minute(owned.comment.written_at)}"
        state = "edited by a person, kept as it is" if owned.comment.edited else written
        yield f"  comment {owned.comment.comment_id}, {state}"
    for removed in owned.removed:
        seen = f"taken away by a person, seen {minute(removed.seen_at)}"
        yield f"  {removed.what} {seen}: not written again while {removed.rule_id} holds"
    yield from (f"  label {name} is a person's" for name in owned.foreign_labels)


def _write_lines(writes: "tuple[LedgerEntry, ...]") -> Iterator[str]:
    from syncd.cli.plans import change_text

    for entry in writes:
        detail = f": {plain(entry.detail, 120)}" if entry.detail else ""
        yield f"  {minute(entry.at)}  {change_text(entry.change)}  {entry.fate.value}{detail}"


def _tell_why(session: Session, key: str, rule_id: str, *, as_json: bool) -> None:
    from syncd.daemon.reconcile import policy_of, world_of
    from syncd.planner.explain import subjects_of
    from syncd.planner.why import why

    charter = session.workspace.charter
    rule = _rule(charter.rules, rule_id)
    world = world_of(charter, session.workspace.store)
    item = _item(world, key)
    about = [subject for subject in subjects_of(item.id, world) if subject.about == rule.about.value]
    now, policy = session.clock.now(), policy_of(charter)
    found = [why(rule, subject, item, world, charter.rules, policy, now) for subject in about]
    if as_json:
        import msgspec

        typer.echo(msgspec.json.format(msgspec.json.encode(found)).decode())
        return
    if not found:
        typer.echo(f"{rule_id} is about {rule.about.value}, and {key} is none and in none")
    for each in found:
        for line in _why_lines(each, item):
            typer.echo(line)


def _rule(rules: "RuleSet", rule_id: str) -> "Rule":
    from syncd.complaints import did_you_mean

    for rule in rules.rules:
        if rule.terms.id == rule_id:
            return rule
    near = did_you_mean(rule_id, [rule.terms.id for rule in rules.rules])
    raise ConfigError(f"no rule '{rule_id}'.{near or ' `syncd check` counts them.'}")


_ANSWERS = {Truth.YES: "yes", Truth.NO: "no", Truth.UNKNOWN: "unknown"}
_SAYS = {Truth.YES: "holds", Truth.NO: "does not hold", Truth.UNKNOWN: "is not known"}


def _why_lines(found: "Why", item: "Item") -> Iterator[str]:
    off = "; the rule is off" if found.is_off else ""
    yield f"{found.rule_id} {_SAYS[found.answer]} for {item.key} ({found.file}, version {found.version}){off}"
    width = max(len(each.text) + 2 * each.depth for each in (*found.applies_to, *found.when))
    for name, questions in (("applies to", found.applies_to), ("when", found.when)):
        if questions:
            yield f"  {name}"
        for each in questions:
            text = f"{'  ' * each.depth}{each.text}"
            decides = "  <- decides" if each.decides else ""
            value = f"read: {line_text(each.value)}" if each.value else ""
            yield f"    {text:{width}}  {_ANSWERS[each.answer]:7}  {value}{decides}".rstrip()
