"""What the store's tests save: pages, changes, results and findings, with defaults."""

from datetime import datetime, timedelta
from typing import Any

from syncd.model.changes import Action, Change, Fate, Intent, OwnedComment, Result
from syncd.model.comments import Comment, Mark, Paragraph, Text
from syncd.model.findings import About, Finding, FindingState, RuleTerms, Severity, Span, Subject, ToldOn
from syncd.model.items import Item, Stage
from syncd.model.reading import Page
from syncd.store import WorkspaceStore
from tests.builders import NOW, item_id, place_id

MINUTE = timedelta(minutes=1)
TREE = Comment((Paragraph((Text("No path to an outcome."),)),))


def minutes(count: int) -> datetime:
    """Return an instant so many minutes after NOW."""
    return NOW + count * MINUTE


def make_page(*items: Item, at: datetime = NOW, **given: Any) -> Page:
    """Return a page of a poll."""
    return Page(**{"observed_at": at, "items": items, **given})


def make_change(key: str = "PAY-1", action: Action = Action.ADD_LABEL, **given: Any) -> Change:
    """Return a change of one rule: a label, or a comment with its tree and mark."""
    is_label = action in (Action.ADD_LABEL, Action.REMOVE_LABEL)
    defaults: dict[str, Any] = {
        "target": item_id(key),
        "key": key,
        "place": place_id(key),
        "action": action,
        "rule_ids": ("no-outcome",),
        "label": "syncd:no-outcome" if is_label else "",
        "comment": None if is_label or action is Action.DELETE_COMMENT else TREE,
        "mark": None if is_label else Mark(owner="syncd/default", hash=TREE.hash),
        "comment_id": "" if is_label or action is Action.CREATE_COMMENT else "c1",
    }
    return Change(**{**defaults, **given})


def make_result(change: Change, fate: Fate = Fate.APPLIED, **given: Any) -> Result:
    """Return what became of a change; an applied one with the tracker's stamp, a comment with its id."""
    defaults: dict[str, Any] = {"change": change, "fate": fate}
    if fate is Fate.APPLIED:
        defaults["stamp"] = minutes(1)
    if fate is Fate.APPLIED and not change.label:
        defaults |= {"comment_id": change.comment_id or "c1", "body_hash": "body1"}
    return Result(**{**defaults, **given})


def make_owned_comment(**given: Any) -> OwnedComment:
    """Return a comment of ours that was written a minute after NOW."""
    defaults: dict[str, Any] = {"comment_id": "c1", "hash": TREE.hash, "body_hash": "body1", "written_at": minutes(1)}
    return OwnedComment(**{**defaults, **given})


def make_finding(key: str = "PAY-1", rule_id: str = "no-outcome", *, version: str = "v1", **given: Any) -> Finding:
    """Return an open finding about an item."""
    rule = RuleTerms(
        id=rule_id,
        title="Not linked",
        told_on=ToldOn.TOPMOST,
        stage=Stage.COMMENT,
        holds_for=Span(working_days=2),
        clear_after=Span(exact=timedelta(hours=1)),
        version=version,
    )
    defaults: dict[str, Any] = {
        "rule": rule,
        "subject": Subject(about=About.ITEM.value, id=item_id(key)),
        "state": FindingState.OPEN,
        "severity": Severity.WARNING,
        "since": NOW,
        "message": (Text("No path from this story to an outcome."),),
    }
    return Finding(**{**defaults, **given})


def write(store: WorkspaceStore, change: Change, fate: Fate = Fate.APPLIED, at: int = 1, **given: Any) -> Intent:
    """Send one change through the store as apply does: intent, then its result."""
    (intent,) = store.add_intents(1, f"batch{at}", [change], minutes(at))
    store.settle(intent, make_result(change, fate, **given), minutes(at))
    return intent
