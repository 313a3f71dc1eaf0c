"""Puts a place's words together: what its own settings say, else its tracker's, else the defaults of that kind."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from adapters.settings import GroupSettings, Links, OutcomesSettings, Part, PlaceSettings, Selectors, WordsSettings
from syncd.model.identity import PlaceId
from syncd.model.items import Audience, AudienceKind, Place, Stage
from syncd.model.words import LinkWord, OutcomeWords, Selector, Words

Value = TypeVar("Value")


def place_of(place_id: PlaceId, tracker: WordsSettings, override: PlaceSettings | None, defaults: Words) -> Place:
    """Return a project or repository as configured; of each setting the nearest counts."""
    layers = [override, tracker] if override is not None else [tracker]
    audience = next((layer.audience for layer in layers if layer.audience is not None), None)
    stage = _nearest(layer.stage for layer in layers)
    return Place(
        id=place_id,
        words=words_of(layers, defaults),
        audience=None if audience is None else _audience(audience),
        comments_allowed=any(layer.comments is not None for layer in layers),
        team=_nearest(layer.team for layer in layers) or "",
        stage=Stage.COMMENT if stage is None else Stage[stage.upper()],
    )


def words_of(layers: Sequence[WordsSettings], defaults: Words) -> Words:
    """Return one map out of several, nearest first, with the defaults behind them.

    They are merged word by word: a map that only says what a bug is keeps the defaults for the rest, and an empty
    list takes a default away.
    """
    in_play = _nearest(layer.in_play for layer in layers)
    in_progress = _overlaid([layer.in_progress for layer in layers])
    lines = _overlaid([layer.lines for layer in layers])
    return Words(
        kinds=_merged([*(_kinds(layer.kinds) for layer in layers), dict(defaults.kinds)]),
        links=_merged([*(_links(_given(layer.links)) for layer in layers), dict(defaults.links)]),
        fields=_merged([*(_given(layer.fields) for layer in layers), dict(defaults.fields)]),
        in_progress=msgspec.structs.replace(defaults.in_progress, **in_progress),
        lines=msgspec.structs.replace(defaults.lines, **lines),
        outcomes=_outcomes(_nearest(layer.outcomes for layer in layers)),
        in_play_top=defaults.in_play_top if in_play is None else in_play.top,
    )


def _outcomes(given: OutcomesSettings | None) -> OutcomeWords:
    if given is None:
        return OutcomeWords()
    return OutcomeWords(types=given.types, labels=given.labels, milestones=given.milestones, jql=given.jql)


def _nearest(values: Iterable[Value | None]) -> Value | None:
    return next((value for value in values if value is not None), None)


def _given(part: Part) -> dict[str, Any]:
    """Return what was written of a mapping whose keys are all optional."""
    values = {name: getattr(part, name) for name in type(part).model_fields}
    return {name: value for name, value in values.items() if value is not None}


def _overlaid(parts: Sequence[Part]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part in reversed(parts):
        found.update(_given(part))
    return found


def _merged(layers: Sequence[Mapping[str, tuple[Value, ...]]]) -> tuple[tuple[str, tuple[Value, ...]], ...]:
    """Return the words of all layers, the nearest layer's first and in its order; empty ones fall out."""
    found: dict[str, tuple[Value, ...]] = {}
    for layer in layers:
        for word, values in layer.items():
            found.setdefault(word, values)
    return tuple((word, values) for word, values in found.items() if values)


def _kinds(given: Mapping[str, Selectors]) -> dict[str, tuple[Selector, ...]]:
    return {
        kind: tuple(Selector(type=each.type, label=each.label) for each in selectors)
        for kind, selectors in given.items()
    }


def _links(given: Mapping[str, Links]) -> dict[str, tuple[LinkWord, ...]]:
    return {kind: tuple(LinkWord(each.name, each.reversed) for each in links) for kind, links in given.items()}


def _audience(given: str | GroupSettings) -> Audience:
    if isinstance(given, GroupSettings):
        return Audience(AudienceKind.GROUP, given.group)
    return Audience(AudienceKind(given))
