"""Single values of Jira's JSON, checked: what may be null is empty, what has another shape is said."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from adapters.jira.prose import plain_text
from syncd.model.errors import TransientError
from syncd.model.items import FieldValue, Person, StatusCategory

Json = Mapping[str, Any]

_CATEGORIES = {
    "new": StatusCategory.TODO,
    "indeterminate": StatusCategory.IN_PROGRESS,
    "done": StatusCategory.DONE,
}


class MalformedError(TransientError):
    """A value is not of the shape that Jira documents; the message names it."""


def object_in(of: Json, name: str) -> Json:
    """Return a member that is an object, empty where it is missing or null."""
    value = of.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise MalformedError(f"{name} is not an object")
    return value


def objects_in(of: Json, name: str) -> list[Json]:
    """Return a member that is a list of objects, empty where it is missing or null."""
    value = of.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise MalformedError(f"{name} is not a list of objects")
    return value


def text_in(of: Json, name: str) -> str:
    """Return a member that is a text or a number, as text, empty where it is missing or null."""
    value = of.get(name)
    if type(value) is str:
        return value
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise MalformedError(f"{name} is not a text")
    return str(value)


def texts_in(of: Json, name: str) -> list[str]:
    """Return a member that is a list of texts, empty where it is missing or null."""
    value = of.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise MalformedError(f"{name} is not a list of texts")
    return value


def required(of: Json, name: str) -> str:
    """Return a text that must be there."""
    if not (value := text_in(of, name)):
        raise MalformedError(f"{name} is missing")
    return value


def instant_in(of: Json, name: str) -> datetime | None:
    """Return an instant in UTC: ISO 8601 with an offset, or milliseconds of the epoch."""
    value = of.get(name)
    if value is None or value == "":
        return None
    try:
        if isinstance(value, int):
            return datetime.fromtimestamp(value / 1000, UTC)
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError, OverflowError, OSError):
        raise MalformedError(f"{name} is not a time") from None
    if at.tzinfo is None:
        raise MalformedError(f"{name} is a time without its offset")
    return at.astimezone(UTC)


def required_instant(of: Json, name: str) -> datetime:
    """Return an instant that must be there."""
    if (at := instant_in(of, name)) is None:
        raise MalformedError(f"{name} is missing")
    return at


def day_in(of: Json, name: str) -> date | None:
    """Return a whole day: of a date, or of a time as it is written."""
    value = of.get(name)
    if value is None or value == "":
        return None
    try:
        return date.fromisoformat(value[:10])
    except (TypeError, ValueError):
        raise MalformedError(f"{name} is not a date") from None


def category_of(status: Json) -> StatusCategory | None:
    """Return the category of a status by its key; names can be anything."""
    return _CATEGORIES.get(text_in(object_in(status, "statusCategory"), "key"))


def person_of(user: Json) -> Person | None:
    """Return a user; nothing for none, or for an account that is deleted."""
    account = text_in(user, "accountId")
    name = text_in(user, "displayName") or account
    return Person(name, account) if name else None


def field_value(value: object) -> FieldValue:
    """Return a custom field's value: options, users, versions and teams by their name, a list of them as texts."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return tuple(text for each in value if (text := _as_text(field_value(each))))
    if not isinstance(value, dict):
        return None
    if value.get("type") == "doc":
        return plain_text(value)
    for name in ("value", "displayName", "name", "title", "key"):
        if isinstance(value.get(name), str | int | float):
            child = field_value(value["child"]) if isinstance(value.get("child"), dict) else None
            return " / ".join(filter(None, (_as_text(field_value(value[name])), _as_text(child))))
    return None


def _as_text(value: FieldValue) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
