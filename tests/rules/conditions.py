"""Conditions from one line of YAML, over the facts that a roadmap's ``match`` may ask for."""

from rules.language.conditions import Condition
from rules.language.parser import WORDS_WITHOUT_SETS, fact_names, parse_condition
from rules.language.values import Reader
from rules.roadmap.loader import MATCH_FACTS
from syncd.documents import parse_document
from syncd.model.findings import About


def condition(text: str) -> Condition:
    """Return the condition that is written."""
    reader = Reader(parse_document(text, "match"))
    names = fact_names(MATCH_FACTS, About.ITEM, words=WORDS_WITHOUT_SETS)
    found = parse_condition(reader, (), reader.document.data, names)
    assert found is not None, reader.errors
    return found
