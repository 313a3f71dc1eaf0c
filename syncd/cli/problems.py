"""What `syncd check` found, for people and for machines: text, GitHub's annotations, SARIF, JSON."""

import enum
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec

from syncd.model.errors import ConfigError

_SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
_RULES = {
    "error": ("invalid", "What a file says can't be read as it must be; nothing runs with it."),
    "warning": ("doubtful", "What a file says can be read, and does nothing or not what it seems to."),
}


class Format(enum.Enum):
    """How problems are printed."""

    TEXT = "text"
    GITHUB = "github"
    SARIF = "sarif"
    JSON = "json"


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One error or warning; ``file`` is relative to the working folder; line and column count from 1."""

    severity: str
    message: str
    file: str = ""
    line: int = 0
    column: int = 0


def problem_of(error: ConfigError, severity: str, folder: Path | None) -> Problem:
    """Return an error as a problem; ``folder`` is the configuration's, in which its files are named."""
    file = error.file
    if file and folder is not None:
        file = Path(os.path.relpath(folder / file)).as_posix()
    return Problem(severity=severity, message=error.message, file=file, line=error.line, column=error.column)


def github_lines(problems: Sequence[Problem]) -> Iterator[str]:
    """Yield workflow commands, which GitHub shows as annotations at their lines."""
    for each in problems:
        place = {"file": each.file, "line": each.line, "col": each.column, "title": f"syncd {each.severity}"}
        properties = ",".join(f"{key}={_escaped(str(value), _IN_PROPERTY)}" for key, value in place.items() if value)
        yield f"::{each.severity} {properties}::{_escaped(each.message, _IN_MESSAGE)}"


_IN_MESSAGE = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_PROPERTY = {**_IN_MESSAGE, ":": "%3A", ",": "%2C"}


def _escaped(text: str, escapes: Mapping[str, str]) -> str:
    return "".join(escapes.get(each, each) for each in text)


def sarif(problems: Sequence[Problem], version: str) -> dict[str, Any]:
    """Return a SARIF 2.1.0 log."""
    rules = [{"id": name, "shortDescription": {"text": meaning}} for name, meaning in _RULES.values()]
    driver = {"name": "syncd", "semanticVersion": version, "rules": rules}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(each) for each in problems],
    }
    return {"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(problem: Problem) -> dict[str, Any]:
    rule, _ = _RULES[problem.severity]
    result: dict[str, Any] = {"ruleId": rule, "level": problem.severity, "message": {"text": problem.message}}
    if problem.file:
        location: dict[str, Any] = {"artifactLocation": {"uri": quote(problem.file)}}
        if problem.line:
            location["region"] = {"startLine": problem.line, "startColumn": max(problem.column, 1)}
        result["locations"] = [{"physicalLocation": location}]
    return result


def printed(problems: Sequence[Problem], wanted: Format, version: str) -> str:
    """Return the problems in a format for machines."""
    return _PRINTED[wanted](problems, version)


def _json(data: object) -> str:
    return msgspec.json.format(msgspec.json.encode(data)).decode()


def _as_json(problems: Sequence[Problem], version: str) -> str:
    counts = {f"{severity}s": sum(each.severity == severity for each in problems) for severity in _RULES}
    return _json({**counts, "problems": problems})


_PRINTED: dict[Format, Callable[[Sequence[Problem], str], str]] = {
    Format.GITHUB: lambda problems, _: "\n".join(github_lines(problems)),
    Format.SARIF: lambda problems, version: _json(sarif(problems, version)),
    Format.JSON: _as_json,
}
