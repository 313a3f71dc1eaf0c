"""Another fact, or another field of the same record, that a value is compared with."""

from datetime import date, datetime
from typing import TypeAlias

import msgspec

from rules.facts.fact import FactType, FactValue
from rules.language.matchers import Moment
from rules.language.values import Written
from syncd.model.findings import Span
from syncd.model.truth import Unknown

_UNREAD = Unknown("it was not read")


class Other(msgspec.Struct, frozen=True, kw_only=True):
    """Another fact (or field of the same record) to compare with, ``by`` so much more, or less where ``back``.

    ``by_day``: one of the two is a date, so both are compared as days.
    """

    name: str
    type: FactType
    by_day: bool = False
    fold_case: bool = False
    by: Span | int | float | None = None
    back: bool = False

    def value(self, moment: Moment) -> FactValue:
        """Return what is compared with; None and Unknown as they are."""
        found = moment.others.get(self.name, _UNREAD)
        if self.by_day and isinstance(found, datetime):
            found = moment.calendar.day(found)
        if isinstance(found, str):
            return found.casefold() if self.fold_case else found
        return self._moved(found, moment) if self.by is not None else found

    def _moved(self, found: FactValue, moment: Moment) -> FactValue:
        by = self.by
        if isinstance(by, int | float):
            return _sum(found, -by if self.back else by) if isinstance(found, int | float) else found
        if isinstance(found, datetime) and isinstance(by, Span):
            return moment.calendar.before(found, by) if self.back else moment.calendar.after(found, by)
        if isinstance(found, date) and isinstance(by, Span):
            return moment.calendar.moved(found, by, back=self.back)
        return found


def _sum(one: float, other: float) -> float:
    """Return the sum of two numbers; one that is too large for it as it is: no other number comes near it."""
    try:
        return one + other
    except OverflowError:
        return one


Value: TypeAlias = Written | Other
