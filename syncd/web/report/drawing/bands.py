"""A forecast as a band of time: half of the draws are done at its first mark, 85 % at its end, beside the due date."""

from collections.abc import Iterator
from datetime import date

from markupsafe import Markup

from syncd.model.snapshots import Forecast
from syncd.web.report.drawing.canvas import WIDTH, Scale, box, line, picture, spread, text

HEIGHT = 84
_LEFT, _RIGHT = 12, 12
_BAND, _THICK = 38, 14


def band_picture(pace: Forecast, today: date, title: str, name: str) -> Markup | None:
    """Return the picture of a forecast; None where there are no days to draw."""
    if pace.unknown or pace.p50 is None:
        return None
    days = [today, pace.p50, *(day for day in (pace.p85, pace.target_date) if day is not None)]
    scale = Scale(min(days), max(days), _LEFT + 30, WIDTH - _RIGHT - 30)
    return picture(HEIGHT, f"Forecast of {title}", _in_words(pace, today), _shapes(pace, today, scale), name)


def _in_words(pace: Forecast, today: date) -> str:
    last = f", 85 % by {pace.p85}" if pace.p85 else ""
    due = f" It is due {pace.target_date}." if pace.target_date else " It has no date."
    return f"Today is {today}. Half of the draws are done by {pace.p50}{last}.{due}"


def _shapes(pace: Forecast, today: date, scale: Scale) -> Iterator[Markup]:
    yield line(_LEFT, _BAND + _THICK / 2, WIDTH - _RIGHT, _BAND + _THICK / 2, "grid")
    p50 = scale.at(pace.p50) if pace.p50 else 0
    end = scale.at(pace.p85) if pace.p85 else float(WIDTH - _RIGHT)
    yield box(p50, _BAND, max(3, end - p50), _THICK, "band")
    marks = [(today, "today", "today"), (pace.p50, "half", "forecast"), (pace.p85, "85 %", "forecast")]
    marks.append((pace.target_date, "due", "due"))
    shown = sorted((day, name, kind) for day, name, kind in marks if day is not None)
    places = spread([scale.at(day) for day, _, _ in shown], 76, _LEFT + 36, WIDTH - _RIGHT - 36)
    for (day, name, kind), place in zip(shown, places, strict=True):
        x = scale.at(day)
        yield line(x, _BAND - 8, x, _BAND + _THICK + 8, kind)
        yield text(place, _BAND - 16, name, "small", "middle")
        yield text(place, _BAND + _THICK + 24, day.isoformat(), "small", "middle")
