"""The burn-up of an outcome: what there was to do, what was done, what was agreed, and what came later and why."""

from collections.abc import Iterator
from datetime import date, timedelta

from markupsafe import Markup

from syncd.web.report.burnup import BurnUp, Point
from syncd.web.report.drawing.canvas import WIDTH, Scale, line, path, picture, spread, text

HEIGHT = 250
_LEFT, _RIGHT, _TOP, _BOTTOM = 36, 92, 30, 28
_LINES = 4
_CAUSES = 4
"""So many patterns there are for causes."""


def burnup_picture(burnup: BurnUp, title: str, name: str) -> Markup:
    """Return the picture of a burn-up; ``name`` is unique on the page."""
    drawing = _Drawing(burnup)
    return picture(HEIGHT, f"Burn-up of {title}", _in_words(burnup), drawing.shapes(), name)


def _in_words(burnup: BurnUp) -> str:
    first, last = burnup.points[0], burnup.points[-1]
    agreed = "" if burnup.agreed_count is None else f" Agreed: {burnup.agreed_count} items on {burnup.agreed_on}."
    grown = f"from {first.item_count} items on {first.day} to {last.item_count} on {last.day}"
    return f"It went {grown}; done: {first.done_count}, then {last.done_count}.{agreed}"


class _Drawing:
    """Where everything of one burn-up is."""

    def __init__(self, burnup: BurnUp) -> None:
        self._burnup = burnup
        self._points = burnup.points
        first, today = self._points[0].day, self._points[-1].day
        # A date far ahead would press all that happened into a corner.
        farthest = today + max(today - first, timedelta(weeks=8))
        ahead = [day for day in (burnup.target_date, burnup.p50, burnup.p85) if day is not None]
        self.x = Scale(first, max([today, *(day for day in ahead if day <= farthest)]), _LEFT, WIDTH - _RIGHT)
        self._beyond = farthest
        counts = [point.item_count for point in self._points]
        self.most = max(*counts, burnup.agreed_count or 0, 1)

    def y(self, count: float) -> float:
        """Return the height of a count."""
        return HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * count / self.most

    def shapes(self) -> Iterator[Markup]:
        """Yield everything, what is behind first."""
        yield from self._grid()
        yield from self._growth()
        yield from self._marks()
        burnup, end = self._burnup, WIDTH - _RIGHT
        if burnup.agreed_count is not None and burnup.agreed_on is not None:
            y = self.y(burnup.agreed_count)
            yield line(self.x.at(burnup.agreed_on), y, end, y, "agreed")
        yield path([(self.x.at(each.day), self.y(each.item_count)) for each in self._points], "total")
        yield path([(self.x.at(each.day), self.y(each.done_count)) for each in self._points], "done")
        yield from self._names()

    def _grid(self) -> Iterator[Markup]:
        step = max(1, -(-self.most // _LINES))
        for count in range(0, self.most + 1, step):
            y = self.y(count)
            yield line(_LEFT, y, WIDTH - _RIGHT, y, "grid")
            yield text(_LEFT - 5, y + 4, str(count), "small", "end")
        for day, anchor in ((self.x.first, "start"), (self.x.last, "end")):
            yield text(self.x.at(day), HEIGHT - 8, day.isoformat(), "small", anchor)

    def _growth(self) -> Iterator[Markup]:
        """Yield what came after the agreement, by cause, on top of what was agreed."""
        burnup = self._burnup
        if burnup.agreed_count is None or not burnup.causes:
            return
        below = [float(burnup.agreed_count)] * len(self._points)
        for index in range(len(burnup.causes[0])):
            above = [base + week[index].count for base, week in zip(below, burnup.causes, strict=True)]
            if above[-1] > below[-1]:
                edges = [*self._edge(above), *reversed(self._edge(below))]
                yield path(edges, f"cause cause{index % _CAUSES}", is_closed=True)
            below = above

    def _edge(self, counts: list[float]) -> list[tuple[float, float]]:
        pairs = zip(self._points, counts, strict=True)
        return [(self.x.at(point.day), self.y(min(count, self.most))) for point, count in pairs]

    def _marks(self) -> Iterator[Markup]:
        """Yield the days that matter, each with its name above."""
        burnup, today = self._burnup, self._points[-1].day
        marks = [(today, "today", "today"), (burnup.target_date, burnup.due_name, "due")]
        marks += [(burnup.p50, "p50", "forecast"), (burnup.p85, "p85", "forecast")]
        shown = sorted((day, name, kind) for day, name, kind in marks if day is not None and self._fits(day))
        places = spread([self.x.at(day) for day, _, _ in shown], 40, _LEFT + 12, WIDTH - _RIGHT + 14)
        for (day, name, kind), place in zip(shown, places, strict=True):
            yield line(self.x.at(day), _TOP - 6, self.x.at(day), HEIGHT - _BOTTOM, kind)
            yield text(place, _TOP - 12, name, "small", "middle")

    def _fits(self, day: date) -> bool:
        return self.x.first <= day <= self._beyond

    def _names(self) -> Iterator[Markup]:
        """Yield what each line is, at its end."""
        last: Point = self._points[-1]
        named = [(last.item_count, f"{last.item_count} items"), (last.done_count, f"{last.done_count} done")]
        if self._burnup.agreed_count is not None:
            named.append((self._burnup.agreed_count, f"{self._burnup.agreed_count} agreed"))
        named.sort(key=lambda each: -each[0])
        places = spread([self.y(count) for count, _ in named], 15, _TOP, HEIGHT - _BOTTOM + 4)
        for (_, words), y in zip(named, places, strict=True):
            yield text(WIDTH - _RIGHT + 6, y + 4, words, "label")
