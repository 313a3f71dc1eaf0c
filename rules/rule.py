"""A rule as loaded: conditions compiled, templates checked."""

import msgspec

from rules.language.conditions import Condition
from rules.language.templates import Template
from syncd.model.findings import About, RuleTerms, Severity


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One rule. ``applies_to`` None: all subjects. ``owner`` answers for its ``file``."""

    terms: RuleTerms
    about: About
    severity: Severity
    when: Condition
    message: Template
    applies_to: Condition | None = None
    why: Template = ()
    fix: tuple[Template, ...] = ()
    owner: str = ""
    file: str = ""
