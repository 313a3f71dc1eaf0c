"""Matchers of lists, whose members may be unknown: a list is judged unknown only where nothing known decides it and
something unknown could."""

from collections.abc import Callable, Sequence
from datetime import datetime

from rules.facts.fact import FactValue, Member
from rules.language.matchers import Judge, Matcher, MemberTest, Moment, earliest, negation, truth
from rules.language.other import Other, Value
from syncd.model.truth import Truth, Unknown

_MANY = 10**9


def some(test: MemberTest) -> Matcher:
    """Return the matcher of a list in which a member passes."""

    def judge(members: tuple[Member, ...], moment: Moment) -> Truth:
        found = Truth.NO
        for member in members:
            answer = _judged(test, member, moment)
            if answer is Truth.YES:
                return answer
            found = max(found, answer)
        return found

    return Matcher(judge=_of_list(judge), due=_due(test), matched=_matched(test))


def none(test: MemberTest) -> Matcher:
    """Return the matcher of a list in which no member passes."""
    return negation(Matcher(judge=some(test).judge, due=_due(test)))


def every(test: MemberTest) -> Matcher:
    """Return the matcher of a list in which all members pass; of an empty list all do."""

    def judge(members: tuple[Member, ...], moment: Moment) -> Truth:
        return min((_judged(test, member, moment) for member in members), default=Truth.YES)

    return Matcher(judge=_of_list(judge), due=_due(test), matched=_matched(test))


def empty(wanted: bool) -> Matcher:
    """Return the matcher of a list without (``wanted`` false: with) members."""

    def judge(members: tuple[Member, ...], _: Moment) -> Truth:
        if any(not isinstance(member, Unknown) for member in members):
            return truth(not wanted)
        return Truth.UNKNOWN if members else truth(wanted)

    return Matcher(judge=_of_list(judge), matched=None if wanted else _matched(None))


def count(test: MemberTest | None, number: Judge, limits: Sequence[Value]) -> Matcher:
    """Return the matcher of how many members pass (all, without a test).

    Where members are unknown the count is a range, and the answer is known if it is the same all over it: ``number``
    compares with the ``limits`` only, so it can change only beside them.
    """
    written = _turns(limits)
    others = [each for each in limits if isinstance(each, Other)]

    def judge(members: tuple[Member, ...], moment: Moment) -> Truth:
        answers = [_judged(test, member, moment) for member in members]
        low = answers.count(Truth.YES)
        more = any(isinstance(member, Unknown) for member in members)
        high = _MANY if more else low + answers.count(Truth.UNKNOWN)
        turns = written | _turns([each.value(moment) for each in others]) if others and low < high else written
        inside = [turn for turn in turns if low < turn < high]
        judged = {number(each, moment) for each in (low, high, *inside)}
        return judged.pop() if len(judged) == 1 else Truth.UNKNOWN

    return Matcher(judge=_of_list(judge), due=_due(test), matched=_matched(test))


def _turns(limits: Sequence[object]) -> set[int]:
    """Return the whole numbers beside which a comparison with these limits can change."""
    numbers = [each for each in limits if isinstance(each, int | float) and abs(each) < _MANY]
    return {int(each) + step for each in numbers for step in (-1, 0, 1)}


def _judged(test: MemberTest | None, member: Member, moment: Moment) -> Truth:
    if isinstance(member, Unknown):
        return Truth.UNKNOWN
    return test.judge(member, moment) if test else Truth.YES


def _of_list(judge: Callable[[tuple[Member, ...], Moment], Truth]) -> Judge:
    def of_value(value: FactValue, moment: Moment) -> Truth:
        if value is None:
            return judge((), moment)
        return judge(tuple(value), moment) if isinstance(value, tuple | list) else Truth.UNKNOWN

    return of_value


def _due(test: MemberTest | None) -> Callable[[FactValue, Moment], datetime | None] | None:
    if test is None or test.due is None:
        return None
    due_of = test.due

    def due(value: FactValue, moment: Moment) -> datetime | None:
        return earliest([due_of(each, moment) for each in _known(value)])

    return due


def _matched(test: MemberTest | None) -> Callable[[FactValue, Moment], tuple[Member, ...]]:
    def matched(value: FactValue, moment: Moment) -> tuple[Member, ...]:
        return tuple(each for each in _known(value) if _judged(test, each, moment) is Truth.YES)

    return matched


def _known(value: FactValue) -> tuple[Member, ...]:
    if not isinstance(value, tuple | list):
        return ()
    return tuple(each for each in value if not isinstance(each, Unknown))
