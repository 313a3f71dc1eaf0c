"""The YAML an admin writes → a RuleSet: all that is wrong in all files is told at once, each at its place."""

from collections.abc import Sequence

from rules.engine import RuleSet
from rules.facts.fact import Fact
from rules.language.params import read_params
from rules.language.sets import read_sets
from rules.language.values import Reader
from rules.rule import Rule
from rules.rulefile import RuleFile, raw_rules
from rules.texts import RulesText
from syncd.documents import Document, Loc, validate
from syncd.model.errors import ConfigError, ConfigErrors


def load_rules(documents: Sequence[Document], vocabulary: Sequence[Fact], *, some_unread: bool = False) -> RuleSet:
    """Return the rules of all files of a workspace; raises ConfigErrors with all that is wrong in them.

    ``some_unread``: there are other files that can't be read, so a name that no file defines may stand there.
    """
    facts = {fact.name: fact for fact in vocabulary}
    some_unread = some_unread or not all(map(_says_its_names, documents))
    readers = [Reader(document, some_unread=some_unread) for document in documents]
    errors: list[ConfigError] = []
    params = read_params(readers)
    sets = read_sets(readers, facts, params)
    rules: list[Rule] = []
    for reader in readers:
        try:
            text: RulesText | None = validate(reader.document, RulesText)
        except ConfigErrors as found:
            text = None
            errors += found.errors
        rules += RuleFile(reader, facts, sets, params).rules(text)
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
    return document.is_whole and all(isinstance(document.data.get(part, {}), dict) for part in ("sets", "params"))


def _refuse_duplicates(readers: Sequence[Reader]) -> None:
    seen: dict[str, ConfigError] = {}
    for reader in readers:
        for index, raw in enumerate(raw_rules(reader.document)):
            loc: Loc = ("rules", index, "id")
            rule_id = reader.text(loc, raw.get("id"))
            if rule_id in seen:
                first = seen[rule_id]
                reader.refuse(loc, f"rule '{rule_id}' is in {first.file}:{first.line} already; ids are unique")
            elif rule_id is not None:
                seen[rule_id] = reader.document.error(loc, "")
