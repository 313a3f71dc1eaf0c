"""The YAML an admin writes → a RuleSet: all that is wrong in all files is told at once, each at its place."""

import hashlib
import json
from collections.abc import Mapping, Sequence

from rules.engine import RuleSet
from rules.facts.fact import Fact
from rules.language import spans
from rules.language.conditions import Condition, SetUse, atoms, set_names
from rules.language.parser import canonical, fact_names, parse_condition, set_name
from rules.language.sets import WrittenSet, closure, read_sets
from rules.language.templates import Template, TemplateNames, parse_template
from rules.language.values import Reader, fields_of
from rules.rule import Rule
from rules.texts import RulesText, RuleText, TermsText
from syncd.complaints import either, shown
from syncd.documents import Data, Document, Loc, parse_document, validate
from syncd.model.errors import ConfigError, ConfigErrors
from syncd.model.findings import About, RuleTerms, Severity, Span, ToldOn
from syncd.model.items import Stage

_OPEN = "item.status_category"
_DEFAULT_SCOPE: Loc = ("defaults", "applies_to")


def load_rules(documents: Sequence[Document], vocabulary: Sequence[Fact], *, some_unread: bool = False) -> RuleSet:
    """Return the rules of all files of a workspace; raises ConfigErrors with all that is wrong in them.

    ``some_unread``: there are other files that can't be read, so a name that no file defines may stand there.
    """
    facts = {fact.name: fact for fact in vocabulary}
    some_unread = some_unread or not all(map(_says_its_names, documents))
    readers = [Reader(document, some_unread=some_unread) for document in documents]
    errors: list[ConfigError] = []
    sets = read_sets(readers, facts)
    rules: list[Rule] = []
    for reader in readers:
        try:
            text: RulesText | None = validate(reader.document, RulesText)
        except ConfigErrors as found:
            text = None
            errors += found.errors
        rules += _FileReading(reader, facts, sets).rules(text)
    _refuse_duplicates(readers)
    errors += [error for reader in readers for error in reader.errors]
    if errors:
        files = {document.name: position for position, document in enumerate(documents)}
        told = {str(error): error for error in errors}
        raise ConfigErrors(sorted(told.values(), key=lambda each: (files.get(each.file, 0), each.line, each.column)))
    conditions = {name: each.condition for name, each in sets.items() if each.condition is not None}
    return RuleSet(rules=tuple(rules), sets=conditions, vocabulary=facts)


def _says_its_names(document: Document) -> bool:
    """Return whether all the names that a file defines could be read."""
    return document.is_whole and isinstance(document.data.get("sets", {}), dict)


def _refuse_duplicates(readers: Sequence[Reader]) -> None:
    seen: dict[str, ConfigError] = {}
    for reader in readers:
        for index, raw in enumerate(_raw_rules(reader.document)):
            loc: Loc = ("rules", index, "id")
            rule_id = reader.text(loc, raw.get("id"))
            if rule_id in seen:
                first = seen[rule_id]
                reader.refuse(loc, f"rule '{rule_id}' is in {first.file}:{first.line} already; ids are unique")
            elif rule_id is not None:
                seen[rule_id] = reader.document.error(loc, "")


def _raw_rules(document: Document) -> list[dict[str, Data]]:
    """Return the rules as read; what is no mapping is empty here (validation has told of it)."""
    written = document.data.get("rules")
    return [raw if isinstance(raw, dict) else {} for raw in written] if isinstance(written, list) else []


