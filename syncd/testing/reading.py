"""Reads what a case expects: rules, subjects and places by the names that an admin gives them."""

from collections.abc import Iterator, Mapping

from rules.rule import Rule
from syncd.complaints import did_you_mean, one_of
from syncd.documents import Loc
from syncd.model.findings import About, Subject
from syncd.model.identity import ItemId
from syncd.model.items import Stage
from syncd.model.words import OutcomeWords
from syncd.testing.expectations import EXPECTED, Expected, said
from syncd.testing.ground import Ground, Named
from syncd.testing.notes import Notes
from syncd.testing.scene import Scene
from syncd.testing.texts import ExpectText, FindingText

_ON_AN_ITEM = (About.ITEM, About.DEPENDENCY)
_WRITTEN = ("told", "labelled")


class ExpectationReader:
    """Reads the expectations of one case; what is wrong is noted."""

    def __init__(self, ground: Ground, notes: Notes, scene: Scene) -> None:
        self._rules: Mapping[str, Rule] = {rule.terms.id: rule for rule in ground.rules.rules}
        self._ground = ground
        self._notes = notes
        self._scene = scene
        # Outcomes that live in a tracker are known to the World alone.
        self._has_tracked_outcomes = any(place.words.outcomes != OutcomeWords() for place in ground.places.values())

    def read(self, written: ExpectText, loc: Loc) -> tuple[Expected, ...]:
        """Return what is expected."""
        if isinstance(written, str):
            if written != "nothing":
                self._notes.refuse(loc, f"read '{written}'; expected a mapping by rule, or nothing")
            return ()
        found: list[Expected] = []
        for rule_id, value in written.items():
            place = (*loc, rule_id)
            rule = self.rule(rule_id, place, on_key=True)
            if rule is None:
                continue
            if isinstance(value, dict):
                pairs: Iterator[tuple[str, str | FindingText, Loc]] = (
                    (key, each, (*place, key)) for key, each in value.items()
                )
            else:
                keys = [value] if isinstance(value, str) else value
                short = "told" if rule.about in _ON_AN_ITEM else "holds"
                pairs = (
                    (key, short, (*place, index) if isinstance(value, list) else place)
                    for index, key in enumerate(keys)
                )
            found += [each for pair in pairs if (each := self._expected(rule, *pair)) is not None]
        return tuple(found)

    def rule(self, rule_id: str, loc: Loc, *, on_key: bool = False) -> Rule | None:
        """Return the rule of an id; one that is not there is noted, and of one that is off nothing is expected."""
        rule = self._rules.get(rule_id)
        if rule is None:
            near = did_you_mean(rule_id, self._rules) or f" There is: {one_of(list(self._rules))}."
            self._notes.refuse(loc, f"no rule '{rule_id}'.{near}", on_key=on_key)
        return None if rule is not None and rule.terms.stage is Stage.OFF else rule

    def _expected(self, rule: Rule, named: str, value: str | FindingText, loc: Loc) -> Expected | None:
        subject = self._subject(rule.about, named, loc)
        says: tuple[str, ...] = ()
        if isinstance(value, str):
            found = said(value)
            if found is None:
                self._notes.refuse(loc, f"read '{value}'; expected {EXPECTED}")
                return None
            state, keys = found
            severity = ""
        else:
            state, severity = value.state, value.severity or ""
            keys, says = _listed(value.told_on), _listed(value.says)
            loc = (*loc, "told_on")
        on = tuple(sorted(each for key in keys if (each := self._item(key, loc)) is not None))
        if subject is None:
            return None
        is_itself = state in _WRITTEN and rule.about in _ON_AN_ITEM
        return Expected(
            rule=rule.terms.id,
            subject=subject,
            named=named,
            state=state,
            on=on or ((subject.id,) if is_itself else None),
            severity=severity,
            says=says,
        )

    def _subject(self, about: About, named: str, loc: Loc) -> Subject | None:
        if about in _ON_AN_ITEM:
            item = self._item(named, loc)
            return Subject(about.value, item) if item is not None else None
        name = named.removeprefix(f"{about.value}:")
        if about is About.TEAM:
            return Subject(about.value, ItemId("", name))
        if about is About.OUTCOME:
            ids = {outcome.id for outcome in self._scene.outlook.roadmap().outcomes}
            if name not in ids and not self._has_tracked_outcomes:
                self._notes.refuse(loc, f"no outcome '{name}' in this case.{did_you_mean(name, ids)}")
            return Subject(about.value, ItemId("", name))
        found = self._scene.containers_titled(name)
        if len(found) != 1:
            several = "it is in several places: write 'PLACE: TITLE'" if found else "none of its items is in it"
            self._notes.refuse(loc, f"no container '{name}' in this case; {several}")
            return None
        container = found[0].id
        return Subject(about.value, ItemId(container.tracker, f"{container.kind}:{container.native_id}"))

    def _item(self, key: str, loc: Loc) -> ItemId | None:
        named = self._scene.named(key)
        if named is not None:
            return named.id
        found = self._ground.item(key)
        message = f"no item '{key}' in this case" if isinstance(found, Named) else found
        self._notes.refuse(loc, message, on_key=True)
        return None


def _listed(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)
