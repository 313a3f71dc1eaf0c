"""Shapes of a picture as SVG text; what others wrote is escaped, and every colour has a shape or a word beside it."""

from collections.abc import Iterable, Sequence
from datetime import date
from unicodedata import east_asian_width

from markupsafe import Markup

WIDTH = 520
"""Of every picture, in units of which the page shows one as a pixel or a little more."""


def picture(height: float, title: str, description: str, shapes: Iterable[Markup], name: str) -> Markup:
    """Return a picture that says to a reader who can't see it what it shows; ``name`` is unique on the page."""
    inner = Markup("").join(shapes)
    return Markup(
        '<svg class="picture" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img" '
        'aria-labelledby="{}-t {}-d"><title id="{}-t">{}</title><desc id="{}-d">{}</desc>{}</svg>'
    ).format(WIDTH, number(height), name, name, name, title, name, description, inner)


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> Markup:
    """Return words at a place; ``anchor`` is start, middle or end."""
    return Markup('<text x="{}" y="{}" class="{}" text-anchor="{}">{}</text>').format(
        number(x), number(y), kind, anchor, words
    )


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Markup:
    """Return a straight line."""
    ends = tuple(map(number, (x1, y1, x2, y2)))
    return Markup('<line x1="{}" y1="{}" x2="{}" y2="{}" class="{}"/>').format(*ends, kind)


def box(x: float, y: float, width: float, height: float, kind: str) -> Markup:
    """Return a box with round corners."""
    sides = tuple(map(number, (x, y, width, height)))
    return Markup('<rect x="{}" y="{}" width="{}" height="{}" rx="3" class="{}"/>').format(*sides, kind)


def path(points: Sequence[tuple[float, float]], kind: str, *, is_closed: bool = False) -> Markup:
    """Return a line through points, or the area that they enclose."""
    steps = " ".join(f"{'L' if index else 'M'}{number(x)} {number(y)}" for index, (x, y) in enumerate(points))
    return Markup('<path d="{}{}" class="{}"/>').format(steps, " Z" if is_closed else "", kind)


def number(value: float) -> str:
    """Return a length to a tenth."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def shortened(words: str, longest: int) -> str:
    """Return words cut to a width in letters, of which a Chinese one or an emoji fills two."""
    width = 0
    for index, sign in enumerate(words):
        width += 2 if east_asian_width(sign) in ("W", "F") else 1
        if width > longest:
            return words[: max(0, index - 1)].rstrip() + "…"
    return words


class Scale:
    """Puts days on a line from ``left`` to ``right``."""

    def __init__(self, first: date, last: date, left: float, right: float) -> None:
        self.first = first
        self.last = max(last, first)
        self._left = left
        self._right = right
        self._days = max(1, (self.last - self.first).days)

    def at(self, day: date) -> float:
        """Return where a day is; what is beyond an end is at that end."""
        days = min(max((day - self.first).days, 0), self._days)
        return self._left + (self._right - self._left) * days / self._days


def spread(places: Sequence[float], least: float, low: float, high: float) -> list[float]:
    """Return places moved apart until each is ``least`` from the next, in their order, within two ends if they fit."""
    found: list[float] = []
    for place in places:
        found.append(max(place, found[-1] + least if found else low))
    over = found[-1] - high if found else 0.0
    for index in range(len(found) - 1, -1, -1):
        limit = high if index == len(found) - 1 else found[index + 1] - least
        found[index] = min(found[index], limit) if over > 0 else found[index]
    return found
