"""What became of outcomes: ids they had, what they were split and merged into, what they depend on; and rings in it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from rules.roadmap.texts import OutcomeText
from syncd.complaints import did_you_mean
from syncd.documents import Document, Loc
from syncd.model.errors import ConfigError
from syncd.model.outcomes import Outcome

Living = Mapping[str, tuple[str, ...]]
"""Ids of outcomes, in small letters, to the ids of the outcomes that they are now: several where it was split."""


def living(outcomes: Iterable[Outcome]) -> Living:
    """Return what every id means that an outcome has or had: itself, or what it was split or merged into."""
    stated = {outcome.id.casefold(): outcome for outcome in outcomes}
    former = {was.casefold(): outcome.id for outcome in stated.values() for was in outcome.was}
    return {name: tuple(_heirs(name, stated, former)) for name in (*former, *stated)}


def _heirs(name: str, stated: Mapping[str, Outcome], former: Mapping[str, str]) -> dict[str, None]:
    """Return the ids of the outcomes that a name leads to; what leads nowhere, or round in a ring, stays itself."""
    found: dict[str, None] = {}
    seen: set[str] = set()
    waiting = [name]
    for each in waiting:
        outcome = stated.get(each) or stated.get(former.get(each, "").casefold())
        if outcome is None or outcome.id in seen:
            continue
        seen.add(outcome.id)
        heirs = [heir.casefold() for heir in _successors(outcome)]
        known = [heir for heir in heirs if heir in stated or heir in former]
        if known:
            waiting.extend(known)
        else:
            found[outcome.id] = None
    return found


def _successors(outcome: Outcome) -> tuple[str, ...]:
    return (*outcome.split_into, *((outcome.merged_into,) if outcome.merged_into else ()))


class Stated:
    """An outcome as one file states it, and where."""

    def __init__(self, document: Document, index: int, text: OutcomeText) -> None:
        self.document = document
        self.index = index
        self.text = text
        self.id = text.id
        self.folded = text.id.casefold()

    def error(self, message: str, *keys: str | int) -> ConfigError:
        """Return an error at one of its keys."""
        return self.document.error(self._loc(*keys), message)

    def place(self, *keys: str | int) -> str:
        """Return where one of its keys stands, as ``file:line:column``."""
        found = self.error("", *keys)
        return f"{found.file}:{found.line}:{found.column}"

    def _loc(self, *keys: str | int) -> Loc:
        return ("outcomes", self.index, *keys)

    def successors(self) -> list[tuple[str, tuple[str | int, ...]]]:
        """Return the ids that it lives on in, and where they stand."""
        found: list[tuple[str, tuple[str | int, ...]]] = [
            (each, ("split_into", position)) for position, each in enumerate(self.text.split_into)
        ]
        if self.text.merged_into is not None:
            found.append((self.text.merged_into, ("merged_into",)))
        return found

    def needs(self) -> list[tuple[str, tuple[str | int, ...]]]:
        """Return the ids that it depends on, and where they stand."""
        return [(each, ("depends_on", position)) for position, each in enumerate(self.text.depends_on)]


def life_errors(outcomes: Sequence[Stated], *, is_open: bool = False) -> Iterator[ConfigError]:
    """Yield what is wrong between outcomes; ``is_open``: ids may also be of outcomes that no file states."""
    known = {outcome.folded: outcome for outcome in outcomes}
    former: dict[str, Stated] = {}
    for outcome in outcomes:
        yield from _former_errors(outcome, known, former)
    for outcome in outcomes:
        yield from _own_errors(outcome)
        for name, keys in (*outcome.successors(), *outcome.needs()):
            message = _unknown(outcome, name, known, former, is_open=is_open)
            if message:
                yield outcome.error(message, *keys)
    yield from _rings(outcomes, Stated.successors, "lives on in")
    yield from _rings(outcomes, Stated.needs, "depends on")


def _former_errors(outcome: Stated, known: Mapping[str, Stated], former: dict[str, Stated]) -> Iterator[ConfigError]:
    for position, was in enumerate(outcome.text.was):
        living_one = known.get(was.casefold())
        other = former.setdefault(was.casefold(), outcome)
        if living_one is outcome:
            yield outcome.error(f"'{was}' is its own id; 'was' names ids it had before", "was", position)
        elif living_one is not None:
            message = f"'{was}' is an outcome of its own, in {living_one.place('id')}; 'was' names an id that is gone"
            yield outcome.error(f"{message}, 'merged_into' there says where an outcome went", "was", position)
        elif other is not outcome:
            message = f"'{was}' became '{other.id}' already, in {other.place('was')}"
            yield outcome.error(f"{message}; keep it as an outcome with 'split_into'", "was", position)


def _own_errors(outcome: Stated) -> Iterator[ConfigError]:
    text = outcome.text
    if text.split_into and text.merged_into is not None:
        yield outcome.error("an outcome is split or merged, not both", "merged_into")
    if text.is_succeeded and text.status in ("active", "paused") and "status" in text.model_fields_set:
        word = "split" if text.split_into else "merged"
        message = f"it was {word} and can't be '{text.status}'; leave the status out, or say achieved or dropped"
        yield outcome.error(message, "status")
    if text.decide_by is not None and text.status != "dropped" and not text.is_succeeded:
        message = "'decide_by' is for a dropped outcome: the day by which its open work is decided on"
        yield outcome.error(f"{message}; this one is '{text.status}'", "decide_by")


def _unknown(
    outcome: Stated, name: str, known: Mapping[str, Stated], former: Mapping[str, Stated], *, is_open: bool
) -> str:
    """Return what is wrong with an id that should be another outcome's, or nothing."""
    folded = name.casefold()
    if folded == outcome.folded:
        return f"'{name}' is its own id"
    if folded in known or (is_open and folded not in former):
        return ""
    if folded in former:
        return f"'{name}' is called '{former[folded].id}' now"
    return f"no outcome '{name}'.{did_you_mean(name, [each.id for each in known.values()])}"


def _rings(
    outcomes: Sequence[Stated],
    leads: Callable[[Stated], list[tuple[str, tuple[str | int, ...]]]],
    word: str,
) -> Iterator[ConfigError]:
    """Yield one error for each ring, at the way on of its first outcome in the order of the files."""
    known = {outcome.folded: outcome for outcome in outcomes}
    done: set[str] = set()
    for outcome in outcomes:
        ring = _ring(outcome, leads, known, done)
        if len(ring) > 1:
            way = next(keys for name, keys in leads(outcome) if name.casefold() == ring[1].folded)
            names = " → ".join(each.id for each in (*ring, outcome))
            yield outcome.error(f"what '{outcome.id}' {word} goes round in a ring: {names}", *way)
        done.update(each.folded for each in ring)


def _ring(
    start: Stated,
    leads: Callable[[Stated], list[tuple[str, tuple[str | int, ...]]]],
    known: Mapping[str, Stated],
    done: Collection[str],
) -> list[Stated]:
    """Return a shortest way from an outcome back to itself, the outcome first; nothing where there is none."""
    came: dict[str, str] = {}
    waiting = [] if start.folded in done else [start]
    for each in waiting:
        for name, _ in leads(each):
            folded = name.casefold()
            if folded == start.folded and each is not start:
                way = [each]
                while way[-1] is not start:
                    way.append(known[came[way[-1].folded]])
                return way[::-1]
            if folded in known and folded not in came and folded not in done and folded != start.folded:
                came[folded] = each.folded
                waiting.append(known[folded])
    return []
