"""YAML with positions: every error says ``file:line:col``, what was read, and what would have been right."""

import json
import math
import re
from pathlib import Path
from typing import TypeVar

import pydantic
import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from syncd.complaints import QUOTE_BRACES, Data, Loc, Scalar, complaints, did_you_mean, one_line, syntax_hint
from syncd.model.errors import ConfigError, ConfigErrors

__all__ = ["Data", "Document", "Loc", "did_you_mean", "parse_document", "read_document", "validate"]

Model = TypeVar("Model", bound=pydantic.BaseModel)
Position = tuple[int, int]

_MAX_DEPTH = 50
_MAX_DIGITS = 300
_INT = re.compile(r"[-+]?[0-9]+\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
# YAML 1.2 core: yes, no, on and off are text, and so are dates, 1:30 and 1_000.
_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_UNREADABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Document:
    """A mapping read from YAML; ``name`` is how errors call its file, ``data`` is plain."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.data: dict[str, Data] = {}
        self._values: dict[Loc, Position] = {}
        self._keys: dict[Loc, Position] = {}
        self._sources: dict[Loc, str] = {}

    def error(self, loc: Loc, message: str, *, on_key: bool = False) -> ConfigError:
        """Return an error at the value (or its key) at ``loc``, or at the nearest part of ``loc`` that is there."""
        place = self.nearest(loc)
        position = self._keys.get(place) if on_key else None
        line, column = position or self._values.get(place, (1, 1))
        return ConfigError(one_line(message), file=self.name, line=line, column=column)

    def nearest(self, loc: Loc) -> Loc:
        """Return ``loc`` without the parts that are not in the data (validators put names of types between)."""
        place: Loc = ()
        for part in loc:
            if (*place, part) in self._values:
                place = (*place, part)
        return place

    def source(self, loc: Loc) -> str | None:
        """Return a scalar's text as it was written (``2026``, ``1.10``); None where ``loc`` is no scalar."""
        return self._sources.get(loc)


def parse_document(text: str, name: str) -> Document:
    """Read YAML whose top is a mapping; raises ConfigErrors."""
    text = text.removeprefix("\ufeff")
    unreadable = _UNREADABLE.search(text)
    if unreadable:
        code = f"U+{ord(unreadable[0]):04X}"
        raise ConfigErrors([_error_at(text, unreadable.start(), name, f"the character {code} can't stand in YAML")])
    reading = _Reading(name)
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            reading.take(event)
    except yaml.MarkedYAMLError as error:
        raise ConfigErrors([*reading.errors, _syntax_error(error, text, name)]) from None
    except yaml.YAMLError as error:
        reading.errors.append(ConfigError(f"is not YAML: {' '.join(str(error).split())}", file=name))
    return reading.finished()


def read_document(path: Path, name: str) -> Document:
    """Read a YAML file; raises ConfigErrors where it is missing, unreadable, not text in UTF-8, or not YAML."""
    try:
        text = path.read_bytes().decode()
    except UnicodeDecodeError:
        raise ConfigErrors([ConfigError("is not text in UTF-8; save it as UTF-8", file=name)]) from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ConfigErrors([ConfigError(f"can't be read: {reason}", file=name)]) from None
    return parse_document(text, name)


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


class _Frame:
    """A mapping or list that is being read."""

    def __init__(self, container: dict[str, Data] | list[Data], loc: Loc) -> None:
        self.container = container
        self.loc = loc
        self.key: str | None = None

    @property
    def wants_key(self) -> bool:
        return isinstance(self.container, dict) and self.key is None

    @property
    def next_loc(self) -> Loc:
        if isinstance(self.container, list):
            return (*self.loc, len(self.container))
        return (*self.loc, self.key or "")


class _Reading:
    """Builds a Document from the events of the parser, without recursion and without losing an error."""

    def __init__(self, name: str) -> None:
        self.document = Document(name)
        self.errors: list[ConfigError] = []
        self._frames: list[_Frame] = []
        self._top: Data = None
        self._document_count = 0

    def finished(self) -> Document:
        """Return the document; raises ConfigErrors."""
        if not self.errors and not isinstance(self._top, dict):
            read = "the file is empty" if self._top is None else f"read {_kind(self._top)}"
            self.errors.append(self.document.error((), f"{read}; a mapping of keys is expected at the top"))
        if self.errors:
            raise ConfigErrors(self.errors)
        assert isinstance(self._top, dict)
        self.document.data = self._top
        return self.document

    def take(self, event: Event) -> None:
        """Take the next event of the parser."""
        if isinstance(event, NodeEvent):
            self._refuse_decorations(event)
        if isinstance(event, DocumentStartEvent):
            self._document_count += 1
            if self._document_count > 1:
                self._refuse(event, "a second document begins; a file holds one, so '---' can stand only at its top")
        elif isinstance(event, AliasEvent):
            self._put(None, event)
        elif isinstance(event, ScalarEvent):
            self._take_scalar(event)
        elif isinstance(event, MappingStartEvent | SequenceStartEvent):
            self._open({} if isinstance(event, MappingStartEvent) else [], event)
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            self._frames.pop()

    def _refuse(self, event: Event, message: str) -> None:
        line, column = _position(event)
        self.errors.append(ConfigError(one_line(message), file=self.document.name, line=line, column=column))

    def _refuse_decorations(self, event: NodeEvent) -> None:
        if isinstance(event, AliasEvent):
            self._refuse(event, f"alias '*{event.anchor}'; aliases are not read: write it out, or quote text with '*'")
        elif event.anchor:
            self._refuse(event, f"anchor '&{event.anchor}'; anchors are not read: remove it, or quote text with '&'")
        elif tag := getattr(event, "tag", None):
            self._refuse(event, f"tag '{tag}'; tags are not read: remove it, or quote text that begins with '!'")

    def _open(self, container: dict[str, Data] | list[Data], event: NodeEvent) -> None:
        if len(self._frames) >= _MAX_DEPTH:
            self._refuse(event, f"nested deeper than {_MAX_DEPTH} levels")
            raise ConfigErrors(self.errors)
        if self._frames and self._frames[-1].wants_key:
            self._refuse(event, f"read {_kind(container)} as a key; a key is text; {QUOTE_BRACES}")
            self._frames[-1].key = "?"
            self._frames.append(_Frame(container, (*self._frames[-1].loc, "?")))
            return
        loc = self._frames[-1].next_loc if self._frames else ()
        self._put(container, event)
        self._frames.append(_Frame(container, loc))

    def _take_scalar(self, event: ScalarEvent) -> None:
        frame = self._frames[-1] if self._frames else None
        if frame and frame.wants_key:
            self._take_key(frame, event)
            return
        loc = frame.next_loc if frame else ()
        self.document._sources[loc] = event.value
        self._put(event.value if event.style else _plain(event.value), event)

    def _take_key(self, frame: _Frame, event: ScalarEvent) -> None:
        key = event.value
        assert isinstance(frame.container, dict)
        if key == "<<" and not event.style:
            self._refuse(event, "merge key '<<'; keys are not merged: write them out")
        elif key in frame.container:
            first = self.document._keys[(*frame.loc, key)]
            self._refuse(event, f"duplicate key '{key}'; it stands on line {first[0]} already")
        frame.key = key
        self.document._keys.setdefault((*frame.loc, key), _position(event))

    def _put(self, value: Data, event: NodeEvent) -> None:
        loc: Loc = ()
        if not self._frames:
            self._top = value
        else:
            frame = self._frames[-1]
            if frame.wants_key:
                frame.key = "*"
                return
            loc = frame.next_loc
            if isinstance(frame.container, list):
                frame.container.append(value)
            else:
                frame.container[frame.key or ""] = value
                frame.key = None
        self.document._values[loc] = _position(event)


def _position(event: Event) -> Position:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _plain(text: str) -> Scalar:
    if text in _WORDS:
        return _WORDS[text]
    if len(text) <= _MAX_DIGITS:
        if _INT.match(text):
            return int(text)
        if _FLOAT.match(text) and math.isfinite(float(text)):
            return float(text)
    return text


def _kind(value: Data) -> str:
    return "a list" if isinstance(value, list) else "a mapping" if isinstance(value, dict) else "a single value"


def _error_at(text: str, offset: int, name: str, message: str) -> ConfigError:
    lines = (text[:offset] + ".").splitlines()
    return ConfigError(message, file=name, line=len(lines), column=len(lines[-1]))


def _syntax_error(error: yaml.MarkedYAMLError, text: str, name: str) -> ConfigError:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    lines = text.splitlines()
    written = lines[line] if line < len(lines) else ""
    hint = syntax_hint(written, column, error.problem or "")
    return ConfigError(f"is not YAML: {hint}", file=name, line=line + 1, column=column + 1)
