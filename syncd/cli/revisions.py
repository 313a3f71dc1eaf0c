"""Rules as they were at a revision of git; git is asked, and nothing in its repository is touched."""

import io
import shutil
import subprocess
import tarfile
from pathlib import Path, PurePosixPath

from syncd.documents import Document, parse_document
from syncd.model.errors import ConfigError

_RULES = "rules"


def documents_at(folder: Path, revision: str) -> list[Document]:
    """Return the rules' files of a workspace's folder at a revision.

    Raises:
        ConfigError: there is no git, the folder is in no repository, or the revision is not there or has no rules.
    """
    if shutil.which("git") is None:
        raise ConfigError("--against asks git for earlier rules, and there is no git on the PATH")
    if not _git(folder, "rev-parse", "--is-inside-work-tree")[0]:
        raise ConfigError(f"--against: '{folder}' is in no git repository, so there is nothing to compare with")
    is_there, commit = _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if not is_there:
        message = f"--against: git knows no revision '{revision}' here"
        raise ConfigError(f"{message}; a branch of a remote needs `git fetch`, and a check its whole history")
    has_rules, packed = _git(folder, "archive", "--format=tar", commit.decode().strip(), "--", _RULES)
    documents = _documents(packed, revision) if has_rules else []
    if not documents:
        raise ConfigError(f"--against: at '{revision}' there are no rules in '{folder / _RULES}'")
    return documents


def _documents(packed: bytes, revision: str) -> list[Document]:
    found = []
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        for member in sorted(archive.getmembers(), key=lambda each: each.name):
            path = PurePosixPath(member.name)
            stream = archive.extractfile(member) if member.isfile() else None
            # Files deeper down are cases.
            if stream is not None and path.suffix == ".yaml" and path.parent.name == _RULES:
                name = f"{revision}:{member.name}"
                try:
                    found.append(parse_document(stream.read().decode(), name))
                except UnicodeDecodeError:
                    raise ConfigError("is not text in UTF-8", file=name) from None
    return found


def _git(folder: Path, *arguments: str) -> tuple[bool, bytes]:
    """Return whether git did it, and what it printed."""
    done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=False)
    return done.returncode == 0, done.stdout
