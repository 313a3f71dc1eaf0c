"""YAML → plain data with the place of every key and value, as far as it can be read: no error hides another."""

import math
import re
from typing import TypeAlias

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

from syncd.complaints import QUOTE_BRACES, Data, Loc, Scalar, one_line, syntax_hint
from syncd.model.errors import ConfigError

Position: TypeAlias = tuple[int, int]

_MAX_DEPTH = 50
_NOWHERE = -1
"""Stands in the location of what has no place in the data."""
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
    """A mapping read from YAML; ``name`` is how errors call its file, ``data`` is plain.

    ``errors`` are what was refused while it was read. Without ``is_whole`` something of it was left out, and what it
    does not say may stand there.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.data: dict[str, Data] = {}
        self.errors: list[ConfigError] = []
        self.is_whole = True
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


def parse_leniently(text: str, name: str) -> Document:
    """Read as much of YAML as can be read; what is wrong with it is in the document's ``errors``."""
    text = text.removeprefix("\ufeff")
    reading = _Reading(name)
    unreadable = _UNREADABLE.search(text)
    if unreadable:
        code = f"U+{ord(unreadable[0]):04X}"
        return reading.stopped(_error_at(text, unreadable.start(), name, f"the character {code} can't stand in YAML"))
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            if not reading.take(event):
                break
    except yaml.MarkedYAMLError as error:
        return reading.stopped(_syntax_error(error, text, name))
    except yaml.YAMLError as error:
        return reading.stopped(ConfigError(f"is not YAML: {' '.join(str(error).split())}", file=name))
    return reading.finished()


def unread_document(error: ConfigError) -> Document:
    """Return the document of a file that can't be read, whose only error this is."""
    return _Reading(error.file).stopped(error)


class _Frame:
    """A mapping or list that is being read."""

    def __init__(self, container: dict[str, Data] | list[Data], loc: Loc) -> None:
        self.container = container
        self.loc = loc
        self.key: str | None = None
        self.drops = False
        """What comes next has no place in the data: it is read for its mistakes alone."""

    @property
    def wants_key(self) -> bool:
        return isinstance(self.container, dict) and self.key is None

    @property
    def next_loc(self) -> Loc:
        if isinstance(self.container, list):
            return (*self.loc, len(self.container))
        return (*self.loc, self.key or "", _NOWHERE) if self.drops else (*self.loc, self.key or "")

    def drop(self, key: str) -> None:
        """Take a key whose value has no place in the data."""
        self.key, self.drops = key, True


class _Reading:
    """Builds a Document from the events of the parser, without recursion and without losing an error."""

    def __init__(self, name: str) -> None:
        self.document = Document(name)
        self._frames: list[_Frame] = []
        self._top: Data = None
        self._document_count = 0

    def finished(self) -> Document:
        """Return the document, read to its end."""
        document = self.document
        if isinstance(self._top, dict):
            document.data = self._top
        elif not document.errors:
            read = "the file is empty" if self._top is None else f"read {_kind(self._top)}"
            document.errors.append(document.error((), f"{read}; a mapping of keys is expected at the top"))
        return document

    def stopped(self, error: ConfigError) -> Document:
        """Return the document, which can be read no further."""
        self.document.errors.append(error)
        self.document.is_whole = False
        return self.document

    def take(self, event: Event) -> bool:
        """Take the next event of the parser; return whether there is more to read."""
        if isinstance(event, NodeEvent):
            self._refuse_decorations(event)
        if isinstance(event, DocumentStartEvent):
            self._document_count += 1
            if self._document_count > 1:
                self._refuse(event, "a second document begins; a file holds one, so '---' can stand only at its top")
                self.document.is_whole = False
                return False
        elif isinstance(event, AliasEvent):
            self.document.is_whole = False
            self._put(None, event)
        elif isinstance(event, ScalarEvent):
            self._take_scalar(event)
        elif isinstance(event, MappingStartEvent | SequenceStartEvent):
            return self._open({} if isinstance(event, MappingStartEvent) else [], event)
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            self._frames.pop()
        return True

    def _refuse(self, event: Event, message: str) -> None:
        line, column = _position(event)
        self.document.errors.append(ConfigError(one_line(message), file=self.document.name, line=line, column=column))

    def _refuse_decorations(self, event: NodeEvent) -> None:
        if isinstance(event, AliasEvent):
            self._refuse(event, f"alias '*{event.anchor}'; aliases are not read: write it out, or quote text with '*'")
        elif event.anchor:
            self._refuse(event, f"anchor '&{event.anchor}'; anchors are not read: remove it, or quote text with '&'")
        elif tag := getattr(event, "tag", None):
            self._refuse(event, f"tag '{tag}'; tags are not read: remove it, or quote text that begins with '!'")

    def _open(self, container: dict[str, Data] | list[Data], event: NodeEvent) -> bool:
        if len(self._frames) >= _MAX_DEPTH:
            self._refuse(event, f"nested deeper than {_MAX_DEPTH} levels")
            self.document.is_whole = False
            self._top = None
            return False
        if self._frames and self._frames[-1].wants_key:
            self._refuse(event, f"read {_kind(container)} as a key; a key is text; {QUOTE_BRACES}")
            self._drop(self._frames[-1], "?")
            self._frames.append(_Frame(container, (*self._frames[-1].loc, _NOWHERE)))
            return True
        loc = self._frames[-1].next_loc if self._frames else ()
        self._put(container, event)
        self._frames.append(_Frame(container, loc))
        return True

    def _drop(self, frame: _Frame, key: str) -> None:
        frame.drop(key)
        self.document.is_whole = False

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
            self._drop(frame, key)
            return
        if key in frame.container:
            first = self.document._keys[(*frame.loc, key)]
            self._refuse(event, f"duplicate key '{key}'; it stands on line {first[0]} already")
            self._drop(frame, key)
            return
        frame.key = key
        self.document._keys[(*frame.loc, key)] = _position(event)

    def _put(self, value: Data, event: NodeEvent) -> None:
        loc: Loc = ()
        if not self._frames:
            self._top = value
        else:
            frame = self._frames[-1]
            if frame.wants_key:
                self._drop(frame, "*")
                return
            loc = frame.next_loc
            if isinstance(frame.container, list):
                frame.container.append(value)
            else:
                if not frame.drops:
                    frame.container[frame.key or ""] = value
                frame.key, frame.drops = None, False
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
