"""The words of all places, ready to be asked."""

from collections.abc import Mapping

from rules.normalise import Lexicon
from syncd.model.identity import PlaceId
from syncd.model.items import Place
from syncd.model.words import Words


class Lexicons(dict[PlaceId, Lexicon]):
    """The words of places; a place that nobody configured has none of its own."""

    def __init__(self, places: Mapping[PlaceId, Place]) -> None:
        super().__init__()
        self._configured = places
        self._plain = Lexicon(Words())

    def __missing__(self, place_id: PlaceId) -> Lexicon:
        place = self._configured.get(place_id)
        lexicon = self[place_id] = Lexicon(place.words, place.team) if place else self._plain
        return lexicon
