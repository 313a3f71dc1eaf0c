"""The YAML language server that editors run, spoken to over its own stdin and stdout."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, Self

SERVER = Path(__file__).parents[2] / "build" / "editor" / "node_modules" / ".bin" / "yaml-language-server"
CURSOR = "│"


def why_not() -> str:
    """Return why the server can't be run here, or nothing."""
    if shutil.which("node") is None:
        return "no node on this machine, so no editor to try"
    return "" if SERVER.exists() else "the editor's server is not installed: make editor"


class LanguageServer:
    """One server, ready to be asked; files are as their ``text``, whatever the disk has."""

    def __init__(self) -> None:
        self._process = subprocess.Popen([SERVER, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._last_id = 0
        self._diagnostics: dict[str, list[dict[str, Any]]] = {}
        capabilities = {
            "textDocument": {"completion": {"completionItem": {"snippetSupport": True}}, "publishDiagnostics": {}},
            "workspace": {"configuration": True},
        }
        self._ask("initialize", {"processId": None, "rootUri": None, "capabilities": capabilities})
        self._tell("initialized", {})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ask("shutdown", None)
        self._tell("exit", None)
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(timeout=20)
        self._process.stdout.close()

    def completions(self, path: Path, text: str) -> list[str]:
        """Return what the editor offers at the cursor, which is marked in ``text``."""
        found = self._ask("textDocument/completion", self._at_cursor(path, text))
        return [str(each["label"]) for each in (found["items"] if isinstance(found, dict) else found or [])]

    def hover(self, path: Path, text: str) -> str:
        """Return what the editor shows where the mouse rests, which is marked in ``text``."""
        found = self._ask("textDocument/hover", self._at_cursor(path, text))
        contents = (found or {}).get("contents", "")
        return str(contents["value"] if isinstance(contents, dict) else contents)

    def problems(self, path: Path, text: str) -> list[tuple[int, str]]:
        """Return what the editor underlines: lines, counted from 1, and messages."""
        uri = self._open(path, text)
        while uri not in self._diagnostics:
            self._take(self._read())
        return [(each["range"]["start"]["line"] + 1, each["message"]) for each in self._diagnostics[uri]]

    def _at_cursor(self, path: Path, text: str) -> dict[str, Any]:
        before, _, after = text.partition(CURSOR)
        uri = self._open(path, before + after)
        lines = before.split("\n")
        return {"textDocument": {"uri": uri}, "position": {"line": len(lines) - 1, "character": len(lines[-1])}}

    def _open(self, path: Path, text: str) -> str:
        self._last_id += 1  # a file that was never open: the server remembers those that were
        uri = path.resolve().with_stem(f"{path.stem}-{self._last_id}").as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._tell("textDocument/didOpen", {"textDocument": document})
        return uri

    def _ask(self, method: str, params: Any) -> Any:
        self._last_id += 1
        self._write({"id": self._last_id, "method": method, "params": params})
        while True:
            message = self._read()
            if message.get("id") == self._last_id and "method" not in message:
                assert "error" not in message, message
                return message.get("result")
            self._take(message)

    def _tell(self, method: str, params: Any) -> None:
        self._write({"method": method, "params": params})

    def _take(self, message: dict[str, Any]) -> None:
        if message.get("method") == "textDocument/publishDiagnostics":
            self._diagnostics[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif message.get("method") == "workspace/configuration":
            yaml = {"schemaStore": {"enable": False}, "validate": True, "completion": True, "hover": True}
            answers = [yaml if each.get("section") == "yaml" else None for each in message["params"]["items"]]
            self._write({"id": message["id"], "result": answers})
        elif "id" in message and "method" in message:
            self._write({"id": message["id"], "result": None})

    def _write(self, message: dict[str, Any]) -> None:
        assert self._process.stdin
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._process.stdin.flush()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout
        length = 0
        while line := self._process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        assert length, "the server ended"
        found: dict[str, Any] = json.loads(self._process.stdout.read(length))
        return found
