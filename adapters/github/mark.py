"""The hidden first line that makes a comment ours: an HTML comment with the owner and the hash of what was meant."""

import hashlib
import re
from urllib.parse import quote, unquote

from syncd.model.comments import Mark

_LINE = re.compile(r"<!-- syncd:v(\d{1,4}) owner=([^\s<>]{1,2000}) hash=([0-9a-f]{0,64}) -->")


def line(mark: Mark) -> str:
    """Return the first line of a comment of ours; a workspace's name may have any characters, the line has few."""
    # Two hyphens may end an HTML comment early in some readers.
    owner = quote(mark.owner, safe="/").replace("--", "-%2D")
    return f"<!-- syncd:v{mark.version} owner={owner} hash={mark.hash} -->"


def parse(body: str) -> Mark | None:
    """Return the mark of a body; only a first line that is a mark and nothing else counts."""
    found = _LINE.fullmatch(body.replace("\r\n", "\n").partition("\n")[0].rstrip())
    if found is None:
        return None
    return Mark(version=int(found[1]), owner=unquote(found[2]), hash=found[3])


def body_hash(body: str) -> str:
    """Return what tells whether a body was edited; line ends and a last empty line are the service's to change."""
    return hashlib.sha256(body.replace("\r\n", "\n").rstrip().encode()).hexdigest()[:16]
