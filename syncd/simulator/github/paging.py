"""Lists in pages, with the Link header that leads on."""

from collections.abc import Callable, Sequence
from typing import TypeVar
from urllib.parse import urlencode

from syncd.simulator.github.wire import Answer, Call, Json

Row = TypeVar("Row")

PAGE_SIZE = 30
PAGE_MAX = 100


def page(call: Call, things: Sequence[Row], row: Callable[[Row], Json]) -> Answer:
    """Return the asked page of ``things`` as rows; only these are made."""
    size = call.number("per_page", PAGE_SIZE, PAGE_MAX)
    number = call.number("page", 1)
    rows = [row(thing) for thing in things[(number - 1) * size : number * size]]
    return Answer(200, rows, _links(call, number, max(1, -(-len(things) // size))))


def _links(call: Call, number: int, last: int) -> dict[str, str]:
    targets: dict[str, int] = {}
    if number > 1:
        targets |= {"prev": min(number - 1, last), "first": 1}
    if number < last:
        targets |= {"next": number + 1, "last": last}
    asked = [(name, value) for name, value in call.query.multi_items() if name != "page"]
    links = (
        f'<{call.base}{call.here}?{urlencode([*asked, ("page", str(target))])}>; rel="{rel}"'
        for rel, target in targets.items()
    )
    return {"link": ", ".join(links)} if targets else {}
