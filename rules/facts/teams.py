"""Facts about a team: what it works on, and how that is shared out between standing work and the rest."""

from bisect import insort
from collections import Counter
from collections.abc import Callable, Iterable

import msgspec

from rules.facts.fact import Fact, FactContext, FactType, FactValue, RecordType, Voice
from rules.facts.fields import Column
from rules.facts.play import play_of
from rules.facts.together import Work, first_dark
from rules.facts.trace.state import traces_of
from rules.facts.work import WorkRecord
from rules.world import World
from syncd.model.findings import About
from syncd.model.identity import PlaceId
from syncd.model.truth import Unknown

_DARK = "a place where it works can't be read"
_SLACK = 1e-9


class BudgetRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Standing work beside its budget; shares from 0 to 1, nothing where the team has nothing in play.

    ``title`` says all of it: "Pay down technical debt: 3 of 25 items in play, at least 20%".
    """

    id: str
    name: str
    title: str
    count: int
    share: float | None
    least: float | None
    most: float | None
    short: bool
    over: bool


class KindRecord(msgspec.Struct, frozen=True, kw_only=True):
    """How many of a team's items in play are of a kind; ``share`` from 0 to 1."""

    kind: str
    title: str
    count: int
    share: float


class Teams:
    """The open work of all teams of a World at a moment."""

    def __init__(self, context: FactContext) -> None:
        self._context = context
        self._world: World = context.world
        self._members: dict[str, list[int]] = {}
        self._teams = [self._team(position) for position in range(len(self._world.rows))]
        for position, team in enumerate(self._teams):
            if team is not None:
                self._members.setdefault(team, []).append(position)
        self._made: dict[str, Work] = {}
        self._in_play: dict[str, list[int]] = {}

    def _team(self, position: int) -> str | None:
        """Return whose open work an item is; None where it is not open, or can't be read."""
        world = self._world
        if not world.is_open(position) or world.darks[position] is not None:
            return None
        return world.lexicons[position].team(world.rows[position])

    def read_again(self, context: FactContext, positions: Iterable[int]) -> None:
        """Take in, in place, that some items became others."""
        self._context, self._made, self._in_play = context, {}, {}
        for position in positions:
            before, team = self._teams[position], self._team(position)
            if before != team:
                self._teams[position] = team
                if before is not None:
                    self._members[before].remove(position)
                if team is not None:
                    insort(self._members.setdefault(team, []), position)

    def work(self, team: str) -> Work:
        """Return the open items of a team."""
        found = self._made.get(team)
        if found is None:
            dark = first_dark(self._world, lambda place: self._may_have(place, team))
            found = self._made[team] = Work(self._context, self._members.get(team, ()), dark=dark)
        return found

    def _may_have(self, place_id: PlaceId, team: str) -> bool:
        """Return whether items of a place can be a team's: it is that place's, or they name theirs in a field."""
        place = self._world.place(place_id)
        return place is not None and (place.team == team or "team" in dict(place.words.fields))

    def in_play(self, team: str) -> list[int]:
        """Return a team's open items that are known to be in play."""
        found = self._in_play.get(team)
        if found is None:
            is_in_play = play_of(self._context).is_in_play
            found = self._in_play[team] = [each for each in self.work(team).open if is_in_play(each) is True]
        return found

    def budgets(self, team: str) -> tuple[BudgetRecord | Unknown, ...]:
        """Return the standing work of the roadmap beside its budgets; unknown where a place of the team is dark."""
        if (dark := self.work(team).dark) is not None:
            return (dark,)
        standing = traces_of(self._context).standing_work
        in_play = self.in_play(team)
        counts = Counter(standing[each].id for each in in_play if each in standing)
        return tuple(
            _budget_record(
                each.id, each.title, counts[each.id], len(in_play), least=each.budget.least, most=each.budget.most
            )
            for each in self._world.roadmap.standing
        )

    def kinds(self, team: str) -> tuple[KindRecord | Unknown, ...]:
        """Return the kinds of work in play, the most frequent first."""
        if (dark := self.work(team).dark) is not None:
            return (dark,)
        in_play, lexicons, rows = self.in_play(team), self._world.lexicons, self._world.rows
        counts = Counter(lexicons[each].kind(rows[each]) for each in in_play)
        return tuple(
            KindRecord(kind=kind, title=f"{kind}: {count} of {len(in_play)}", count=count, share=count / len(in_play))
            for kind, count in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
        )


