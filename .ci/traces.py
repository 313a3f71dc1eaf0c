"""Refuse tracked files that hold a path of somebody's machine or the address of a package index."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

# Written in pieces, so that this file does not accuse itself.
MACHINE_PATH = re.compile(r"(?<![\w.~$}])/(?:" + "|".join(["home", "Users", "root", "work", "workspace"]) + r")/\w")
INDEX = re.compile(r"--(?:extra-)?" + r"index-url|--find" + r"-links|--trusted" + r"-host|file:" + r"//")


def tracked_files(root: Path) -> list[Path]:
    """Return what git tracks under ``root``."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, check=True, capture_output=True, text=True).stdout
    return [root / name for name in listed.split("\0") if name]


def traces(root: Path, paths: list[Path]) -> Iterator[str]:
    """Yield ``file:line: what`` for every trace; a file that is not text has none."""
    for path in paths:
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue
        for number, line in enumerate(lines, start=1):
            for what, pattern in (("a path of one machine", MACHINE_PATH), ("the address of a package index", INDEX)):
                if match := pattern.search(line):
                    yield f"{path.relative_to(root)}:{number}: {what}: {match.group()}"


def main(root: Path) -> int:
    """Check the repository at ``root``; 1 when a trace was found."""
    found = list(traces(root, tracked_files(root)))
    for line in found:
        print(line, file=sys.stderr)
    print(f"traces of a machine: {len(found)}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else ".")))
