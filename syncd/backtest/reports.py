"""A backtest as text for a terminal, as Markdown for a pull request, and as JSON."""

from collections.abc import Iterator

import msgspec

from syncd.backtest.replay import Backtest
from syncd.backtest.tables import Table, headline, honesty, tables

_NOTHING = "No rule differs."


def text_lines(found: Backtest) -> Iterator[str]:
    """Yield the lines for a terminal."""
    yield headline(found)
    yield from honesty(found.shares)
    for table in tables(found):
        yield ""
        yield table.title
        yield from _aligned(table) if table.rows else [f"  {_NOTHING}"]


def _aligned(table: Table) -> Iterator[str]:
    rows = [table.head, *table.rows]
    widths = [max(len(row[column]) for row in rows) for column in range(len(table.head))]
    for row in rows:
        cells = [
            cell.ljust(width) if column < table.words else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  " + "  ".join(cells).rstrip()


def markdown_lines(found: Backtest) -> Iterator[str]:
    """Yield the lines of a Markdown document."""
    yield f"## Backtest of {_escaped(found.new.name)}"
    yield ""
    yield headline(found)
    yield from (f"{sentence}" for sentence in honesty(found.shares))
    for number, table in enumerate(tables(found)):
        # What the pull request changes is read first; the rest is there for who wants it.
        is_folded = found.old is not None and 0 < number <= 2
        yield ""
        yield f"<details><summary>{_escaped(table.title)}</summary>" if is_folded else f"### {_escaped(table.title)}"
        yield ""
        yield from _piped(table) if table.rows else [_NOTHING]
        if is_folded:
            yield ""
            yield "</details>"


def _piped(table: Table) -> Iterator[str]:
    yield _pipe(table.head)
    yield "|" + "|".join(" --- " if column < table.words else " ---: " for column in range(len(table.head))) + "|"
    yield from map(_pipe, table.rows)


def _pipe(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(map(_escaped, cells)) + " |"


def _escaped(cell: str) -> str:
    """Return words that are no markup: what a tracker or a branch calls itself is shown, not obeyed."""
    plain = " ".join(cell.split())
    for sign in ("\\", "|", "`", "*", "[", "]", "<", ">", "@"):
        plain = plain.replace(sign, f"\\{sign}" if sign not in "<>@" else _ENTITIES[sign])
    return plain


_ENTITIES = {"<": "&lt;", ">": "&gt;", "@": "&#64;"}


def json_of(found: Backtest) -> str:
    """Return all of it as JSON."""
    return msgspec.json.format(msgspec.json.encode(found)).decode()
