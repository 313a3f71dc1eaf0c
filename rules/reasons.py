"""Why a condition says what it says of one subject: the same tree as the condition, with the answer of every part."""

import json

import msgspec

from rules.language.conditions import AllOf, AnyOf, Atom, Condition, Not, Read, Sets, judge
from rules.language.matchers import Moment
from syncd.model.truth import Truth

_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./%@ ")


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """One part of a condition and its answer. ``fact``: what it asks of; None where it only joins its ``parts``.

    ``beside``: the facts that it is compared with, and the one by which params are chosen.
    """

    question: str
    answer: Truth
    fact: str | None = None
    beside: tuple[str, ...] = ()
    parts: tuple["Reason", ...] = ()


def reason_of(condition: Condition, read: Read, moment: Moment, sets: Sets) -> Reason:
    """Return the condition's answer with those of all its parts."""
    answer = judge(condition, read, moment, sets)
    if isinstance(condition, Atom):
        return Reason(question=question_of(condition), answer=answer, fact=condition.name, beside=condition.beside)
    if isinstance(condition, Not):
        return Reason(question="not", answer=answer, parts=(reason_of(condition.part, read, moment, sets),))
    if isinstance(condition, AllOf | AnyOf):
        parts = tuple(reason_of(part, read, moment, sets) for part in condition.parts)
        return Reason(question="all" if isinstance(condition, AllOf) else "any", answer=answer, parts=parts)
    inner = reason_of(sets[condition.name], read, moment, sets)
    return Reason(question=f"set: {condition.name}", answer=answer, parts=(inner,))


def deciding(reason: Reason) -> tuple[Reason, ...]:
    """Return the questions that make the answer what it is: of an ``all`` that is false those that are false, of an
    ``any`` that is true those that are true."""
    if not reason.parts:
        return (reason,)
    if reason.question == "not":
        return deciding(reason.parts[0])
    same = [part for part in reason.parts if part.answer is reason.answer]
    return tuple(each for part in same for each in deciding(part))


def question_of(atom: Atom) -> str:
    """Return a question as an admin would write it on one line: ``item.kind: [bug, debt]``."""
    name, _, written = atom.key.partition(" ")
    return f"{name}: {_flow(json.loads(written))}"


def _flow(data: object) -> str:
    if isinstance(data, dict):
        return "{" + ", ".join(f"{key}: {_flow(value)}" for key, value in data.items()) + "}"
    if isinstance(data, list):
        return "[" + ", ".join(map(_flow, data)) + "]"
    if isinstance(data, str) and data and set(data) <= _PLAIN and data == data.strip():
        return data
    return json.dumps(data, ensure_ascii=False)
