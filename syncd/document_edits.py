"""Edits roadmap files in place: values and keys are changed where they stand, comments and layout stay."""

import copy
import json
import os
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from syncd.documents import Data, Document, Loc, parse_document
from syncd.model.errors import ConfigError, ConfigErrors

_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""What ends a line for the YAML parser, whose positions these are."""
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\Z")
_IN_DOUBLE = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_IN_SINGLE = re.compile(r"'(?:[^']|'')*'", re.DOTALL)


class Edit(msgspec.Struct, frozen=True, kw_only=True):
    """One change of a file: the value at ``loc`` becomes another; where it is not there yet, the key is put in.

    ``before`` is empty then. ``what`` is what people call it.
    """

    file: str
    loc: Loc
    what: str
    before: str
    after: str


class Source(msgspec.Struct, frozen=True):
    """A file of the roadmap as it stands on the disk."""

    document: Document
    path: Path
    text: str


def read_sources(folder: Path) -> list[Source]:
    """Return a workspace's roadmap files in the order in which they are read; raises ConfigErrors."""
    sources = []
    for path in (*sorted(folder.glob("roadmap.yaml")), *sorted(folder.glob("roadmap/*.yaml"))):
        name = f"{folder.name}/{path.relative_to(folder)}"
        try:
            text = path.read_bytes().decode()
        except (OSError, UnicodeDecodeError):
            raise ConfigErrors([ConfigError("can't be read as text in UTF-8", file=name)]) from None
        sources.append(Source(parse_document(text, name), path, text))
    return sources


def edited(source: Source, edits: Sequence[Edit]) -> Source:
    """Return a file with its edits made, which was read again and says just what was meant.

    Raises:
        ConfigError: a value stands in a way that can't be changed without touching what is around it.
    """
    text = _Text(source)
    expected = copy.deepcopy(source.document.data)
    for edit in edits:
        text.take(edit)
        _put(expected, edit.loc, edit.after)
    after = text.result()
    try:
        document = parse_document(after, source.document.name)
    except ConfigErrors as errors:
        raise _by_hand(source, edits[0]) from errors
    if _as_text(document.data) != _as_text(expected):
        raise _by_hand(source, edits[0])
    return Source(document, source.path, after)


def write(sources: Sequence[Source]) -> None:
    """Write files whole, each beside its old one and then in its place; raises ConfigError where that can't be done."""
    ready: list[tuple[str, Path]] = []
    try:
        for source in sources:
            target = source.path.resolve()
            handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
            ready.append((name, target))
            with os.fdopen(handle, "wb") as file:
                file.write(source.text.encode())
            shutil.copymode(target, name)
        for name, target in ready:
            os.replace(name, target)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ConfigError(f"can't be written: {reason}", file=str(error.filename2 or error.filename or "")) from None
    finally:
        for name, _ in ready:
            Path(name).unlink(missing_ok=True)


def _by_hand(source: Source, edit: Edit) -> ConfigError:
    message = f"{edit.what} can't be changed here without touching what stands around it; write '{edit.after}' by hand"
    return source.document.error(edit.loc, message)


class _Text:
    """A file's text while edits are gathered; they are made from its end on, so that none moves another."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._text = source.text.removeprefix("\ufeff")
        self._mark = source.text[: len(source.text) - len(self._text)]
        self._starts = [0, *(found.end() for found in _BREAK.finditer(self._text))]
        self._break = "\r\n" if "\r\n" in self._text else "\n"
        self._pieces: list[tuple[int, int, int, str]] = []

    def take(self, edit: Edit) -> None:
        """Note what an edit changes."""
        document = self._source.document
        if document.source(edit.loc) is not None:
            start = self._offset(edit.loc)
            end = self._end(edit, start)
            self._piece(start, end, scalar(edit.after, quote=self._text[start]))
        elif len(edit.loc) == 1:
            self._put_first(edit)
        else:
            self._put_behind_id(edit)

    def result(self) -> str:
        """Return the text with all edits made."""
        text = self._text
        for start, end, _, piece in sorted(self._pieces, reverse=True):
            text = text[:start] + piece + text[end:]
        return self._mark + text

    def _piece(self, start: int, end: int, piece: str) -> None:
        # Of several pieces at one place the first taken comes first.
        self._pieces.append((start, end, -len(self._pieces), piece))

    def _offset(self, loc: Loc, *, on_key: bool = False) -> int:
        place = self._source.document.error(loc, "", on_key=on_key)
        return self._starts[place.line - 1] + place.column - 1

    def _end(self, edit: Edit, start: int) -> int:
        """Return where the scalar that begins at an offset ends."""
        first = self._text[start : start + 1]
        if first in ("'", '"'):
            found = (_IN_DOUBLE if first == '"' else _IN_SINGLE).match(self._text, start)
            if found:
                return found.end()
        written = self._source.document.source(edit.loc) or ""
        if not written or not self._text.startswith(written, start):
            raise _by_hand(self._source, edit)
        return start + len(written)

    def _put_first(self, edit: Edit) -> None:
        """Put a key in front of the first one of the file."""
        start = self._offset(())
        if self._text[start : start + 1] == "{":
            self._piece(start + 1, start + 1, f"{edit.loc[0]}: {edit.after}, ")
        else:
            self._piece(start, start, f"{edit.loc[0]}: {edit.after}{self._break}")

    def _put_behind_id(self, edit: Edit) -> None:
        """Put a key behind the ``id`` of the mapping that it belongs to."""
        owner = edit.loc[:-1]
        at_id = Edit(file=edit.file, loc=(*owner, "id"), what=edit.what, before="", after=edit.after)
        end = self._end(at_id, self._offset(at_id.loc))
        added = f"{edit.loc[-1]}: {scalar(edit.after)}"
        if self._text[self._offset(owner) : self._offset(owner) + 1] == "{":
            self._piece(end, end, f", {added}")
            return
        key = self._source.document.error(at_id.loc, "", on_key=True)
        line_end = _BREAK.search(self._text, end)
        at = line_end.start() if line_end else len(self._text)
        self._piece(at, at, f"{self._break}{' ' * (key.column - 1)}{added}")


def scalar(text: str, quote: str = "") -> str:
    """Return a text as YAML, in quotes where the one that it replaces is, or where it needs them."""
    if quote == "'":
        return "'" + text.replace("'", "''") + "'"
    if quote != '"' and _PLAIN.match(text) and _reads_as_itself(text):
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(each if each.isprintable() else f"\\U{ord(each):08X}" for each in quoted)


def _reads_as_itself(text: str) -> bool:
    value = parse_document(f"value: {text}", "").data["value"]
    return isinstance(value, str | int) and not isinstance(value, bool) and str(value) == text


def _put(data: Data, loc: Loc, value: str) -> None:
    for part in loc[:-1]:
        data = data[part]  # type: ignore[index]
    last = loc[-1]
    written = parse_document(f"value: {value}", "").data["value"] if value.startswith("{") else value
    data[last] = written  # type: ignore[index]


def _as_text(data: Data) -> Data:
    """Return data with its numbers as text: 2026 in quotes is another value to YAML and the same to us."""
    if isinstance(data, Mapping):
        return {key: _as_text(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_as_text(value) for value in data]
    return str(data) if isinstance(data, int | float) and not isinstance(data, bool) else data
