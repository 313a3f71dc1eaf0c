"""Lengths of time as an admin writes them: ``90m``, ``12h``, ``3d``, ``2w``, ``2wd``, or ``0``."""

import re
from datetime import timedelta

from syncd.model.findings import Span

PATTERN = r"^(0|[0-9]{1,5}(m|h|d|w|wd))$"
EXPECTED = "a length of time: an integer and m, h, d, w or wd (working days), such as 3d, or 0"

_WRITTEN = re.compile(r"([0-9]{1,5})(m|h|d|wd|w)\Z")
_UNITS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}


def span_of(text: str) -> Span | None:
    """Return the span that is written, or None where it is none."""
    if text == "0":
        return Span()
    written = _WRITTEN.match(text)
    if not written:
        return None
    count, unit = int(written[1]), written[2]
    return Span(working_days=count) if unit == "wd" else Span(exact=count * _UNITS[unit])
