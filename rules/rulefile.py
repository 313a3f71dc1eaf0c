"""The rules of one file, read: conditions compiled, templates checked, what the file says for all of them filled in."""

import hashlib
import json
from collections.abc import Mapping, Sequence

from rules.facts.fact import Fact
from rules.language import spans
from rules.language.conditions import Condition, SetUse, atoms, set_names
from rules.language.names import Names, fact_names
from rules.language.params import Params, params_named
from rules.language.parser import parse_condition, set_name
from rules.language.sets import WrittenSet, closure
from rules.language.templates import Template, TemplateNames, parse_template
from rules.language.values import Reader, canonical, fields_of
from rules.rule import TOLD_ON, Escalation, Rule
from rules.texts import EscalateText, RulesText, RuleText, TermsText
from syncd.complaints import either, shown
from syncd.documents import Data, Document, Loc, parse_document
from syncd.model.findings import About, RuleTerms, Severity, Span, ToldOn
from syncd.model.items import Stage

_OPEN = "item.status_category"
_DEFAULT_SCOPE: Loc = ("defaults", "applies_to")
_ANY_TRACKER = "any"
_EXAMPLE = "deps.open_blockers: {empty: false}"


def raw_rules(document: Document) -> list[dict[str, Data]]:
    """Return the rules as read; what is no mapping is empty here (validation has told of it)."""
    written = document.data.get("rules")
    return [raw if isinstance(raw, dict) else {} for raw in written] if isinstance(written, list) else []


