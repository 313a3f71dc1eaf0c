"""Count the lines of files and functions and refuse those over the limits in pyproject.toml; print how we stand."""

import ast
import statistics
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple


class Counted(NamedTuple):
    """A file or a function and its lines; a function's name is ``path::Class.function``."""

    name: str
    line_count: int


def functions_of(path: str, text: str) -> list[Counted]:
    """Return the functions of a file; one line and the end where it is not Python."""
    try:
        return list(functions(path, ast.parse(text)))
    except SyntaxError as error:
        sys.exit(f"{path}:{error.lineno}: {error.msg}")


def functions(path: str, tree: ast.AST, inside: str = "") -> Iterator[Counted]:
    """Yield every function, nested ones too, from its ``def`` to its last line."""
    for node in ast.iter_child_nodes(tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from functions(path, node, inside)
            continue
        name = f"{inside}{node.name}"
        if not isinstance(node, ast.ClassDef):
            yield Counted(f"{path}::{name}", (node.end_lineno or node.lineno) - node.lineno + 1)
        yield from functions(path, node, f"{name}.")


def summary(kind: str, counted: list[Counted]) -> str:
    """Return one line with the median, the ninth decile and the largest."""
    if not counted:
        return f"{kind}: none"
    lines = sorted(one.line_count for one in counted)
    largest = max(counted, key=lambda one: one.line_count)
    median, p90 = statistics.median(lines), lines[len(lines) * 9 // 10]
    return f"{kind}: {len(lines)}, median {median:.0f}, p90 {p90}, largest {largest.line_count} ({largest.name})"


def complaints(counted: list[Counted], limit: int, exceptions: dict[str, str]) -> Iterator[str]:
    """Yield a line for each that is over the limit without an exception."""
    for name, line_count in counted:
        if line_count > limit and not exceptions.get(name):
            yield f"{name}: {line_count} lines, the limit is {limit}"


def main(root: Path) -> int:
    """Check the tree under ``root``; 1 when something is too long or an exception excuses nothing."""
    settings = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["lengths"]
    exceptions: dict[str, str] = settings["exceptions"]
    paths = sorted(path for folder in settings["folders"] for path in (root / folder).rglob("*.py"))
    sources = {path.relative_to(root).as_posix(): path.read_text() for path in paths}
    files = [Counted(name, len(text.splitlines())) for name, text in sources.items()]
    found = [one for name, text in sources.items() for one in functions_of(name, text)]

    errors = [
        *complaints(files, settings["file_lines"], exceptions),
        *complaints(found, settings["function_lines"], exceptions),
    ]
    over = {name for name, count in files if count > settings["file_lines"]}
    over |= {name for name, count in found if count > settings["function_lines"]}
    idle = sorted(exceptions.keys() - over)
    errors += [f"pyproject.toml: the exception for {name} excuses nothing: remove it" for name in idle]

    print(summary("files", files))
    print(summary("functions", found))
    for error in errors:
        print(error, file=sys.stderr)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else ".")))
