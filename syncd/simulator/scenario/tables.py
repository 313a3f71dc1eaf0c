"""The forms in which the payments company is written down: one line of a table is one item."""

import msgspec

Before = str | int | None
"""What a field was; of points the number, of a due date the days ahead."""
Step = tuple[int, str, Before]
"""A change: how many days ago, of which field, and what that was until then."""


class Ticket(msgspec.Struct, frozen=True):
    """A Jira issue: its number in the project, type and summary, and what is out of the ordinary.

    ``created``, ``began`` and ``quiet`` are days ago, ``due`` days ahead; what is done was done when it became quiet.
    ``blocked_by`` and ``links`` (kind, key) name issues of the site; other trackers are named by lines in ``text``, and
    by ``remote``: (relationship, key). ``carried`` are the sprints before this one. ``comments`` are (who,
    days ago, words). ``was``: changes of summary, text, parent, points, due, version or sprint.
    """

    number: int
    type: str
    summary: str
    status: str = "To Do"
    parent: str = ""
    labels: tuple[str, ...] = ()
    sprint: str = ""
    version: str = ""
    who: str = ""
    text: str = ""
    blocked_by: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    points: float | None = None
    due: int | None = None
    security: str = ""
    priority: str = "Medium"
    created: int = 70
    quiet: int = 9
    comments: tuple[tuple[str, int, str], ...] = ()
    began: int | None = None
    carried: tuple[str, ...] = ()
    was: tuple[Step, ...] = ()
    remote: tuple[tuple[str, str], ...] = ()


class Work(msgspec.Struct, frozen=True):
    """A GitHub issue or pull request: its number, type and title, and what is out of the ordinary.

    ``parent`` and ``blocked_by`` are keys such as acme/sdk#4. ``change``: it is a pull request, ``open`` or ``merged``.
    ``began``: how many days ago it was assigned; else it always was. ``was``: changes of title, milestone or parent.
    """

    number: int
    type: str
    title: str
    labels: tuple[str, ...] = ()
    milestone: str = ""
    parent: str = ""
    who: str = ""
    text: str = ""
    blocked_by: tuple[str, ...] = ()
    closed: str = ""
    change: str = ""
    created: int = 70
    quiet: int = 9
    comments: tuple[tuple[str, int, str], ...] = ()
    began: int | None = None
    was: tuple[Step, ...] = ()


class Span(msgspec.Struct, frozen=True):
    """A sprint, version or milestone from and to so many days from now; ``state`` as the tracker calls it."""

    name: str
    place: str
    ends: int
    starts: int = 0
    state: str = ""


class Person(msgspec.Struct, frozen=True):
    """Somebody of the company: how the tables call them, their name, Jira account and GitHub login."""

    nick: str
    name: str
    account: str
    login: str
