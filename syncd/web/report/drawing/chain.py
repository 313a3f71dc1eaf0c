"""A chain of work as a graph: each item waits for the one above it, and the last one sets the date."""

from collections.abc import Iterator

from markupsafe import Markup

from syncd.model.truth import Unknown
from syncd.web.report.chains import Chain, ChainLink
from syncd.web.report.drawing.canvas import WIDTH, box, line, path, picture, shortened, text

_BOX, _GAP = 44, 26
_LEFT = 10
_TITLE, _KEY = 58, 30


def chain_picture(chain: Chain, title: str, name: str) -> Markup | None:
    """Return the picture of a chain; None where it has no items."""
    if not chain.links:
        return None
    count = len(chain.links) + bool(chain.more)
    height = count * _BOX + (count - 1) * _GAP + 8
    keys = " → ".join(link.item.key for link in chain.links)
    more = f" ({chain.more} in the middle are left out)" if chain.more else ""
    return picture(height, f"What sets the date of {title}", f"{keys}{more}", _shapes(chain), name)


def _shapes(chain: Chain) -> Iterator[Markup]:
    half, y = len(chain.links) // 2, 4.0
    for index, link in enumerate(chain.links):
        if chain.more and index == half:
            yield text(WIDTH / 2, y + _BOX / 2 + 4, f"… {chain.more} more …", "label", "middle")
            yield from _arrow(y + _BOX)
            y += _BOX + _GAP
        yield from _node(link, y)
        if index + 1 < len(chain.links):
            yield from _arrow(y + _BOX)
        y += _BOX + _GAP


def _node(link: ChainLink, y: float) -> Iterator[Markup]:
    is_late = link.late_by is not None and link.late_by > 0
    kind = "node finished" if link.item.is_done else "node late" if is_late else "node"
    yield box(_LEFT, y, WIDTH - 2 * _LEFT, _BOX, kind)
    yield text(_LEFT + 10, y + 18, shortened(link.item.key, _KEY), "key")
    yield text(WIDTH - _LEFT - 10, y + 18, _when(link), "small", "end")
    yield text(_LEFT + 10, y + 35, shortened(link.item.title or "(not shown)", _TITLE), "small")


def _when(link: ChainLink) -> str:
    """Return when an item is expected, and by how much that is late."""
    if link.item.is_hidden:
        return ""
    if link.item.is_done:
        return "done"
    if isinstance(link.expected_on, Unknown) or link.expected_on is None:
        return "no date"
    late = f", {link.late_by} wd late" if link.late_by is not None and link.late_by > 0 else ""
    return f"expected {link.expected_on}{late}"


def _arrow(y: float) -> Iterator[Markup]:
    """Yield an arrow from one box down to the next."""
    x, end = WIDTH / 2, y + _GAP - 1
    yield line(x, y, x, end - 6, "arrow")
    yield path([(x - 5, end - 8), (x + 5, end - 8), (x, end)], "head", is_closed=True)