class RuleFile:
    """Reads the rules of one file."""

    def __init__(
        self, reader: Reader, facts: Mapping[str, Fact], sets: Mapping[str, WrittenSet], params: Params
    ) -> None:
        self._reader = reader
        self._facts = facts
        self._sets = sets
        self._params = params
        self._conditions = {name: each.condition for name, each in sets.items() if each.condition is not None}
        defaults = reader.document.data.get("defaults")
        self._defaults = defaults if isinstance(defaults, dict) else {}

    def rules(self, text: RulesText | None) -> list[Rule]:
        """Return the rules; without ``text`` (the file is wrong elsewhere) only look for mistakes."""
        raws = raw_rules(self._reader.document)
        if "applies_to" in self._defaults and all("applies_to" in raw for raw in raws):
            self._scope(_DEFAULT_SCOPE, self._defaults["applies_to"], None)
        rules = [self._rule(index, raw, text) for index, raw in enumerate(raws)]
        return [rule for rule in rules if rule is not None]

    def _rule(self, index: int, raw: dict[str, Data], text: RulesText | None) -> Rule | None:
        about = _about(raw.get("about", self._defaults.get("about", "item")))
        loc: Loc = ("rules", index)
        when = self._condition((*loc, "when"), raw["when"], about) if "when" in raw else None
        scope = self._applies_to(loc, raw, about)
        escalations = self._escalations(loc, raw, about)
        message = self._template((*loc, "message"), raw.get("message"), about)
        why = self._template((*loc, "why"), raw.get("why", ""), about)
        fixes = self._fixes((*loc, "fix"), raw.get("fix"), about)
        if "{" in (self._reader.text((*loc, "title"), raw.get("title")) or ""):
            self._reader.refuse((*loc, "title"), "a title names no facts; put them into the message")
        self._refuse_told_on(loc, raw, about, when)
        if text is None or about is None or when is None or message is None:
            return None
        version = self._version(loc, raw, [when, scope, *(each.when for each in escalations)])
        place = self._reader.document.error(loc, "")
        return Rule(
            terms=_terms(text.rules[index], text, version, f"{place.file}:{place.line}"),
            about=about,
            severity=Severity[_said(text.rules[index], text.defaults, "severity").upper()],
            owner=text.owner,
            file=self._reader.document.name,
            when=when,
            applies_to=scope,
            escalations=tuple(sorted(escalations, key=lambda each: -each.to)),
            message=message,
            why=why or (),
            fix=fixes.pop(_ANY_TRACKER, ()),
            fix_by_tracker=tuple(sorted(fixes.items())),
        )

    def _names(self, about: About | None) -> Names:
        return fact_names(self._facts, about, sets=frozenset(self._sets), params=self._params)

    def _condition(self, loc: Loc, data: Data, about: About | None) -> Condition | None:
        found = parse_condition(self._reader, loc, data, self._names(about))
        self._refuse_sets_about_others(loc, found, about)
        return found

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
        if isinstance(data, dict):
            return self._condition(loc, data, about)
        if not isinstance(data, str):
            self._reader.refuse(loc, f"read {shown(data)}; expected the name of a set, or a condition")
            return None
        name = set_name(self._reader, loc, data, frozenset(self._sets))
        scope = SetUse(name) if name is not None else None
        self._refuse_sets_about_others(loc, scope, about)
        return scope

    def _refuse_sets_about_others(self, loc: Loc, condition: Condition | None, about: About | None) -> None:
        for name in sorted(set_names(condition)) if condition is not None and about is not None else ():
            asked = list(atoms(SetUse(name), self._conditions))
            read = (fact for atom in asked for fact in (atom.name, *atom.others))
            strange = next((fact for fact in read if about not in self._facts[fact].about), None)
            what = f"asks for '{strange}'"
            if strange is None:
                strange = next(
                    (each.team for each in asked if each.team and about not in self._facts[each.team].about), None
                )
                what = f"has a param that teams have their own values of, by '{strange}'"
            if strange is not None and about:
                hint = "; give this rule its own 'applies_to'" if loc == _DEFAULT_SCOPE else ""
                self._reader.refuse(loc, f"the set '{name}' {what}, which is not about {about.value}{hint}")

    def _escalations(self, loc: Loc, raw: dict[str, Data], about: About | None) -> list[Escalation]:
        written = raw.get("escalate")
        own = raw.get("severity", self._defaults.get("severity", "warning"))
        found = []
        for word, data in written.items() if isinstance(written, dict) else ():
            severity, least = _severity(word), _severity(own)
            if severity is None or word not in EscalateText.model_fields:
                continue
            condition = self._condition((*loc, "escalate", word), data, about)
            if least is not None and severity <= least:
                message = f"'{word}' is not above the rule's own severity, which is '{least.name.lower()}'"
                message += "; say critical" if least < Severity.CRITICAL else ""
                self._reader.refuse((*loc, "escalate", word), message, on_key=True)
            elif condition is not None:
                found.append(Escalation(severity, condition))
        return found

    def _template(self, loc: Loc, data: Data, about: About | None) -> Template | None:
        text = self._reader.text(loc, data)
        if text is None or about is None:
            return None
        return parse_template(self._reader, loc, text, TemplateNames(vocabulary=self._facts, about=about))

    def _fixes(self, loc: Loc, data: Data, about: About | None) -> dict[str, tuple[Template, ...]]:
        """Return what to do by the kind of tracker on which it is told."""
        if isinstance(data, dict):
            return {kind: self._fix((*loc, kind), each, about) for kind, each in data.items()}
        return {_ANY_TRACKER: self._fix(loc, data, about)}

    def _fix(self, loc: Loc, data: Data, about: About | None) -> tuple[Template, ...]:
        lines = [((*loc, index), line) for index, line in enumerate(data)] if isinstance(data, list) else [(loc, data)]
        found = [self._template(place, line, about) for place, line in lines]
        return tuple(template for template in found if template)

    def _refuse_told_on(self, loc: Loc, raw: dict[str, Data], about: About | None, when: Condition | None) -> None:
        told_on = raw.get("told_on", self._defaults.get("told_on"))
        words = [each.value for each in TOLD_ON[about]] if about else []
        if about and told_on in [each.value for each in ToldOn] and told_on not in words:
            self._reader.refuse(
                (*loc, "told_on"), f"read '{told_on}'; a rule about {about.value} is told on {either(words)}"
            )
        elif told_on == ToldOn.BLOCKER.value and when is not None:
            asked = atoms(when, self._conditions)
            if not any(self._names_items(each.name) for each in asked):
                message = f"told on the blocker, but nothing asks for blockers, as {_EXAMPLE} does"
                self._reader.refuse((*loc, "when"), message)

    def _names_items(self, name: str) -> bool:
        record = self._facts[name].record
        return record is not None and "item" in fields_of(record)

    def _version(self, loc: Loc, raw: dict[str, Data], conditions: Sequence[Condition | None]) -> str:
        """Return a digest of all that the rule's meaning depends on: its text, its file's defaults, sets and params."""
        sets = sorted({name for each in conditions if each for name in closure(each, self._conditions)})
        texts = [canonical(self._reader, loc, raw), canonical(self._reader, ("defaults",), self._defaults)]
        named = {*params_named(raw), *params_named(self._defaults)}.union(*(self._sets[name].params for name in sets))
        params = [param.text for name in sorted(named) if (param := self._params.get(name)) is not None]
        texts += [*(self._sets[name].text for name in sets), *params]
        return hashlib.sha256(json.dumps(texts).encode()).hexdigest()[:12]


def _about(word: Data) -> About | None:
    return next((about for about in About if about.value == word), None)


def _severity(word: Data) -> Severity | None:
    return next((severity for severity in Severity if severity.name.lower() == word), None)


def _said(rule: RuleText, defaults: TermsText, name: str) -> str:
    """Return what the rule says, else what its file says, else what holds without a word."""
    return str(getattr(rule if name in rule.model_fields_set else defaults, name) or "")


def _terms(rule: RuleText, text: RulesText, version: str, place: str) -> RuleTerms:
    defaults = text.defaults
    about = About(_said(rule, defaults, "about"))
    is_enabled = rule.enabled if "enabled" in rule.model_fields_set else defaults.enabled
    return RuleTerms(
        id=rule.id,
        title=rule.title,
        told_on=ToldOn(_said(rule, defaults, "told_on") or TOLD_ON[about][0].value),
        stage=Stage[_said(rule, defaults, "stage").upper()] if is_enabled else Stage.OFF,
        holds_for=spans.span_of(_said(rule, defaults, "for_")) or Span(),
        clear_after=spans.span_of(_said(rule, defaults, "clear_after")) or Span(),
        version=version,
        owner=text.owner,
        file=place,
    )
