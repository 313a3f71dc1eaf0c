"""What a service's answer means: here, once, a status becomes an error of the model, and a body becomes JSON."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import msgspec

from syncd.model.errors import (
    AbsentError,
    AccessError,
    RefusedError,
    TrackerError,
    TransientError,
    UnknownResultError,
)

_SHOWN = 200
_DEFAULT_WALL = timedelta(seconds=60)
_LIMITED = re.compile(r"rate limit|abuse detection|too many requests", re.IGNORECASE)
_MAYBE_DONE = frozenset({500, 502, 504})
_WORTH_AGAIN = frozenset({408, 409, 423, 425, 429})
_NOT_OFFERED = frozenset({405, 501})
"""What a server says that has no such operation at all: asking again changes nothing."""


def error_of(status: int, headers: Mapping[str, str], text: str, *, tracker: str) -> TrackerError:
    """Return the error that an answer of status 400 or more means; its message is one line."""
    said = message_of(text)
    if status == 429 or (status in (403, 503) and is_limited(status, headers, text)):
        wall = wall_of(status, headers)
        return TransientError(f"asks us to slow down ({status}){_colon(said)}", tracker=tracker, retry_after=wall)
    if status == 401:
        return AccessError(f"the token is wrong or expired (401){_colon(said)}", tracker=tracker)
    if status in (403, 451):
        return AccessError(f"the token lacks a permission ({status}){_colon(said)}", tracker=tracker)
    if status in (404, 410):
        return AbsentError(f"not there, or not for this token ({status}){_colon(said)}", tracker=tracker)
    if status in _NOT_OFFERED:
        return AbsentError(f"does not offer that ({status}){_colon(said)}", tracker=tracker)
    if status >= 500 or status in _WORTH_AGAIN:
        trouble = "failed" if status >= 500 else "is busy"
        return TransientError(f"{trouble} ({status}){_colon(said)}", tracker=tracker, retry_after=retry_after(headers))
    return RefusedError(f"refused the request ({status}){_colon(said)}", tracker=tracker)


def write_error_of(status: int, headers: Mapping[str, str], text: str, *, tracker: str) -> TrackerError:
    """Return what such an answer means for a write: a gateway may have lost the answer of a write that was done."""
    if status in _MAYBE_DONE:
        return UnknownResultError(f"failed ({status}); the write may have been done", tracker=tracker)
    return error_of(status, headers, text, tracker=tracker)


def is_limited(status: int, headers: Mapping[str, str], text: str) -> bool:
    """Return whether an answer tells us to slow down: GitHub says so with a 403, too."""
    found = _folded(headers)
    if status == 429 or "retry-after" in found:
        return True
    return status == 403 and (found.get("x-ratelimit-remaining") == "0" or bool(_LIMITED.search(text)))


def wall_of(status: int, headers: Mapping[str, str]) -> timedelta | None:
    """Return how long nothing may be sent after an answer that tells us to slow down; None where it is up to us.

    GitHub asks for a minute after a 403 that names no time.
    """
    said = retry_after(headers)
    return _DEFAULT_WALL if said is None and status == 403 else said


def retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """Return how long the service wants to be left alone: Retry-After, seconds or a date, or the limit's reset."""
    found = _folded(headers)
    said = found.get("retry-after", "").strip()
    if said.isdecimal():
        return timedelta(seconds=min(int(said), 86400))
    at = _http_date(said)
    if at is None and found.get("x-ratelimit-remaining", "0") == "0":
        at = _reset(found.get("x-ratelimit-reset", ""))
    sent_at = _http_date(found.get("date", ""))
    if at is None or sent_at is None:
        return None
    return max(timedelta(0), min(at - sent_at, timedelta(days=1)))


def quota_of(headers: Mapping[str, str]) -> tuple[float, timedelta]:
    """Return what share of a quota is left, and for how long that is all; all of it where nothing is said of it."""
    found = _folded(headers)
    limit, remaining = found.get("x-ratelimit-limit", ""), found.get("x-ratelimit-remaining", "")
    at, sent_at = _reset(found.get("x-ratelimit-reset", "")), _http_date(found.get("date", ""))
    if not (limit.isdecimal() and remaining.isdecimal() and int(limit)) or at is None or sent_at is None:
        return 1.0, timedelta(0)
    return int(remaining) / int(limit), max(timedelta(0), min(at - sent_at, timedelta(days=1)))


def server_time(headers: Mapping[str, str]) -> datetime:
    """Return the service's own time from the Date header.

    Raises:
        TransientError: there is none; every HTTP server with a clock sends it.
    """
    at = _http_date(_folded(headers).get("date", ""))
    if at is None:
        raise TransientError("the answer has no Date header")
    return at


def message_of(text: str) -> str:
    """Return what the service said, in one short line: from its JSON, or plain text; nothing for HTML."""
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return "" if "<" in text[:200] else _one_line(text)
    if not isinstance(body, dict):
        return ""
    parts = [str(body[name]) for name in ("message", "detail") if body.get(name)]
    parts.extend(str(each) for each in _list(body.get("errorMessages")))
    errors = body.get("errors")
    if isinstance(errors, dict):
        parts.extend(f"{field}: {each}" for field, each in errors.items())
    parts.extend(_field_error(each) for each in _list(errors))
    return _one_line("; ".join(part for part in parts if part))


def _field_error(error: object) -> str:
    if not isinstance(error, dict):
        return str(error)
    return " ".join(str(error[key]) for key in ("field", "code", "message") if error.get(key))


def is_whole(headers: Mapping[str, str], body: bytes) -> bool:
    """Return whether a body looks like all of a JSON answer: cheap, by its two ends; its type alone may be wrong.

    An empty one is whole where a header says that it is meant to be; a broken connection can cut the headers, too.
    """
    found = _folded(headers)
    stripped = body.strip()
    if "html" in found.get("content-type", "").lower() and stripped[:1] not in (b"{", b"["):
        return False
    if not stripped:
        return "content-length" in found or "transfer-encoding" in found
    ends = stripped[:1] + stripped[-1:]
    return ends in (b"{}", b"[]") or stripped[:1] not in (b"{", b"[", b"<")


def decoded(body: bytes | str, *, tracker: str) -> Any:
    """Return a body's JSON; half a character (a lone surrogate) is replaced, so that one bad item fails no page.

    Raises:
        TransientError: it is HTML, half a page, or no JSON.
    """
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    try:
        return _printable(json.loads(body))
    except (ValueError, RecursionError):
        raise TransientError("answered something that is not JSON, or half a page", tracker=tracker) from None


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_printable(each) for each in value]
    if isinstance(value, dict):
        return {_printable(key): _printable(each) for key, each in value.items()}
    return value


def _http_date(text: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _reset(text: str) -> datetime | None:
    """Read the end of a rate limit: seconds of the epoch on GitHub, ISO 8601 on Jira."""
    try:
        if text.isdecimal():
            return datetime.fromtimestamp(int(text), UTC)
        at = datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        return None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _folded(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): str(value) for name, value in headers.items()}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"


def _colon(said: str) -> str:
    return f": {said}" if said else ""
