"""The report as one HTML page: nothing is fetched, no script runs, and what others wrote can't be more than text."""

import unicodedata
from datetime import date, datetime
from functools import cache

from jinja2 import Environment, PackageLoader
from markupsafe import Markup, escape

from syncd.model.comments import Day, Leaf, Line, Quote, Reference
from syncd.model.comments import Text as Words
from syncd.model.truth import Unknown
from syncd.web.report.contents import Detail, Report
from syncd.web.report.drawing.bands import band_picture
from syncd.web.report.drawing.burnup import burnup_picture
from syncd.web.report.drawing.chain import chain_picture

_LONGEST = 300
_SAFE = ("https://", "http://")
_KEPT = ("\u200d", "\ufe0f")
"""What joins the parts of one emoji."""


def page_of(report: Report) -> str:
    """Return the page."""
    return _environment().get_template("report.html.j2").render(report=report, pictures=_pictures(report))


class Pictures:
    """The pictures of one outcome's part of the page, each None where there is nothing to draw."""

    def __init__(self, detail: Detail, today: date, number: int) -> None:
        title = visible(detail.row.outcome.title)
        is_drawn = not detail.burnup.is_empty and len(detail.burnup.points) > 1
        self.burnup = burnup_picture(detail.burnup, title, f"b{number}") if is_drawn else None
        self.chain = chain_picture(detail.chain, title, f"c{number}")
        self.band = band_picture(detail.row.pace, today, title, f"f{number}")


def _pictures(report: Report) -> list[Pictures]:
    today = report.since_then.today
    return [Pictures(detail, today, number) for number, detail in enumerate(report.details)]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("syncd.web", "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(
        line=line_html,
        visible=visible,
        href=href,
        counted=counted,
        percent=percent,
        minute=minute,
        signed=signed,
        amount=amount,
    )
    return environment


def line_html(line: Line) -> Markup:
    """Return a line of leaves; words of others stand apart, so that their direction can't turn ours."""
    return Markup("").join(_leaf(leaf) for leaf in line)


def _leaf(leaf: Leaf) -> Markup:
    if isinstance(leaf, Words):
        kind = "code" if leaf.code else "strong" if leaf.strong else ""
        return Markup(f"<{kind}>{{}}</{kind}>").format(leaf.text) if kind else escape(leaf.text)
    if isinstance(leaf, Day):
        return Markup('<time datetime="{}">{}</time>').format(leaf.on, leaf.on)
    if isinstance(leaf, Quote):
        return Markup("<bdi>{}</bdi>").format(visible(leaf.text))
    return key_html(leaf)


def key_html(leaf: Reference) -> Markup:
    """Return a key that leads to its tracker."""
    address = href(leaf.url)
    key = Markup("<bdi>{}</bdi>").format(visible(leaf.key))
    return Markup('<a href="{}">{}</a>').format(address, key) if address else key


def href(url: str) -> str:
    """Return an address that may be followed; empty for any other."""
    return url if url.lower().startswith(_SAFE) else ""


def visible(text: str) -> str:
    """Return text in one line without signs that can't be seen or that turn its direction, cut where it is long."""
    signs = (_seen(each) for each in text[: 2 * _LONGEST])
    line = " ".join("".join(signs).split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def _seen(sign: str) -> str:
    if sign in _KEPT:
        return sign
    kind = unicodedata.category(sign)
    return " " if kind in ("Cc", "Zl", "Zp") else "" if kind in ("Cf", "Cs", "Co", "Cn") else sign


def counted(count: int, one: str, many: str = "") -> str:
    """Return "1 item" or "2 items"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def percent(share: float | Unknown | None) -> str:
    """Return a share as a percentage; a dash where there is none."""
    return f"{share:.0%}".replace("%", "\N{NO-BREAK SPACE}%") if isinstance(share, int | float) else "-"


def signed(count: int) -> str:
    """Return a number with its sign."""
    return f"+{count:,}" if count > 0 else f"\N{MINUS SIGN}{-count:,}" if count else "±0"


def amount(value: float) -> str:
    """Return a number as short as it can be told."""
    return f"{value:.2g}" if abs(value) < 10 else f"{value:,.0f}"


def minute(at: datetime) -> str:
    """Return an instant to the minute."""
    return f"{at:%Y-%m-%d %H:%M} UTC"
