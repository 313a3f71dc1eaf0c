"""What a case says was agreed: the baselines of outcomes, epics and containers, by the names that an admin uses."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from rules.language.calendar import Calendar
from rules.normalise import Lexicon
from rules.subjects import container_subject, item_subject, outcome_subject
from syncd.complaints import did_you_mean
from syncd.documents import Loc
from syncd.model.baselines import Baseline, Confidence, Member
from syncd.model.findings import Subject
from syncd.model.identity import ItemId
from syncd.model.items import Container, Item
from syncd.testing.ground import Ground, Named
from syncd.testing.layers import Layer
from syncd.testing.moments import EXPECTED, moment_of
from syncd.testing.notes import Notes
from syncd.testing.texts import BaselineText, SceneText

Find = Callable[[str, Loc], Named | None]
"""Finds an item of the case by its key, and notes it where there is none."""


class Agreed:
    """The baselines of a case; each that is said later supersedes the one before."""

    def __init__(self, ground: Ground, notes: Notes, calendar: Calendar, find: Find) -> None:
        self._ground = ground
        self._notes = notes
        self._calendar = calendar
        self._find = find
        self._said: list[tuple[str, Layer[BaselineText]]] = []

    def add(self, text: SceneText, loc: Loc, now: datetime) -> None:
        """Take what a layer says."""
        self._said += [(name, Layer(each, (*loc, "baselines", name), now)) for name, each in text.baselines.items()]

    def baselines(
        self, items: Mapping[ItemId, Item], outcomes: Collection[str], containers: Collection[Container]
    ) -> dict[Subject, tuple[Baseline, ...]]:
        """Return what was agreed of each subject, oldest first; what is wrong is noted."""
        found: dict[Subject, tuple[Baseline, ...]] = {}
        for name, layer in self._said:
            subject = self._subject(name, layer.loc, outcomes, containers)
            at = self._moment(layer, "at")
            if subject is None or at is None:
                continue
            text = layer.text
            baseline = Baseline(
                of=subject,
                at=at,
                confidence=Confidence.STATED if text.by or text.reason else Confidence.OBSERVED,
                members=self._members(layer, items),
                began_at=self._moment(layer, "began"),
                by=text.by,
                reason=text.reason,
            )
            found[subject] = (*found.get(subject, ()), baseline)
        return found

    def _subject(
        self, written: str, loc: Loc, outcomes: Collection[str], containers: Collection[Container]
    ) -> Subject | None:
        kind, _, name = written.partition(":")
        if kind not in ("outcome", "container") or not name:
            kind, name = "", written
        if kind in ("", "outcome") and name in outcomes:
            return outcome_subject(name)
        if not kind and isinstance(self._ground.item(name), Named):
            named = self._find(name, loc)
            return item_subject(named.id) if named is not None else None
        titled = [each for each in containers if name in _names_of(each)]
        if kind != "outcome" and len(titled) == 1:
            return container_subject(titled[0].id)
        names = [*outcomes, *(each.title for each in containers)]
        several = " It is in several places: write 'PLACE: TITLE'." if len(titled) > 1 else did_you_mean(name, names)
        what = f"no {kind}" if kind else "no outcome, item, sprint, milestone or version"
        self._notes.refuse(loc, f"{what} '{name}' in this case.{several}", on_key=True)
        return None

    def _members(self, layer: Layer[BaselineText], items: Mapping[ItemId, Item]) -> tuple[Member, ...]:
        written = layer.text.items
        loc = (*layer.loc, "items")
        pairs: Sequence[tuple[str, float | None, Loc]]
        if isinstance(written, dict):
            pairs = [(key, estimate, (*loc, key)) for key, estimate in written.items()]
        else:
            pairs = [(key, None, (*loc, index)) for index, key in enumerate(written)]
        named = [(found, estimate) for key, estimate, place in pairs if (found := self._find(key, place))]
        parents = {item.parent.native_id for each, _ in named if (item := items.get(each.id)) and item.parent}
        return tuple(self._member(each, estimate, items.get(each.id), parents) for each, estimate in named)

    def _member(self, named: Named, estimate: float | None, item: Item | None, parents: Collection[str]) -> Member:
        place = self._ground.places[named.place]
        lexicon = Lexicon(place.words, place.team)
        if estimate is None and item is not None:
            estimate = lexicon.estimate(item)
        return Member(
            item=named.id,
            key=named.key,
            team=lexicon.team(item) if item is not None else place.team,
            estimate=estimate,
            is_counted=named.id.native_id not in parents,
        )

    def _moment(self, layer: Layer[BaselineText], field: str) -> datetime | None:
        written = getattr(layer.text, field)
        if written is None:
            return None
        found = moment_of(written, layer.now, self._calendar)
        if found is None:
            self._notes.refuse((*layer.loc, field), f"read '{written}'; expected {EXPECTED}")
        return found


def _names_of(container: Container) -> tuple[str, ...]:
    return (container.title, f"{container.place.key}: {container.title}") if container.place else (container.title,)
