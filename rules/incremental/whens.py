"""What is known of ancestors: for which of them the ``when`` of a rule that is told on the topmost holds."""

from collections.abc import Collection, Iterable

from rules.columns import TruthColumns
from rules.engine import RuleSet
from rules.facts.table import FactTable
from rules.language.matchers import Moment
from rules.unanswered import RuleSubject
from rules.world import World
from syncd.model.findings import About, Subject, ToldOn
from syncd.model.items import Stage
from syncd.model.truth import Truth

_ITEM = About.ITEM.value


class Whens:
    """Remembers the ancestors of what holds, and the answers of the rules that were asked of them."""

    def __init__(self, rules: RuleSet) -> None:
        self._given = rules
        self._rules = {
            rule.terms.id: rule
            for rule in rules.rules
            if rule.terms.told_on is ToldOn.TOPMOST and rule.about is About.ITEM and rule.terms.stage is not Stage.OFF
        }
        self._held: dict[Subject, dict[str, bool]] = {}

    def clear(self) -> None:
        """Forget all."""
        self._held.clear()

    def asks(self, rule_id: str) -> bool:
        """Return whether a rule is asked of ancestors, too."""
        return rule_id in self._rules

    def take(self, rule_id: str, above: Iterable[Subject], held: Collection[RuleSubject]) -> None:
        """Note what was found of the ancestors of something that a rule holds for."""
        if rule_id in self._rules:
            for ancestor in above:
                self._held.setdefault(ancestor, {})[rule_id] = (rule_id, ancestor) in held

    def of(self, rule_ids: Iterable[str], above: Iterable[Subject]) -> list[RuleSubject]:
        """Return the pairs of some rules and ancestors that are known to hold."""
        ids = [each for each in rule_ids if each in self._rules]
        held = ((ancestor, self._held[ancestor]) for ancestor in above if ancestor in self._held) if ids else ()
        return [(each, ancestor) for ancestor, known in held for each in ids if known.get(each)]

    def ask_again(self, judged: Iterable[Subject], world: World, moment: Moment) -> list[Subject]:
        """Ask again of those ancestors that are judged anew; return the ones of which something else is known now."""
        asked = [each for each in judged if each in self._held]
        there = [each for each in asked if _can_be_asked(each, world)]
        given = self._given
        table = FactTable(given.vocabulary, world=world, subjects=there, now=moment.now, calendar=moment.calendar)
        columns = TruthColumns(table, moment, given.sets)
        truths = {each: columns.truth(rule.when) for each, rule in self._rules.items()} if there else {}
        places = {subject: place for place, subject in enumerate(there)}
        found = []
        for subject in asked:
            known, place = self._held[subject], places.get(subject)
            now = {each: place is not None and bool(truths[each][place] == Truth.YES) for each in known}
            if now != known:
                self._held[subject] = now
                found.append(subject)
        return found


def _can_be_asked(subject: Subject, world: World) -> bool:
    item = world.item(subject.id)
    return item is not None and not item.is_change and world.is_dark_subject(subject) is None
