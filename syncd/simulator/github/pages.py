"""GitHub Markdown as safe HTML, for pages that show people what stands in an issue: the part of it that is used most.

Headings, lists, quotes, code, bold, links and ``details`` are shown; HTML comments are hidden, as GitHub hides them;
everything else is shown as it was typed, escaped.
"""

import re
from collections.abc import Iterator
from html import escape, unescape

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_OPEN_FOLD = re.compile(r"\s*<details(?: open)?>\s*(?:<summary>(.*?)</summary>)?\s*", re.IGNORECASE)
_SUMMARY = re.compile(r"\s*<summary>(.*?)</summary>\s*", re.IGNORECASE)
_CLOSE_FOLD = re.compile(r"\s*</details>\s*", re.IGNORECASE)
_FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r"\s{0,3}(#{1,6})\s+(.+?)\s*#*\s*")
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])\s+(.*)")
_QUOTE = re.compile(r"\s{0,3}>\s?(.*)")
_INLINE = re.compile(
    r"(?P<fence>`+)(?P<code>.+?)(?<!`)(?P=fence)(?!`)"
    r"|\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|\*\*(?P<bold>(?:\\.|[^\\])+?)\*\*"
    r"|\[(?P<text>(?:\\.|[^\\\]])*)\]\((?P<url>https?://[^\s()<>\"]+)\)"
    r"|<(?P<auto>https?://[^\s<>\"]+)>"
)


def markdown_html(text: str) -> str:
    """Return Markdown as HTML: every text escaped, links only to web addresses, every tag closed."""
    lines = _COMMENT.sub("", text.replace("\r\n", "\n")).split("\n")
    return "".join(_blocks(lines))


def _blocks(lines: list[str]) -> Iterator[str]:
    depth, at = 0, 0
    while at < len(lines):
        line = lines[at]
        if fold := _OPEN_FOLD.fullmatch(line):
            title = fold[1]
            if title is None and at + 1 < len(lines) and (found := _SUMMARY.fullmatch(lines[at + 1])):
                title, at = found[1], at + 1
            depth, at = depth + 1, at + 1
            yield f"<details><summary>{escape(unescape(title or 'Details'))}</summary>"
        elif _CLOSE_FOLD.fullmatch(line) and depth:
            depth, at = depth - 1, at + 1
            yield "</details>"
        elif fence := _FENCE.match(line):
            end = next((n for n in range(at + 1, len(lines)) if lines[n].strip().startswith(fence[1])), len(lines))
            yield f"<pre><code>{escape(chr(10).join(lines[at + 1 : end]))}</code></pre>"
            at = end + 1
        else:
            run = _run(lines, at)
            at += len(run)
            yield _run_html(run)
    yield "</details>" * depth


def _run(lines: list[str], at: int) -> list[str]:
    """Return the lines from ``at`` on that make one block: of one kind, up to an empty line or a fence or fold."""
    run = [lines[at]]
    kind = _kind(lines[at])
    for line in lines[at + 1 :]:
        if kind in ("", "heading") or _kind(line) != kind or _is_edge(line):
            break
        run.append(line)
    return run


def _is_edge(line: str) -> bool:
    return bool(_FENCE.match(line) or _OPEN_FOLD.fullmatch(line) or _CLOSE_FOLD.fullmatch(line))


def _kind(line: str) -> str:
    if not line.strip():
        return ""
    if _HEADING.fullmatch(line):
        return "heading"
    if _QUOTE.fullmatch(line):
        return "quote"
    return "list" if _ITEM.fullmatch(line) else "paragraph"


def _run_html(run: list[str]) -> str:
    kind = _kind(run[0])
    if kind == "heading" and (found := _HEADING.fullmatch(run[0])):
        level = len(found[1])
        return f"<h{level}>{_inline(found[2])}</h{level}>"
    if kind == "list":
        items = (found[1] for line in run if (found := _ITEM.fullmatch(line)))
        return f"<ul>{''.join(f'<li>{_inline(item)}</li>' for item in items)}</ul>"
    if kind == "quote":
        inner = [found[1] for line in run if (found := _QUOTE.fullmatch(line))]
        return f"<blockquote><p>{'<br>'.join(_inline(line) for line in inner)}</p></blockquote>"
    return f"<p>{'<br>'.join(_inline(line.strip()) for line in run)}</p>" if kind else ""


def _inline(text: str) -> str:
    parts, last = [], 0
    for found in _INLINE.finditer(text):
        parts += [_plain(text[last : found.start()]), _marked(found)]
        last = found.end()
    return "".join([*parts, _plain(text[last:])])


def _marked(found: re.Match[str]) -> str:
    if found["fence"]:
        return f"<code>{escape(found['code'].strip())}</code>"
    if found["escaped"]:
        return escape(found["escaped"])
    if found["bold"]:
        return f"<strong>{_inline(found['bold'])}</strong>"
    words = _inline(found["text"]) if found["url"] else escape(found["auto"])
    return f'<a href="{escape(found["url"] or found["auto"])}" rel="nofollow noreferrer">{words}</a>'


def _plain(text: str) -> str:
    return escape(unescape(text))
