"""YAML with positions: every error says ``file:line:col``, what was read, and what would have been right."""

import json
from pathlib import Path
from typing import TypeVar

import pydantic

from syncd.complaints import Data, Loc, complaints, did_you_mean
from syncd.model.errors import ConfigError, ConfigErrors
from syncd.parsing import Document, parse_leniently, unread_document

__all__ = [
    "Data",
    "Document",
    "Loc",
    "did_you_mean",
    "parse_document",
    "parse_leniently",
    "read_document",
    "read_leniently",
    "validate",
]

Model = TypeVar("Model", bound=pydantic.BaseModel)


def parse_document(text: str, name: str) -> Document:
    """Read YAML whose top is a mapping; raises ConfigErrors."""
    return _refused(parse_leniently(text, name))


def read_document(path: Path, name: str) -> Document:
    """Read a YAML file; raises ConfigErrors where it is missing, unreadable, not text in UTF-8, or not YAML."""
    return _refused(read_leniently(path, name))


def read_leniently(path: Path, name: str) -> Document:
    """Read as much of a YAML file as can be read; what is wrong with it is in the document's ``errors``."""
    try:
        text = path.read_bytes().decode()
    except UnicodeDecodeError:
        return unread_document(ConfigError("is not text in UTF-8; save it as UTF-8", file=name))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        return unread_document(ConfigError(f"can't be read: {reason}", file=name))
    return parse_leniently(text, name)


def _refused(document: Document) -> Document:
    if document.errors:
        raise ConfigErrors(document.errors)
    return document


def validate(document: Document, model: type[Model]) -> Model:
    """Return the document as a model; raises ConfigErrors with all that is wrong, each at its place.

    Types are not converted ("yes" is no boolean, "3" no number), but where text is wanted, a number is read as it was
    written.
    """
    data: Data = document.data
    try:
        return _validated(model, data)
    except pydantic.ValidationError as error:
        found = error
    places = [document.nearest(each["loc"]) for each in found.errors() if each["type"] == "string_type"]
    data = _with_sources(document, data, {place for place in places if document.source(place) is not None}, ())
    try:
        return _validated(model, data)
    except pydantic.ValidationError as error:
        found = error
    described = complaints(found.errors(include_url=False), model, data, document.nearest)
    errors = [document.error(each.loc, each.message, on_key=each.on_key) for each in described]
    raise ConfigErrors(sorted(errors, key=lambda each: (each.line, each.column)))


def _validated(model: type[Model], data: Data) -> Model:
    # By way of JSON: only there does pydantic's strict mode still read lists as tuples, and text as dates and enums.
    return model.model_validate_json(json.dumps(data), strict=True)


def _with_sources(document: Document, data: Data, places: set[Loc], loc: Loc) -> Data:
    if isinstance(data, dict):
        return {key: _with_sources(document, value, places, (*loc, key)) for key, value in data.items()}
    if isinstance(data, list):
        return [_with_sources(document, value, places, (*loc, index)) for index, value in enumerate(data)]
    return document.source(loc) if loc in places and data is not None else data
