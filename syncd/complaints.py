"""What is wrong with a value, in words for the person who wrote it: pydantic's findings without pydantic's wording."""

import difflib
import re
import types
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin

import msgspec
import pydantic
from pydantic_core import ErrorDetails

Data: TypeAlias = "dict[str, Data] | list[Data] | str | int | float | bool | None"
Scalar: TypeAlias = str | int | float | bool | None
Loc: TypeAlias = tuple[str | int, ...]

_SECRET = re.compile(r"token|secret|password|credential", re.IGNORECASE)
_SHOWN = 60
_LISTED = 12
_FEW = 3
_LONGEST = 500
_BRACED_TEXT = re.compile(r"[^#'\"]*?(:|-)\s+[{\[][^}\]]*[}\]]\s*[^\s#,}\]]")
_BOOLEANS = {**dict.fromkeys(("yes", "y", "on"), "true"), **dict.fromkeys(("no", "n", "off"), "false")}

QUOTE_BRACES = 'text that begins with a brace needs quotes: "{item.key} is late"'

_EXPECTED = {
    "string": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "list": "a list",
    "tuple": "a list",
    "set": "a list",
    "frozen_set": "a list",
    "dict": "a mapping",
    "mapping": "a mapping",
    "model": "a mapping",
    "model_attributes": "a mapping",
    "dataclass": "a mapping",
    "date": "a date such as 2026-12-31",
    "datetime": "a date and time such as 2026-12-31T18:00:00Z",
    "time": "a time such as 18:00",
    "url": "an address such as https://example.org",
    "none": "nothing",
    "path": "a path",
}
_LIMITS = {
    "greater_than": ("gt", "a number above {}"),
    "greater_than_equal": ("ge", "{} or more"),
    "less_than": ("lt", "a number below {}"),
    "less_than_equal": ("le", "{} or less"),
    "string_too_short": ("min_length", "text of at least {} characters"),
    "string_too_long": ("max_length", "text of at most {} characters"),
    "too_short": ("min_length", "at least {} of them"),
    "too_long": ("max_length", "at most {} of them"),
    "string_pattern_mismatch": ("pattern", "text that fits {}"),
    "literal_error": ("expected", "{}"),
    "enum": ("expected", "{}"),
}


