"""Facts of many subjects as columns: computed when first asked for, once, and only those somebody asks for."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from rules.facts.fact import Fact, FactContext, FactValue
from rules.language.calendar import Calendar
from syncd.model.findings import Subject

if TYPE_CHECKING:
    from rules.world import World


class FactTable:
    """The facts of ``subjects``, which are all about the same kind of thing."""

    def __init__(
        self,
        vocabulary: Mapping[str, Fact],
        *,
        world: "World",
        subjects: Sequence[Subject],
        now: datetime,
        calendar: Calendar,
    ) -> None:
        self.subjects = subjects
        self._vocabulary = vocabulary
        self._columns: dict[str, Sequence[FactValue]] = {}
        self._positions: dict[Subject, int] | None = None
        self._context = FactContext(world=world, subjects=subjects, now=now, calendar=calendar, table=self)

    def column(self, name: str) -> Sequence[FactValue]:
        """Return the values of a fact, one per subject; KeyError where no such fact is declared."""
        column = self._columns.get(name)
        if column is None:
            column = self._columns[name] = self._vocabulary[name].column(self._context)
        return column

    def value(self, name: str, subject: Subject) -> FactValue:
        """Return the value of a fact for one of the subjects; KeyError where it is none of them."""
        if self._positions is None:
            self._positions = {each: position for position, each in enumerate(self.subjects)}
        return self.column(name)[self._positions[subject]]


def context_at(world: "World", now: datetime, calendar: Calendar) -> FactContext:
    """Return the context of a moment for what is worked out for the whole World, without any subject."""
    table = FactTable({}, world=world, subjects=(), now=now, calendar=calendar)
    return FactContext(world=world, subjects=(), now=now, calendar=calendar, table=table)
