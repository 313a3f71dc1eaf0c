"""Makes text harmless in GitHub Markdown: it can't ping, link, format, hide, or close what surrounds it."""

import html
import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import quote, urlsplit, urlunsplit

GAP = "\u200b"
"""A zero-width space: invisible, and no longer the pattern that GitHub looks for."""

_UNSEEN = ("Cc", "Cf", "Cs", "Co")
# What GitHub turns into links after the Markdown is rendered, where no backslash helps any more: mentions, issues,
# GH-1 and an organisation's own KEY-1, addresses, e-mails, :emoji:, $formulas$, commits.
# A comment of HTML does nothing once escaped; the gap keeps it from being one for whoever reads the source.
_LINKED = re.compile(r"@|#|<(?=!)|\$|-(?=\d|$)|:(?=\S|$)|\bwww(?=\.|$)", re.IGNORECASE)
_COMMIT = re.compile(r"[0-9a-f]{7,}", re.IGNORECASE)
_MARKUP = str.maketrans({char: f"\\{char}" for char in "\\`*_[]<>~|&"})
_LINE_START = re.compile(r"[-+=]|\d{1,9}(?=[.)])")
_GITHUB = "github.com"
_NO_BACKLINK = "redirect.github.com"
_SAFE_IN_URL = "/:?&=%#+,;@~!$*'"


def folded(text: str) -> str:
    """Return text on one line: white space becomes single spaces; control, format and bidirectional characters go."""
    spaced = re.sub(r"\s+", " ", text)
    return "".join(char for char in spaced if char == " " or unicodedata.category(char) not in _UNSEEN)


def unlinked(text: str) -> str:
    """Return folded text in which GitHub finds nothing to link, ping or turn into an emoji."""
    # A formula begins after a space, so that one needs a gap before it, too.
    gaps = _LINKED.sub(lambda found: (GAP if found[0] == "$" else "") + found[0] + GAP, folded(text))
    return _COMMIT.sub(lambda found: GAP.join(re.findall(r".{1,6}", found[0])), gaps)


def markdown_text(text: str) -> str:
    """Return text that Markdown shows as it is; the start of a line needs ``line_start`` too."""
    return unlinked(text).translate(_MARKUP)


def apart(parts: Iterable[str]) -> str:
    """Return rendered parts of a line together; a gap is where two would be one word, one fence, or an image."""
    line = ""
    for part in parts:
        end, start = line[-1:], part[:1]
        is_one = (end.isalnum() and start.isalnum()) or end + start in ("``", "**", "![")
        line += GAP + part if is_one else part
    return line


def html_text(text: str) -> str:
    """Return text for inside an HTML tag, where Markdown is not read but mentions still ping."""
    return html.escape(unlinked(text))


def line_start(line: str) -> str:
    """Return a rendered line that begins no list, rule or heading."""
    stripped = line.strip()
    found = _LINE_START.match(stripped)
    if found is None:
        return stripped
    at = found.end() if found[0].isdecimal() else 0
    return f"{stripped[:at]}\\{stripped[at:]}"


def code(text: str) -> str:
    """Return text as a code span, in which GitHub links and pings nothing."""
    words = folded(text).strip().replace("<!", f"<{GAP}!")
    if not words:
        return ""
    fence = "`" * (max((len(run) for run in re.findall("`+", words)), default=0) + 1)
    pad = " " if words.startswith("`") or words.endswith("`") else ""
    return f"{fence}{pad}{words}{pad}{fence}"


def address(url: str, web_host: str) -> str:
    """Return a URL that may stand in a link, nothing where it may not.

    A link to an issue, even ours, writes "mentioned this" into that issue's timeline. github.com has a host that
    doesn't; a server of one's own (``web_host``) has none, so nothing there is linked.
    """
    if any(char.isspace() or unicodedata.category(char) in _UNSEEN for char in url):
        return ""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.").rstrip(".")
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        return ""
    if host == _GITHUB:
        parts = parts._replace(scheme="https", netloc=_NO_BACKLINK)
    elif host == web_host:
        return ""
    return quote(urlunsplit(parts), safe=_SAFE_IN_URL)


def link(text: str, url: str, web_host: str) -> str:
    """Return ``text`` as code, linked where its address allows it."""
    words, target = code(text), address(url, web_host)
    return f"[{words}]({target})" if words and target else words
