"""Facts about what outcomes wait for: what blocks them, what of that is late, and the chain that sets the date."""

from rules.facts.dependencies.chains import Driving, chains_of, ordinal
from rules.facts.dependencies.records import BlockerRecord, blocker_records_of
from rules.facts.dependencies.risk import Risks, risks_of
from rules.facts.expected import Expected, expectations_of
from rules.facts.fact import Fact, FactContext, FactType
from rules.facts.needs import Day
from rules.facts.outcomes.facts import outcome_fact
from rules.facts.outcomes.serving import serving_of
from rules.waiting import Web, waiting_of
from syncd.model.truth import Unknown

LISTED = 50
"""So many blockers of an outcome are listed, the nearest first."""
LONGEST = 100
"""So many items of a chain are listed."""
_WORK = "what serves it, or what that waits for, can't be read"


class OutcomeBlockerRecord(BlockerRecord, frozen=True, kw_only=True, cache_hash=True):
    """An item that an outcome waits for; late as it is for the outcome. ``chain`` has the keys from it to an item that
    serves the outcome, ``steps`` how many there are.
    """

    chain: tuple[str, ...]
    steps: int


Found = tuple[OutcomeBlockerRecord | Unknown, ...]


class Outlook:
    """What the outcomes of a World wait for at a moment."""

    def __init__(self, context: FactContext) -> None:
        self._context = context
        self._waiting = waiting_of(context.world)
        self._risks: Risks = risks_of(context)
        self._chains = chains_of(context)
        self._records = blocker_records_of(context)
        self._driving: dict[int, Driving] = {}
        self._webs: dict[int, list[Web]] | None = None

    def _webs_of(self, number: int) -> list[Web]:
        """Return the webs in which an outcome waits for something."""
        if self._webs is None:
            self._webs = {}
            for web in self._waiting.webs():
                for each in self._risks.reached(web):
                    self._webs.setdefault(each, []).append(web)
        return self._webs.get(number, [])

    def blocked_by(self, number: int) -> Found:
        """Return what an outcome waits for and is not part of its own work."""
        found = [each for each in self._above(number) if number not in self._risks.served(each[2])]
        return (*(self._record(number, *each) for each in found[:LISTED]), *self._end(number))

    def late(self, number: int) -> Found:
        """Return what an outcome waits for, and comes too late for it."""
        found: list[OutcomeBlockerRecord] = []
        unknown = next(iter(self._end(number)), None)
        for _, web, position in self._above(number):
            late = self._risks.lateness(position, number, self._risks.reached(web)[number][position])
            if isinstance(late, Unknown):
                unknown = unknown or late
            elif late is not None and len(found) < LISTED:
                found.append(self._record(number, 0, web, position))
        return (*found, unknown) if unknown is not None else tuple(found)

    def _above(self, number: int) -> list[tuple[int, Web, int]]:
        """Return all that an outcome waits for with the steps to it, the nearest first."""
        webs = self._webs_of(number)
        found = [
            (reach.steps, web, position) for web in webs for position, reach in self._risks.reached(web)[number].items()
        ]
        return sorted(found, key=lambda each: (each[0], each[2]))

    def _record(self, number: int, _: int, web: Web, position: int) -> OutcomeBlockerRecord:
        reach = self._risks.reached(web)[number][position]
        record = self._records.at(position, self._risks.lateness(position, number, reach))
        fields = {each: getattr(record, each) for each in record.__struct_fields__}
        return OutcomeBlockerRecord(**fields, chain=self._risks.keys(web, position, number), steps=reach.steps)

    def _end(self, number: int) -> tuple[Unknown, ...]:
        """Return why an outcome may wait for more than is known."""
        work = serving_of(self._context).work(number)
        if work.doubtful is not None:
            return (work.doubtful,)
        doubts = (self._chains.doubt(each) for each in work.open)
        doubt = next((each for each in doubts if each is not None), None)
        return (doubt,) if doubt is not None else ()

    def date_chain(self, number: int) -> tuple[BlockerRecord | Unknown, ...]:
        """Return the chain that sets when an outcome can be done, what comes first standing first."""
        work = serving_of(self._context).work(number)
        last = max(work.open, key=self._rank, default=None)
        doubts = (work.doubtful, *(self._latest(each)[1] for each in work.open))
        doubt = next((each for each in doubts if each is not None), None)
        found = tuple(reversed(self._chains.put(self._chain(last)))) if last is not None else ()
        return (*found, doubt) if doubt is not None else found

    def _chain(self, position: int) -> list[int]:
        """Return an item and the chain that sets when it can be done, nearest first; of a very long one not all."""
        web = self._waiting.web(position)
        way = [position, *(self._drive(web).way(position) if web is not None else ())]
        return way if len(way) <= LONGEST else [*way[: LONGEST - 1], way[-1]]

    def _rank(self, position: int) -> tuple[int, int, int]:
        web = self._waiting.web(position)
        length = self._chains.climb(web).length[web.part_of[position]] if web is not None else 0
        return ordinal(self._latest(position)[0]), length, -position

    def _latest(self, position: int) -> tuple[Day, Unknown | None]:
        """Return when an item and all it waits for can be expected; why that may be later."""
        web = self._waiting.web(position)
        if web is None or len(web.nodes) == 1:
            day = self._expected(position)
            return day, day if isinstance(day, Unknown) else self._chains.doubt(position)
        driving, number = self._drive(web), web.part_of[position]
        return driving.latest[number], driving.doubt[number]

    def _drive(self, web: Web) -> Driving:
        found = self._driving.get(web.nodes[0])
        if found is None:
            found = self._driving[web.nodes[0]] = Driving(web, self._chains.climb(web), self._expected)
        return found

    def _expected(self, position: int) -> Day:
        expected = expectations_of(self._context).of(position)
        return expected.on if isinstance(expected, Expected) else expected


def outlook_of(context: FactContext) -> Outlook:
    """Return what the outcomes of a context's World wait for at its moment."""
    key = ("outlook", context.now, context.calendar)
    return context.world.once(key, lambda: Outlook(context))


OUTLOOK_FACTS: tuple[Fact, ...] = (
    outcome_fact(
        "blocked_by",
        FactType.RECORDS,
        f"The open items that its open items wait for, directly or by way of others, and that do not serve it "
        f"themselves; the nearest {LISTED} of them.",
        lambda context, number: outlook_of(context).blocked_by(number),
        unknown_when=_WORK,
        record=OutcomeBlockerRecord,
    ),
    outcome_fact(
        "late_blockers",
        FactType.RECORDS,
        f"The open items, its own too, that its open items wait for and that come later than these, or the outcome, "
        f"are planned for, or are overdue; the nearest {LISTED} of them.",
        lambda context, number: outlook_of(context).late(number),
        unknown_when=_WORK,
        record=OutcomeBlockerRecord,
    ),
    outcome_fact(
        "date_chain",
        FactType.RECORDS,
        "The chain that sets its date, what comes first standing first: the item of it that can be expected last, "
        "what it waits for included, and at each step the blocker that can be expected last.",
        lambda context, number: outlook_of(context).date_chain(number),
        unknown_when=_WORK,
        record=BlockerRecord,
    ),
)
