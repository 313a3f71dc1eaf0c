"""What the teams of the payments company finished in the last fourteen weeks: a line is an item."""

from collections.abc import Iterator, Sequence

from syncd.simulator.scenario.cast import SPRINTS
from syncd.simulator.scenario.tables import Span, Ticket, Work

_CYCLES = (3, 5, 2, 8, 4, 6, 3, 11, 4, 7)
"""Days from begun to done, in turn."""
_CARRIED_EVERY = 5


def tickets(
    project: str,
    first: int,
    lines: str,
    *,
    days: tuple[int, int],
    who: Sequence[str],
    parent: str = "",
    labels: tuple[str, ...] = (),
    created: int = 0,
) -> Iterator[Ticket]:
    """Yield done issues, numbered from ``first``: a line has type, points and summary.

    They were done evenly between ``days`` ago, and made ``created`` days ago, else some days before they were begun.
    """
    titles = lines.strip().splitlines()
    for index, line in enumerate(titles):
        type_name, points, summary = line.strip().split(" ", 2)
        done = _spread(index, len(titles), days)
        began, sprints = _planned(project, index, done)
        yield Ticket(
            first + index,
            type_name.replace("_", " "),
            summary,
            "Done",
            parent,
            labels,
            sprint=sprints[-1] if sprints else "",
            carried=tuple(sprints[:-1]),
            who=who[index % len(who)],
            points=None if points == "-" else float(points),
            created=max(created, began + 5 + index % 7),
            began=began,
            quiet=done,
        )


def works(
    first: int,
    lines: str,
    *,
    days: tuple[int, int],
    who: Sequence[str],
    parent: str = "",
    labels: tuple[str, ...] = (),
    milestone: str = "",
    created: int = 0,
) -> Iterator[Work]:
    """Yield closed issues of a repository, as ``tickets`` does: a line has type and title."""
    titles = lines.strip().splitlines()
    for index, line in enumerate(titles):
        type_name, title = line.strip().split(" ", 1)
        done = _spread(index, len(titles), days)
        began = done + _CYCLES[index % len(_CYCLES)]
        yield Work(
            first + index,
            type_name,
            title,
            labels,
            milestone,
            parent,
            who[index % len(who)],
            closed="completed",
            created=max(created, began + 5 + index % 7),
            began=began,
            quiet=done,
        )


def _spread(index: int, count: int, days: tuple[int, int]) -> int:
    oldest, newest = days
    return oldest - (oldest - newest) * index // max(1, count - 1)


def _planned(project: str, index: int, done: int) -> tuple[int, list[str]]:
    """Return how many days ago something was begun, and the sprints that it was in; some lasted longer than one."""
    began = done + _CYCLES[index % len(_CYCLES)]
    of_team = [sprint for sprint in SPRINTS if sprint.place == project and sprint.state != "future"]
    last = next((sprint for sprint in of_team if _holds(sprint, done)), None)
    if last is None:
        return began, []
    if index % _CARRIED_EVERY:
        began = max(done, min(began, -last.starts))
    return began, [sprint.name for sprint in of_team if -sprint.ends < began and done <= -sprint.starts]


def _holds(sprint: Span, days_ago: int) -> bool:
    return -sprint.ends < days_ago <= -sprint.starts
