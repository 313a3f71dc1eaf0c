"""What is told stays as it was told while only that differs which is worked out anew every day.

A forecast is drawn each morning from a little more history, and moves by a day or two: nobody is told of that.
"""

from collections.abc import Sequence
from datetime import timedelta

from syncd.model.comments import Day, Leaf, Line
from syncd.model.findings import Evidence

NEWS = timedelta(weeks=1)
"""A forecast that moved by more than this is told anew."""


def steady(line: Line, before: Line) -> Line:
    """Return a line, as it was told before where what differs is no news."""
    is_news = _lasting(line) != _lasting(before) or _moved(_days(line), _days(before))
    return line if is_news else before


def steady_lines(lines: Sequence[Line], before: Sequence[Line]) -> tuple[Line, ...]:
    """Return lines, each as it was told before where what differs is no news."""
    told = {_lasting(line): line for line in before}
    return tuple(steady(line, told.get(_lasting(line), line)) for line in lines)


def steady_evidence(evidence: Sequence[Evidence], before: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Return evidence, each value as it was told before where what differs is no news."""
    told = {each.fact: each.value for each in before}
    return tuple(Evidence(each.fact, steady(each.value, told.get(each.fact, each.value))) for each in evidence)


def _lasting(line: Line) -> tuple[Leaf, ...]:
    return tuple([leaf for leaf in line if not leaf.wobbles])


def _days(line: Line) -> list[Day]:
    return [leaf for leaf in line if isinstance(leaf, Day) and leaf.wobbles]


def _moved(days: Sequence[Day], before: Sequence[Day]) -> bool:
    pairs = zip(days, before, strict=False)
    return len(days) != len(before) or any(abs(now.on - then.on) > NEWS for now, then in pairs)