def _budget_record(
    standing: str, name: str, count: int, of: int, *, least: float | None, most: float | None
) -> BudgetRecord:
    share = count / of if of else None
    return BudgetRecord(
        id=standing,
        name=name,
        title=budget_title(name, f"{count} of {of} items in play", least=least, most=most),
        count=count,
        share=share,
        least=least,
        most=most,
        short=is_short(share, least),
        over=is_over(share, most),
    )


def budget_title(name: str, amount: str, *, least: float | None, most: float | None) -> str:
    """Return standing work beside its budget in words."""
    bounds = [f"at least {_percent(least)}"] if least is not None else []
    bounds += [f"at most {_percent(most)}"] if most is not None else []
    return ", ".join([f"{name}: {amount}", *bounds])


def is_short(share: float | None, least: float | None) -> bool:
    """Return whether a share is known to be under what was agreed."""
    return share is not None and least is not None and share < least - _SLACK


def is_over(share: float | None, most: float | None) -> bool:
    """Return whether a share is known to be above what was agreed."""
    return share is not None and most is not None and share > most + _SLACK


def _percent(share: float) -> str:
    return f"{share * 100:.4g}%"


def teams_of(context: FactContext) -> Teams:
    """Return the open work of the teams of a context's World at its moment."""
    key = ("teams", context.now, context.calendar)
    return context.world.once(key, lambda: Teams(context))


Read = Callable[[FactContext, str], FactValue]


def _of_team(read: Read) -> Column:
    def column(context: FactContext) -> list[FactValue]:
        return [read(context, subject.id.native_id) for subject in context.subjects]

    return column


def _in_play_count(context: FactContext, team: str) -> FactValue:
    teams = teams_of(context)
    return teams.work(team).dark or len(teams.in_play(team))


def _in_progress(context: FactContext, team: str) -> FactValue:
    return teams_of(context).work(team).open_listed(play_of(context).is_begun)


def _in_progress_count(context: FactContext, team: str) -> FactValue:
    work, is_begun = teams_of(context).work(team), play_of(context).is_begun
    return work.dark or sum(is_begun(each) is True for each in work.open)


def _fact(
    name: str,
    fact_type: FactType,
    meaning: str,
    read: Read,
    *,
    record: RecordType | None = None,
    unknown_when: str = _DARK,
) -> Fact:
    return Fact(
        name=f"team.{name}",
        type=fact_type,
        about=(About.TEAM,),
        meaning=meaning,
        column=_of_team(read),
        unknown_when=unknown_when,
        record=record,
        voice=Voice.ROADMAP,
    )


TEAM_FACTS: tuple[Fact, ...] = (
    _fact("id", FactType.TEXT, "Its name.", lambda _, team: team, unknown_when=""),
    _fact(
        "open_count",
        FactType.NUMBER,
        "How many open items it has; a parent of open ones is not counted beside them.",
        lambda context, team: teams_of(context).work(team).dark or len(teams_of(context).work(team).open),
    ),
    _fact("in_play_count", FactType.NUMBER, "How many of these are known to be in play.", _in_play_count),
    _fact("in_progress_count", FactType.NUMBER, "How many of these somebody works on.", _in_progress_count),
    _fact("in_progress_items", FactType.RECORDS, "Those that somebody works on.", _in_progress, record=WorkRecord),
    _fact(
        "budgets",
        FactType.RECORDS,
        "The roadmap's standing work as a share (0 to 1) of its items in play, beside its budget: `short` where it "
        "is under `least`, `over` where it is above `most`; without the one or the other it is neither.",
        lambda context, team: teams_of(context).budgets(team),
        record=BudgetRecord,
    ),
    _fact(
        "kinds",
        FactType.RECORDS,
        "The kinds of work of its items in play, the most frequent first.",
        lambda context, team: teams_of(context).kinds(team),
        record=KindRecord,
    ),
)