class Complaint(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong, at ``loc`` in the data; ``on_key``: it is the key that is wrong."""

    loc: Loc
    message: str
    on_key: bool = False


def did_you_mean(word: str, allowed: Iterable[str]) -> str:
    """Return " Did you mean 'x'?", or nothing where no allowed word is near."""
    by_folded = {each.casefold(): each for each in allowed}
    near = difflib.get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return f" Did you mean '{by_folded[near[0]]}'?" if near else ""


def one_line(message: str) -> str:
    """Return a message as one line of bounded length without control characters: names in it are as they were read."""
    line = " ".join("".join(each if each.isprintable() else " " for each in message).split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def one_of(allowed: Sequence[str]) -> str:
    """Return the allowed words for a message, the first dozen of many."""
    more = f", … ({len(allowed)} in all)" if len(allowed) > _LISTED else ""
    return ", ".join(allowed[:_LISTED]) + more


def shown(value: object, loc: Loc = ()) -> str:
    """Return what was read for a message: short, in one line, and never what stands under the name of a secret."""
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    if value is None:
        return "nothing"
    if any(isinstance(part, str) and _SECRET.search(part) for part in loc):
        return "a value that is not shown here"
    if isinstance(value, bool):
        return str(value).lower()
    text = " ".join(str(value).split())
    text = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    return f"'{text}'" if isinstance(value, str) else text


def boolean_hint(value: object) -> str:
    """Return the way out where a word was written that older YAML read as true or false."""
    meant = _BOOLEANS.get(value.lower()) if isinstance(value, str) else None
    return f"; say {meant}" if meant else ""


def syntax_hint(written: str, column: int, problem: str) -> str:
    """Return what is wrong with a line that is not YAML: its likely cause, else the parser's ``problem``."""
    character = written[column : column + 1]
    if character == "\t":
        return "a tab; YAML is indented with spaces"
    if character and character in "@`%|>":
        return f"text that begins with '{character}' needs quotes"
    if _BRACED_TEXT.match(written):
        return f"{problem}; {QUOTE_BRACES}"
    if problem.startswith("mapping values are not allowed"):
        return "a second ': ' on one line; text that contains ': ' needs quotes"
    return problem


def complaints(
    errors: Sequence[ErrorDetails], model: type[pydantic.BaseModel], data: Data, nearest: Callable[[Loc], Loc]
) -> list[Complaint]:
    """Return one complaint per place and key; the branches of a union are told together."""
    grouped: dict[Loc, list[ErrorDetails]] = {}
    for error in errors:
        grouped.setdefault(nearest(error["loc"]), []).append(error)
    deepest = [loc for loc in grouped if not _is_other_branch(loc, grouped)]
    found: dict[tuple[Loc, str], Complaint] = {}
    for loc in deepest:
        for complaint in _of_place(loc, grouped[loc], model, data):
            found.setdefault((complaint.loc, complaint.message), complaint)
    return list(found.values())


def _is_other_branch(loc: Loc, grouped: Mapping[Loc, list[ErrorDetails]]) -> bool:
    """Return whether only wrong types are told of ``loc`` while another branch of the union got further into it."""
    wrong_type = all(error["type"].endswith("_type") for error in grouped[loc])
    return wrong_type and any(len(other) > len(loc) and other[: len(loc)] == loc for other in grouped)


def _of_place(loc: Loc, errors: list[ErrorDetails], model: type[pydantic.BaseModel], data: Data) -> Iterator[Complaint]:
    expected: list[str] = []
    for error in errors:
        kind = error["type"]
        if kind == "missing":
            yield Complaint(loc=loc, message=f"the key '{error['loc'][-1]}' is missing")
        elif kind == "extra_forbidden":
            yield _unknown_key(loc, error["loc"], model)
        elif kind == "union_tag_not_found":
            yield Complaint(loc=loc, message=f"the key {error['ctx']['discriminator']} is missing")
        elif kind == "union_tag_invalid":
            key, tags = error["ctx"]["discriminator"].strip("'"), error["ctx"]["expected_tags"].split(", ")
            yield Complaint(loc=(*loc, key), message=_wrong_value(error["ctx"]["tag"], (*loc, key), [either(tags)]))
        elif kind in ("value_error", "assertion_error"):
            yield Complaint(loc=loc, message=str(error.get("ctx", {}).get("error", "is not valid")))
        else:
            expected.append(_expected(error))
    if expected:
        yield Complaint(loc=loc, message=_wrong_value(_at(data, loc), loc, list(dict.fromkeys(expected))))


def _wrong_value(value: Data, loc: Loc, expected: Sequence[str]) -> str:
    hint = ""
    if isinstance(value, dict) and value and all(each is None for each in value.values()):
        hint = f"; {QUOTE_BRACES}"
    if isinstance(value, str):
        near = did_you_mean(value, re.findall(r"'([^']*)'", " ".join(expected)))
        hint = f".{near}" if near else boolean_hint(value) if _EXPECTED["bool"] in expected else ""
    return f"read {shown(value, loc)}; expected {' or '.join(expected)}{hint}"


def either(words: Sequence[str]) -> str:
    """Return "a, b or c"."""
    return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else words[0]


def _expected(error: ErrorDetails) -> str:
    kind = error["type"]
    context: Mapping[str, Any] = error.get("ctx", {})
    if kind in _LIMITS:
        name, wording = _LIMITS[kind]
        if kind == "string_too_short" and context.get(name) == 1:
            return "text that is not empty"
        return wording.format(context.get(name, "another value"))
    for prefix in sorted(_EXPECTED, key=len, reverse=True):
        if kind.startswith(f"{prefix}_"):
            return _EXPECTED[prefix]
    return "another value"


def _unknown_key(place: Loc, loc: Loc, model: type[pydantic.BaseModel]) -> Complaint:
    key = str(loc[-1])
    allowed = sorted({name for each in _models_at(model, loc[:-1]) for name in _keys(each)})
    near = did_you_mean(key, allowed)
    # Of a few the nearest is a guess.
    all_of_them = f" Allowed here: {one_of(allowed)}." if not near or len(allowed) <= _FEW else ""
    message = f"unknown key '{key}'.{near}{all_of_them}"
    return Complaint(loc=place, message=message, on_key=True)


def _keys(model: type[pydantic.BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield field.alias or name


def _models_at(annotation: object, loc: Loc) -> list[type[pydantic.BaseModel]]:
    """Return the models whose mapping may stand at ``loc``; names of union members in ``loc`` are passed over."""
    options = _options(annotation)
    if not loc:
        return [each for each in options if isinstance(each, type) and issubclass(each, pydantic.BaseModel)]
    inner = [child for each in options for child in _children(each, loc[0])]
    if inner:
        return [model for child in inner for model in _models_at(child, loc[1:])]
    named = [each for each in options if getattr(each, "__name__", "") == loc[0] or _has_tag(each, loc[0])]
    return [model for each in named or options for model in _models_at(each, loc[1:])]


def _has_tag(option: object, part: str | int) -> bool:
    """Return whether ``part`` is the word by which a union tells this model."""
    fields = option.model_fields.values() if isinstance(option, type) and issubclass(option, pydantic.BaseModel) else ()
    return any(get_origin(field.annotation) is Literal and part in get_args(field.annotation) for field in fields)


def _children(annotation: object, part: str | int) -> Iterator[object]:
    if isinstance(annotation, type) and issubclass(annotation, pydantic.BaseModel):
        for name, field in annotation.model_fields.items():
            if part in (name, field.alias):
                yield field.annotation
        return
    arguments = [each for each in get_args(annotation) if each is not Ellipsis]
    if get_origin(annotation) in (dict, Mapping) or (isinstance(part, int) and arguments):
        yield from arguments[-1:]


def _options(annotation: object) -> list[object]:
    origin = get_origin(annotation)
    if origin is Annotated:
        return _options(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return [option for each in get_args(annotation) for option in _options(each)]
    return [annotation]


def _at(data: Data, loc: Loc) -> Data:
    for part in loc:
        if isinstance(data, dict) and isinstance(part, str):
            data = data.get(part)
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            data = data[part]
    return data
