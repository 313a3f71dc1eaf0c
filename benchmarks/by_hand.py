"""The twenty rules of evaluate_rules.yaml as a careful person would write them in Python, three-valued, item by item.

A set is judged once per item, what a scope leaves out is asked nothing else, and only what holds is told.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
import re2

from benchmarks.evaluate_facts import NOW, Row
from benchmarks.hand_rules import (
    LAUNCH,
    NO,
    OVER,
    UNKNOWN,
    YES,
    closed_soon,
    compared,
    debt_in_launch,
    is_ahead,
    is_one,
    late_blocker,
    many,
    near,
    no_estimate,
    no_owner,
    open_work,
    parked,
    quiet,
    some,
    stale_next,
    too_large,
    truth,
    waits_for_others,
)
from benchmarks.hand_words import around, day, key, keys, kind_line, listed, names, or_none, quote, titles, words
from syncd.model.comments import Line, Quote, Text
from syncd.model.findings import Evidence, Judgment, RuleTerms, Severity, Subject
from syncd.model.identity import ItemId
from syncd.model.truth import Truth

_WIP = re2.compile(r"(?i)^(wip|tbd|todo)\b")
_DAY = timedelta(days=1)


class Hand(msgspec.Struct, frozen=True, kw_only=True):
    """One rule. ``evidence``: facts, where a row has them, and how they are put. ``causes``: what blocked."""

    id: str
    when: Callable[[Row], Truth]
    message: Callable[[Row], Line]
    evidence: tuple[tuple[str, str, Callable[[Any], Line]], ...]
    causes: Callable[[Any], bool] | None = None
    due: Callable[[Row], datetime | None] | None = None


STATE = ("trace.state", "state", words)
KIND = ("item.kind", "kind", words)
BLOCKERS = ("deps.open_blockers", "blockers", or_none(names))
NEEDED = ("item.needed_by", "needed_by", or_none(lambda value: (day(value),)))
ESTIMATE = ("item.estimate", "estimate", words)
LABELS = ("item.labels", "labels", or_none(lambda labels: listed([(quote(each),) for each in labels])))
PEOPLE = ("item.assignees", "assignees", or_none(lambda people: listed([(quote(each),) for each in people])))
ACTIVITY = ("item.activity_at", "activity_at", lambda at: (day(at),))
PRIORITY = ("item.priority", "priority", lambda priority: (quote(priority),))
TITLE = ("item.title", "title", lambda title: (quote(title),))


def end_of(on: date | None) -> datetime | None:
    """Return when a day is over, if that is to come."""
    return datetime(on.year, on.month, on.day, tzinfo=NOW.tzinfo) + _DAY if is_ahead(on) and on else None


def needed_end(row: Row) -> datetime | None:
    """Return when the day on which the item is needed is over."""
    return end_of(row.needed_by)


def blockers_end(row: Row) -> datetime | None:
    """Return when the first expected day of a blocker is over."""
    ends = [end_of(each.expected_at) for each in row.blockers]
    return min((each for each in ends if each), default=None)


def _hand(
    rule_id: str,
    when: Callable[[Row], Truth],
    message: Callable[[Row], Line],
    *evidence: tuple[str, str, Callable[[Any], Line]],
    causes: Callable[[Any], bool] | None = None,
    due: Callable[[Row], datetime | None] | None = None,
) -> Hand:
    return Hand(id=rule_id, when=when, message=message, evidence=evidence, causes=causes, due=due)


def _in_state(*states: str) -> Callable[[Row], Truth]:
    return lambda row: is_one(row.state, *states)


def _line(*parts: object) -> Line:
    return tuple(Text(part) if isinstance(part, str) else part for part in parts)  # type: ignore[misc]


BY_HAND = (
    _hand(
        "no-outcome",
        _in_state("unlinked"),
        lambda row: kind_line("No path from this ", row, " to an outcome of ", Quote("2026-Q4"), "."),
        STATE,
    ),
    _hand("broken", _in_state("broken"), lambda row: _line(key(row), " names what is not there."), STATE),
    _hand("ambiguous", _in_state("ambiguous"), lambda row: around("It may serve ", titles(row.outcomes), "."), STATE),
    _hand(
        "inactive",
        _in_state("inactive", "contradicted"),
        lambda row: around("It serves ", titles(row.outcomes), "."),
        STATE,
    ),
    _hand(
        "blocked",
        lambda row: some(row.blockers, lambda _: YES),
        lambda row: around("It waits for ", names(row.blockers), "."),
        BLOCKERS,
        causes=lambda _: True,
    ),
    _hand(
        "blocked-by-others",
        waits_for_others,
        lambda row: around("It waits for ", keys(row.blockers), "."),
        BLOCKERS,
        causes=lambda each: each.team != "payments" and each.state == "unlinked",
    ),
    _hand(
        "many-blockers",
        lambda row: many(row.blockers, 2, lambda each: each.expected_at is None),
        lambda row: _line("It waits for ", str(len(row.blockers)), " items."),
        BLOCKERS,
        causes=lambda each: each.expected_at is None,
    ),
    _hand(
        "late-blocker",
        late_blocker,
        lambda row: around("", keys(row.blockers), " may be late."),
        BLOCKERS,
        causes=lambda each: each.expected_at is not None and each.expected_at > LAUNCH,
        due=needed_end,
    ),
    _hand(
        "due-soon",
        lambda row: truth(not row.assignees),
        lambda row: _line(key(row), " is needed by ", day(row.needed_by), "."),
        PEOPLE,
        due=needed_end,
    ),
    _hand(
        "overdue",
        lambda row: compared(row.needed_by, lambda on: on <= OVER),
        lambda row: _line(key(row), " was needed by ", day(row.needed_by), "."),
        NEEDED,
    ),
    _hand("quiet", quiet, lambda row: _line("Nothing happened since ", day(row.activity_at), "."), ACTIVITY, KIND),
    _hand("no-estimate", no_estimate, lambda row: kind_line("This ", row, " has no estimate."), ESTIMATE, KIND, STATE),
    _hand("too-large", too_large, lambda row: _line(str(row.estimate), " is a lot."), ESTIMATE, KIND),
    _hand("stale-next", stale_next, lambda row: _line(quote(row.title), " has no date."), NEEDED, LABELS, PRIORITY),
    _hand("incident-no-owner", no_owner, lambda row: _line(key(row), " has no owner."), KIND, PEOPLE),
    _hand("debt-in-launch", debt_in_launch, lambda row: _line(quote(row.title), " is debt."), KIND, LABELS),
    _hand(
        "long-title",
        lambda row: truth(_WIP.search(row.title) is not None),
        lambda row: (quote(row.title),),
        TITLE,
    ),
    _hand("closed-soon", closed_soon, lambda row: _line(key(row), " is done."), KIND, BLOCKERS, STATE),
    _hand(
        "two-outcomes",
        lambda row: truth(len(row.outcomes) >= 3),
        lambda row: _line("It serves ", str(len(row.outcomes)), " outcomes."),
        ("trace.outcomes", "outcomes", or_none(titles)),
    ),
    _hand(
        "parked",
        parked,
        lambda row: around("It waits for ", keys(row.blockers), "."),
        BLOCKERS,
        LABELS,
        ESTIMATE,
        causes=lambda each: each.state == "inactive" or is_ahead(each.expected_at),
        due=blockers_end,
    ),
)
NEAR = frozenset({"late-blocker", "due-soon"})


def judge_by_hand(rows: Sequence[Row], terms: dict[str, RuleTerms]) -> tuple[list[Judgment], set[tuple[str, Subject]]]:
    """Return what holds and what is unknown."""
    holding: list[Judgment] = []
    unknown: set[tuple[str, Subject]] = set()
    for row in rows:
        play = open_work(row)
        soon = min(play, near(row)) if play is not NO else NO
        done = truth(row.status_category == "done")
        for rule in BY_HAND:
            scope = soon if rule.id in NEAR else done if rule.id == "closed-soon" else play
            if scope is NO:
                continue
            answer = min(scope, rule.when(row))
            if answer is YES:
                holding.append(_told(rule, row, terms[rule.id]))
            elif answer is UNKNOWN:
                unknown.add((rule.id, row.subject))
    return holding, unknown


def _told(rule: Hand, row: Row, terms: RuleTerms) -> Judgment:
    causes: list[ItemId] = []
    if rule.causes and row.blockers.__class__ is tuple:
        causes = [each.item for each in row.blockers if rule.causes(each)]
    return Judgment(
        rule=terms,
        subject=row.subject,
        severity=_SEVERITIES.get(rule.id, Severity.WARNING),
        message=rule.message(row),
        evidence=tuple([Evidence(name, put(getattr(row, field))) for name, field, put in rule.evidence]),
        causes=tuple(dict.fromkeys(causes)),
        changed_at=NOW,
        next_due=rule.due(row) if rule.due else None,
    )


_SEVERITIES = {"incident-no-owner": Severity.CRITICAL, "long-title": Severity.INFO}
