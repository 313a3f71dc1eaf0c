"""What stands to the right of an operator: a value as written, a param's, or another fact or field, moved or not."""

from collections.abc import Mapping
from datetime import date, timedelta

import msgspec

from rules.facts.fact import FactType
from rules.language.names import Names
from rules.language.other import Other, Value
from rules.language.values import Reader, ValueKind, Written, literal
from syncd.complaints import did_you_mean, one_of, shown
from syncd.documents import Data, Loc
from syncd.model.findings import Span

REFERENCES = ("fact", "param", "field")
_MOVES = ("plus", "minus")
_TIMES = (FactType.DATE, FactType.INSTANT)
_DAY = timedelta(days=1)


def is_reference(data: Data) -> bool:
    """Return whether a mapping names a param, a fact or a field, and is no mapping of operators."""
    return isinstance(data, dict) and any(word in data for word in REFERENCES)


class Operands:
    """Reads what the fact or field ``own`` is compared with, and remembers what else has to be read for it."""

    def __init__(self, reader: Reader, own: str, names: Names) -> None:
        self._reader = reader
        self._own = own
        self._names = names
        self.facts: dict[str, None] = {}
        self.fields: dict[str, None] = {}
        self.read: list[Value] = []

    def one(self, loc: Loc, data: Data, kind: ValueKind) -> Value | None:
        """Return what is written at ``loc`` for a fact of this kind; None after refusing it."""
        found = self._one(loc, data, kind)
        if found is not None:
            self.read.append(found)
        return found

    def constant(self, loc: Loc, data: Data, kind: ValueKind) -> Written | None:
        """Return the value written at ``loc`` or the param's that is named there; None after refusing it."""
        if not is_reference(data):
            return literal(self._reader, loc, data, kind)
        assert isinstance(data, dict)
        if "param" in data:
            return self._param(loc, data, kind)
        word = next(word for word in REFERENCES if word in data)
        what = "a length of time" if kind.type is FactType.SPAN else "this"
        self._refuse(loc, f"{what} can't be taken from another {word}; write it, or use {{param: …}}")
        return None

    def several(self, loc: Loc, data: Data, kind: ValueKind) -> list[Value] | None:
        """Return the values of the list that is written at ``loc``, or is a param's; None after refusing it."""
        found: list[Value | None]
        if data == []:
            self._reader.refuse(loc, "read an empty list; expected values")
            return None
        if isinstance(data, list):
            found = [self.one((*loc, index), each, kind) for index, each in enumerate(data)]
        elif isinstance(data, dict) and "param" in data:
            opened = self._opened(loc, data)
            found = [*_literals(opened, kind)] if opened is not None else [None]
            self._tell(loc, opened)
            self.read += [each for each in found if each is not None]
        else:
            self._reader.refuse(loc, f"read {shown(data)}; expected a list of values")
            return None
        known = [each for each in found if each is not None]
        return known if len(known) == len(found) else None

    def pattern(self, loc: Loc, data: Data) -> Data:
        """Return what is written at ``loc`` where text in quotes is expected, or the param's that is named there."""
        if not isinstance(data, dict) or "param" not in data:
            return data
        found = self._param(loc, data, ValueKind(type=FactType.TEXT))
        return found if isinstance(found, str) else None

    def _one(self, loc: Loc, data: Data, kind: ValueKind) -> Value | None:
        if not is_reference(data):
            return literal(self._reader, loc, data, kind)
        assert isinstance(data, dict)
        if "param" in data:
            return self._param(loc, data, kind)
        return self._other(loc, data, kind)

    def _param(self, loc: Loc, data: dict[str, Data], kind: ValueKind) -> Written | None:
        opened = self._opened(loc, data)
        if opened is None:
            return None
        found = literal(opened.reader, opened.loc, opened.data, kind)
        self._tell(loc, opened)
        return found

    def _opened(self, loc: Loc, data: dict[str, Data]) -> "_Opened | None":
        """Return the value of the param that is named at ``loc``; None after refusing its name."""
        name = self._named(loc, data, "param")
        param = self._names.params.get(name) if name is not None else None
        if param is None:
            return None
        at, written = param.written(self._names.team)
        whose = f" of team '{at[-1]}'" if at in param.teams.values() else ""
        return _Opened(f"param '{name}'{whose} ({param.place})", Reader(param.reader.document), at, written)

    def _tell(self, loc: Loc, opened: "_Opened | None") -> None:
        """Tell, where a param is used, what is wrong with its value there."""
        if opened is not None:
            for error in opened.reader.errors:
                self._reader.refuse(loc, f"{opened.title} does not fit '{self._own}': {error.message}")

    def _named(self, loc: Loc, data: dict[str, Data], word: str) -> str | None:
        """Return the name that a reference gives; None after refusing one that is none, or more than a name."""
        allowed = (word,) if word == "param" else (word, *_MOVES)
        for key in data:
            if key not in allowed:
                message = f"unknown key '{key}' beside '{word}'." + (
                    did_you_mean(key, allowed) or f" Allowed here: {one_of(allowed)}."
                )
                self._reader.refuse((*loc, key), message, on_key=True)
                return None
        name = self._reader.text((*loc, word), data[word])
        if name is None:
            self._refuse((*loc, word), f"read {shown(data[word])}; expected the name of a {word}")
            return None
        if word == "param" and name not in self._names.params:
            known = sorted(self._names.params)
            near = did_you_mean(name, known) or (f" Defined: {one_of(known)}." if known else " None is defined.")
            self._reader.refuse_undefined((*loc, word), f"unknown param '{name}'.{near}")
            return None
        return name

    def _other(self, loc: Loc, data: dict[str, Data], kind: ValueKind) -> Other | None:
        word = "fact" if "fact" in data else "field"
        name = self._named(loc, data, word)
        if name is None:
            return None
        known = self._known(loc, word, name)
        other = known.get(name)
        if known and other is None:
            self._refuse((*loc, word), f"unknown {word} '{name}'.{self._meant(word, name, known)}")
            return None
        if other is None or self._is_wrong(loc, word, name, kind, other):
            return None
        moved = self._moved(loc, data, kind, other)
        if moved is None:
            return None
        (self.facts if word == "fact" else self.fields)[name] = None
        by_day = FactType.DATE in (kind.type, other.type)
        fold_case = kind.fold_case or other.fold_case
        return Other(name=name, type=other.type, by_day=by_day, fold_case=fold_case, **moved)  # type: ignore[arg-type]

    def _known(self, loc: Loc, word: str, name: str) -> Mapping[str, ValueKind]:
        """Return what can be named; nothing after refusing that anything is named here."""
        names = self._names if word == "field" else self._names.facts
        if word == "field" and self._names.noun != "field":
            meant = name if name in self._names.kinds else "…"
            message = f"a field is that of a record, inside some, every, none or where; say {{fact: {meant}}}"
            self._refuse(loc, message)
            return {}
        return names.kinds if names is not None else {}

    def _meant(self, word: str, name: str, known: Mapping[str, ValueKind]) -> str:
        """Return what was meant by an unknown name: perhaps a fact where a field was said, or the other way round."""
        facts = self._names.facts
        if word == "field" and facts is not None and name in facts.kinds:
            return f" That is a fact: say {{fact: {name}}}."
        if word == "fact" and self._names.noun == "field" and name in self._names.kinds:
            return f" That is a field of the record: say {{field: {name}}}."
        near = did_you_mean(name, known)
        return near or (" See 'syncd facts'." if word == "fact" else f" Fields: {one_of([*known])}.")

    def _is_wrong(self, loc: Loc, word: str, name: str, kind: ValueKind, other: ValueKind) -> bool:
        """Refuse what can't be compared with; return whether it was."""
        facts = self._names.facts
        abouts = facts.abouts.get(name) if facts is not None and word == "fact" else None
        if name == self._own and word == self._names.noun:
            self._refuse((*loc, word), f"'{name}' is compared with itself")
        elif facts is not None and abouts and facts.about and facts.about not in abouts:
            meant = one_of([each.value for each in abouts])
            self._refuse((*loc, word), f"'{name}' is a fact about {meant}; this is about {facts.about.value}")
        elif FactType.SPAN in (kind.type, other.type):
            self._refuse((*loc, word), "a length of time can't be taken from a fact; write it, or use {param: …}")
        elif other.type is not kind.type and not (other.type in _TIMES and kind.type in _TIMES):
            what = f"'{self._own}' ({kind.type.value})"
            self._refuse((*loc, word), f"'{name}' ({other.type.value}) can't be compared with {what}")
        else:
            return False
        return True

    def _moved(
        self, loc: Loc, data: dict[str, Data], kind: ValueKind, other: ValueKind
    ) -> dict[str, Span | int | float | bool] | None:
        """Return by how much the other is moved, empty where it is not; None after refusing it."""
        words = [word for word in _MOVES if word in data]
        if not words:
            return {}
        word = words[0]
        if len(words) > 1:
            self._refuse((*loc, words[1]), "'plus' and 'minus' can't stand together", on_key=True)
            return None
        if other.type not in (*_TIMES, FactType.NUMBER):
            message = f"'{word}' stands beside dates and numbers; this is {other.type.value}"
            self._refuse((*loc, word), message, on_key=True)
            return None
        is_time = other.type in _TIMES
        by = self.constant((*loc, word), data[word], ValueKind(type=FactType.SPAN if is_time else FactType.NUMBER))
        if by is None or isinstance(by, str | date):
            return None
        if isinstance(by, Span) and FactType.DATE in (kind.type, other.type) and by.exact % _DAY:
            self._refuse((*loc, word), "a date is moved by days: 3d, 2w or 5wd")
            return None
        return {"by": by, "back": word == "minus"}

    def _refuse(self, loc: Loc, message: str, *, on_key: bool = False) -> None:
        self._reader.refuse(loc, message, on_key=on_key)


class _Opened(msgspec.Struct, frozen=True):
    """The value of a param where it stands, with a reader of its own."""

    title: str
    reader: Reader
    loc: Loc
    data: Data


def _literals(opened: _Opened, kind: ValueKind) -> list[Written | None]:
    if not isinstance(opened.data, list) or not opened.data:
        opened.reader.refuse(opened.loc, f"read {shown(opened.data)}; expected a list of values")
        return [None]
    return [literal(opened.reader, (*opened.loc, at), each, kind) for at, each in enumerate(opened.data)]
