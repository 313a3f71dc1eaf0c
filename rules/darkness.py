"""Which places can't be judged now, and why."""

from collections.abc import Mapping

from syncd.model.identity import PlaceId
from syncd.model.items import Place, PlaceState
from syncd.model.truth import Unknown


class Darkness(dict[PlaceId, Unknown | None]):
    """For each place why it can't be judged, or None; what is read of it may be old or a part."""

    def __init__(self, places: Mapping[PlaceId, Place], states: Mapping[PlaceId, PlaceState]) -> None:
        super().__init__()
        self._places = places
        self._states = states

    def __missing__(self, place_id: PlaceId) -> Unknown | None:
        reason = self[place_id] = self._reason(place_id)
        return reason

    def _reason(self, place_id: PlaceId) -> Unknown | None:
        state = self._states.get(place_id)
        if state is not None and state.error:
            return Unknown(f"{place_id} can't be read: {state.error}")
        if state is None or state.imported_at is None:
            is_read = state is not None or place_id in self._places
            return Unknown(f"{place_id} is not fully imported yet" if is_read else f"{place_id} is not read")
        return None
