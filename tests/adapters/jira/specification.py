"""Jira's published OpenAPI file as a judge of requests and answers; only what is asked of it is compiled."""

import gzip
import json
import re
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from jsonschema import Draft7Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7


class Specification:
    """Says what is wrong with an exchange, in words; nothing is wrong with what it is silent on."""

    def __init__(self, path: Path) -> None:
        with gzip.open(path) as file:
            self._spec = json.load(file, object_hook=_with_null)
        self._registry: Registry = Registry().with_resource(
            "spec", Resource.from_contents(self._spec, default_specification=DRAFT7)
        )
        self._validators: dict[str, Draft7Validator] = {}

    @cached_property
    def _routes(self) -> list[tuple[re.Pattern[str], str]]:
        # More literal templates first: /issue/bulkfetch is not an issue.
        paths = sorted(self._spec["paths"], key=lambda path: (path.count("{"), path))
        return [(re.compile(re.sub(r"\\{[^}]*\\}", "[^/]+", re.escape(path))), path) for path in paths]

    def faults(self, method: str, url: str, body: bytes | None, status: int, answer: bytes) -> list[str]:
        """Return what the published specification has against a request and its answer."""
        parts = urlsplit(url)
        path = "/rest/" + parts.path.partition("/rest/")[2]
        template = next((template for pattern, template in self._routes if pattern.fullmatch(path)), None)
        operation = self._spec["paths"].get(template, {}).get(method.lower())
        if operation is None:
            return [f"{method} {path}: no such operation"]
        where = f"{method} {template}"
        found = [f"{where}: {fault}" for fault in self._query_faults(operation, parts.query)]
        found += self._body_faults(operation, body, where)
        return found + self._answer_faults(operation, status, answer, f"{where} -> {status}")

    def _query_faults(self, operation: dict[str, Any], query: str) -> list[str]:
        known = {each["name"]: each for each in operation.get("parameters", ()) if each["in"] == "query"}
        given = parse_qsl(query, keep_blank_values=True)
        names = [name for name, _ in given]
        found = [f"unknown query parameter {name}" for name in names if name not in known]
        found += [
            f"missing query parameter {name}" for name in known if known[name].get("required") and name not in names
        ]
        for name, value in given:
            kind = known.get(name, {}).get("schema", {}).get("type")
            if (kind == "integer" and not value.isdigit()) or (kind == "boolean" and value not in ("true", "false")):
                found.append(f"query parameter {name}={value} is no {kind}")
            allowed = known.get(name, {}).get("schema", {}).get("enum")
            if allowed and value not in allowed:
                found.append(f"query parameter {name}={value} is none of {allowed}")
        return found

    def _body_faults(self, operation: dict[str, Any], body: bytes | None, where: str) -> list[str]:
        expected = operation.get("requestBody")
        if body is None:
            return [f"{where}: a body is required"] if expected and expected.get("required") else []
        if expected is None:
            return [f"{where}: a body is not expected"]
        return self._schema_faults(expected["content"]["application/json"]["schema"], json.loads(body), where)

    def _answer_faults(self, operation: dict[str, Any], status: int, answer: bytes, where: str) -> list[str]:
        expected = operation["responses"].get(str(status))
        if expected is None:
            return [f"{where}: a status that is not documented"]
        schema = expected.get("content", {}).get("application/json", {}).get("schema")
        return self._schema_faults(schema, json.loads(answer), where) if schema and answer else []

    def _schema_faults(self, schema: dict[str, Any], value: Any, where: str) -> list[str]:
        key = json.dumps(schema, sort_keys=True)
        if key not in self._validators:
            pointed = json.loads(key.replace('"#/', '"spec#/'))
            self._validators[key] = Draft7Validator(pointed, registry=self._registry)
        return [
            f"{where}: {'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"
            for error in self._validators[key].iter_errors(value)
        ]


def _with_null(node: dict[str, Any]) -> dict[str, Any]:
    """Say ``nullable`` as JSON Schema does."""
    return {**node, "type": [node["type"], "null"]} if node.get("nullable") and "type" in node else node