class _FileReading:
    """Reads the rules of one file."""

    def __init__(self, reader: Reader, facts: Mapping[str, Fact], sets: Mapping[str, WrittenSet]) -> None:
        self._reader = reader
        self._facts = facts
        self._sets = sets
        self._conditions = {name: each.condition for name, each in sets.items() if each.condition is not None}
        defaults = reader.document.data.get("defaults")
        self._defaults = defaults if isinstance(defaults, dict) else {}

    def rules(self, text: RulesText | None) -> list[Rule]:
        """Return the rules; without ``text`` (the file is wrong elsewhere) only look for mistakes."""
        raws = _raw_rules(self._reader.document)
        if "applies_to" in self._defaults and all("applies_to" in raw for raw in raws):
            self._scope(_DEFAULT_SCOPE, self._defaults["applies_to"], None)
        rules = [self._rule(index, raw, text) for index, raw in enumerate(raws)]
        return [rule for rule in rules if rule is not None]

    def _rule(self, index: int, raw: dict[str, Data], text: RulesText | None) -> Rule | None:
        about = _about(raw.get("about", self._defaults.get("about", "item")))
        loc: Loc = ("rules", index)
        when = None
        if "when" in raw:
            names = fact_names(self._facts, about, sets=frozenset(self._sets))
            when = parse_condition(self._reader, (*loc, "when"), raw["when"], names)
            self._refuse_sets_about_others((*loc, "when"), when, about)
        scope = self._applies_to(loc, raw, about)
        message = self._template((*loc, "message"), raw.get("message"), about)
        why = self._template((*loc, "why"), raw.get("why", ""), about)
        fix = self._fix((*loc, "fix"), raw.get("fix"), about)
        if "{" in (self._reader.text((*loc, "title"), raw.get("title")) or ""):
            self._reader.refuse((*loc, "title"), "a title names no facts; put them into the message")
        self._refuse_told_on(loc, raw, about, when)
        if text is None or about is None or when is None or message is None:
            return None
        terms = _terms(text.rules[index], text.defaults, self._version(loc, raw, [when, scope]))
        return Rule(
            terms=terms,
            about=about,
            severity=Severity[_said(text.rules[index], text.defaults, "severity").upper()],
            owner=text.owner,
            file=self._reader.document.name,
            when=when,
            applies_to=scope,
            message=message,
            why=why or (),
            fix=fix,
        )

    def _applies_to(self, loc: Loc, raw: dict[str, Data], about: About | None) -> Condition | None:
        if "applies_to" in raw:
            return self._scope((*loc, "applies_to"), raw["applies_to"], about)
        if "applies_to" in self._defaults:
            return self._scope(_DEFAULT_SCOPE, self._defaults["applies_to"], about)
        if about is About.ITEM and _OPEN in self._facts:
            reader = Reader(parse_document(f"{_OPEN}: {{not: done}}", "what is open"))
            return parse_condition(reader, (), reader.document.data, fact_names(self._facts, about))
        return None

    def _scope(self, loc: Loc, data: Data, about: About | None) -> Condition | None:
        names = fact_names(self._facts, about, sets=frozenset(self._sets))
        if isinstance(data, str):
            name = set_name(self._reader, loc, data, names.sets)
            scope: Condition | None = SetUse(name) if name is not None else None
        elif isinstance(data, dict):
            scope = parse_condition(self._reader, loc, data, names)
        else:
            self._reader.refuse(loc, f"read {shown(data)}; expected the name of a set, or a condition")
            return None
        self._refuse_sets_about_others(loc, scope, about)
        return scope

    def _refuse_sets_about_others(self, loc: Loc, condition: Condition | None, about: About | None) -> None:
        for name in sorted(set_names(condition)) if condition is not None else ():
            asked = atoms(SetUse(name), self._conditions)
            strange = [atom.name for atom in asked if about and about not in self._facts[atom.name].about]
            if strange and about:
                hint = "; give this rule its own 'applies_to'" if loc == _DEFAULT_SCOPE else ""
                message = f"the set '{name}' asks for '{strange[0]}', which is not about {about.value}{hint}"
                self._reader.refuse(loc, message)

    def _template(self, loc: Loc, data: Data, about: About | None) -> Template | None:
        text = self._reader.text(loc, data)
        if text is None or about is None:
            return None
        return parse_template(self._reader, loc, text, TemplateNames(vocabulary=self._facts, about=about))

    def _fix(self, loc: Loc, data: Data, about: About | None) -> tuple[Template, ...]:
        lines = [((*loc, index), line) for index, line in enumerate(data)] if isinstance(data, list) else [(loc, data)]
        found = [self._template(place, line, about) for place, line in lines]
        return tuple(template for template in found if template)

    def _refuse_told_on(self, loc: Loc, raw: dict[str, Data], about: About | None, when: Condition | None) -> None:
        told_on = raw.get("told_on", self._defaults.get("told_on"))
        words = [each.value for each in _TOLD_ON[about]] if about else []
        if about and told_on in [each.value for each in ToldOn] and told_on not in words:
            self._reader.refuse(
                (*loc, "told_on"), f"read '{told_on}'; a rule about {about.value} is told on {either(words)}"
            )
        if told_on == ToldOn.BLOCKER.value and when is not None:
            asked = atoms(when, self._conditions)
            if not any(self._names_items(each.name) for each in asked):
                example = "deps.open_blockers: {empty: false}"
                self._reader.refuse(
                    (*loc, "when"), f"told on the blocker, but nothing asks for blockers, as {example} does"
                )

    def _names_items(self, name: str) -> bool:
        record = self._facts[name].record
        return record is not None and "item" in fields_of(record)

    def _version(self, loc: Loc, raw: dict[str, Data], conditions: Sequence[Condition | None]) -> str:
        used = {name for each in conditions if each for name in closure(each, self._conditions)}
        defaults = canonical(self._reader, ("defaults",), self._defaults)
        texts = [canonical(self._reader, loc, raw), defaults, *(self._sets[name].text for name in sorted(used))]
        return hashlib.sha256(json.dumps(texts).encode()).hexdigest()[:12]


_TOLD_ON = {
    About.ITEM: (ToldOn.SUBJECT, ToldOn.TOPMOST, ToldOn.BLOCKER, ToldOn.TRACKED_IN),
    About.OUTCOME: (ToldOn.TRACKED_IN,),
    About.CONTAINER: (ToldOn.TRACKED_IN,),
    About.TEAM: (ToldOn.SUBJECT,),
    About.DEPENDENCY: (ToldOn.EDGE,),
}


def _about(word: Data) -> About | None:
    return next((about for about in About if about.value == word), None)


def _said(rule: RuleText, defaults: TermsText, name: str) -> str:
    """Return what the rule says, else what its file says, else what holds without a word."""
    return str(getattr(rule if name in rule.model_fields_set else defaults, name) or "")


def _terms(rule: RuleText, defaults: TermsText, version: str) -> RuleTerms:
    about = _said(rule, defaults, "about")
    told_on = _said(rule, defaults, "told_on") or _TOLD_ON[About(about)][0].value
    return RuleTerms(
        id=rule.id,
        title=rule.title,
        told_on=ToldOn(told_on),
        stage=Stage[_said(rule, defaults, "stage").upper()],
        holds_for=spans.span_of(_said(rule, defaults, "for_")) or Span(),
        clear_after=spans.span_of(_said(rule, defaults, "clear_after")) or Span(),
        version=version,
    )
