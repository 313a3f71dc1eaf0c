"""The roadmap of a case: what its layers say of outcomes, read by the very code that reads roadmap.yaml."""

import re
from collections.abc import Mapping
from datetime import datetime

from msgspec.structs import replace

from rules.language.calendar import Calendar
from rules.roadmap.loader import Roadmap, load_roadmap
from syncd.complaints import shown
from syncd.documents import Data, Loc
from syncd.model.errors import ConfigErrors
from syncd.testing.ground import Ground
from syncd.testing.moments import day_of
from syncd.testing.notes import Notes, Piece
from syncd.testing.texts import SceneText

_RELATIVE = re.compile(r"(today|[0-9]{1,5}(m|h|d|w|wd) ago|in [0-9]{1,5}(m|h|d|w|wd))\Z")
_OWN_WORDS = ("title", "why", "reason", "name")


class Outlook:
    """The outcomes of a case, and the rest of its roadmap."""

    def __init__(self, ground: Ground, notes: Notes, calendar: Calendar) -> None:
        self._ground = ground
        self._notes = notes
        self._calendar = calendar
        self._is_workspace = False
        self._rest: dict[str, tuple[Data, Loc]] = {}
        self._outcomes: dict[str, dict[str, tuple[Data, Loc]]] = {}
        self._made: Roadmap | None = None

    def set_rest(self, given: str | Mapping[str, Data] | None, loc: Loc) -> None:
        """Take what a file or case says under ``roadmap``: the workspace's own, or the parts beside outcomes."""
        if isinstance(given, str):
            self._is_workspace = True
            if given != "workspace":
                self._notes.refuse(loc, f"read '{given}'; expected workspace, or a mapping")
        elif isinstance(given, Mapping):
            self._is_workspace = False
            self._rest = {key: (value, (*loc, key)) for key, value in given.items()}

    def add(self, text: SceneText, loc: Loc, now: datetime) -> None:
        """Take the outcomes of a layer."""
        place = (*loc, "outcomes")
        if isinstance(text.outcomes, list):
            for index, outcome_id in enumerate(text.outcomes):
                self._outcomes.setdefault(outcome_id, {"id": (outcome_id, (*place, index))})
                self._made = None
            return
        for outcome_id, given in text.outcomes.items():
            where = (*place, outcome_id)
            known = self._outcomes.setdefault(outcome_id, {"id": (outcome_id, where)})
            known.update({key: (self._dated(value, key, now), (*where, key)) for key, value in (given or {}).items()})
            self._made = None

    def roadmap(self) -> Roadmap:
        """Return the roadmap; what is wrong with it is noted."""
        if self._made is None:
            self._made = self._read()
        return self._made

    def _read(self) -> Roadmap:
        data: dict[str, Data] = {key: value for key, (value, _) in self._rest.items()}
        origins: dict[Loc, Loc] = {(key,): loc for key, (_, loc) in self._rest.items()}
        listed: list[Data] = []
        beside = data.get("outcomes", [])
        if not isinstance(beside, list) or beside:
            self._notes.refuse(origins["outcomes",], f"read {shown(beside)}; outcomes stand beside 'roadmap', by id")
        for index, (outcome_id, parts) in enumerate(self._outcomes.items()):
            loc: Loc = ("outcomes", index)
            origins[loc] = parts["id"][1]
            origins.update({(*loc, key): place for key, (_, place) in parts.items()})
            outcome = {"title": outcome_id, **{key: value for key, (value, _) in parts.items()}}
            listed.append(self._with_whole_keys(outcome, loc, origins))
        piece = Piece(self._notes.document, {**data, "outcomes": listed}, origins)
        try:
            found = load_roadmap([piece], self._ground.trackers)
        except ConfigErrors as errors:
            self._notes.take(errors.errors)
            return Roadmap()
        if not self._is_workspace:
            return found
        ids = {outcome.id for outcome in found.outcomes}
        kept = [outcome for outcome in self._ground.roadmap.outcomes if outcome.id not in ids]
        return replace(self._ground.roadmap, outcomes=(*kept, *found.outcomes))

    def _dated(self, value: Data, key: str, now: datetime) -> Data:
        """Return a value with its days written out: a roadmap knows no ``in 2w``."""
        if isinstance(value, dict):
            return {each: self._dated(inner, each, now) for each, inner in value.items()}
        if isinstance(value, list):
            return [self._dated(inner, key, now) for inner in value]
        if isinstance(value, str) and key not in _OWN_WORDS and _RELATIVE.match(value):
            day = day_of(value, now, self._calendar)
            return value if day is None else day.isoformat()
        return value

    def _with_whole_keys(self, outcome: dict[str, Data], loc: Loc, origins: dict[Loc, Loc]) -> dict[str, Data]:
        """Return an outcome whose items are named with their tracker; ``tracked_in: PAY-9`` is short for its items."""
        tracked = outcome.get("tracked_in")
        if isinstance(tracked, str):
            tracked = [tracked]
        elif isinstance(tracked, list):
            where = origins[*loc, "tracked_in"]
            origins.update({(*loc, "tracked_in", "items", index): (*where, index) for index in range(len(tracked))})
        if isinstance(tracked, list):
            tracked = {"items": tracked}
        if isinstance(tracked, dict):
            outcome["tracked_in"] = {**tracked, "items": self._whole(tracked.get("items", []))}
        launch = outcome.get("launch")
        if isinstance(launch, dict) and isinstance(launch.get("gates"), dict):
            outcome["launch"] = {**launch, "gates": self._whole(launch["gates"])}
        return outcome

    def _whole(self, value: Data) -> Data:
        if isinstance(value, list):
            return [self._whole(each) for each in value]
        if isinstance(value, dict):
            return {name: self._whole(each) for name, each in value.items()}
        named = self._ground.item(value) if isinstance(value, str) else ""
        return value if isinstance(named, str) else f"{named.id.tracker}:{named.key}"
