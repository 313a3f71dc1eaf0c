"""A rule as loaded: conditions compiled, templates checked."""

import msgspec

from rules.language.conditions import Condition
from rules.language.templates import Template
from syncd.model.findings import About, RuleTerms, Severity, ToldOn

TOLD_ON = {
    About.ITEM: (ToldOn.SUBJECT, ToldOn.TOPMOST, ToldOn.BLOCKER, ToldOn.TRACKED_IN),
    About.OUTCOME: (ToldOn.TRACKED_IN,),
    About.CONTAINER: (ToldOn.TRACKED_IN,),
    About.TEAM: (ToldOn.SUBJECT,),
    About.DEPENDENCY: (ToldOn.EDGE,),
}
"""Where a rule about each kind of thing can be told; the first holds where it does not say."""


class Escalation(msgspec.Struct, frozen=True):
    """The severity that a finding has where a condition holds."""

    to: Severity
    when: Condition


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One rule. ``applies_to`` None: all subjects. ``owner`` answers for its ``file``.

    ``escalations``, the highest first, all above ``severity``. ``fix_by_tracker``: more to do where it is told on a
    tracker of that kind.
    """

    terms: RuleTerms
    about: About
    severity: Severity
    when: Condition
    message: Template
    applies_to: Condition | None = None
    escalations: tuple[Escalation, ...] = ()
    why: Template = ()
    fix: tuple[Template, ...] = ()
    fix_by_tracker: tuple[tuple[str, tuple[Template, ...]], ...] = ()
    owner: str = ""
    file: str = ""
