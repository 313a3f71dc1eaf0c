"""Rules that make a simulated tracker misbehave: which requests, how often, and what goes wrong."""

import re
import threading

import msgspec


class Fault(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rule. Which requests: ``tracker`` (jira, github), ``method``, ``path`` (a pattern searched in
    ``path?query``), all of them where empty; the first ``skip`` of these are spared, then ``count`` are hit, None: all.

    What goes wrong: ``delay`` seconds before anything, ``late`` seconds between the work and its answer;
    ``status`` with ``headers`` and ``body`` instead of the answer; ``html``: a log-in page with status 200 instead;
    ``half``: only half of the answer's body; ``drop``: the connection is closed without an answer. ``work``: what was
    asked is done all the same before ``status``, ``html`` or ``drop``.
    """

    tracker: str = ""
    method: str = ""
    path: str = ""
    skip: int = 0
    count: int | None = 1
    delay: float = 0.0
    late: float = 0.0
    status: int = 0
    headers: dict[str, str] = {}
    body: str = ""
    html: bool = False
    half: bool = False
    drop: bool = False
    work: bool = False

    def __post_init__(self) -> None:
        try:
            re.compile(self.path)
        except re.error as error:
            raise ValueError(f"the path {self.path!r} is no pattern: {error}") from error

    @property
    def is_answering(self) -> bool:
        """Whether the tracker's own answer is replaced or lost."""
        return bool(self.status) or self.html or self.drop

    def fits(self, tracker: str, method: str, path: str) -> bool:
        """Say whether a request is one of those meant; ``path`` comes with its query."""
        return (
            self.tracker in ("", tracker)
            and self.method.upper() in ("", method)
            and re.search(self.path, path) is not None
        )


class Faults:
    """The rules in force, in the order they were added; the first that fits and is not used up decides."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Put one more rule in force."""
        with self._lock:
            self._rules.append(fault)

    def rules(self) -> list[Fault]:
        """Return the rules that are left, with what is left of ``skip`` and ``count``."""
        with self._lock:
            return list(self._rules)

    def clear(self) -> None:
        """Let the trackers behave again."""
        with self._lock:
            self._rules.clear()

    def take(self, tracker: str, method: str, path: str) -> Fault | None:
        """Return the rule that hits a request, and count it."""
        with self._lock:
            for index, rule in enumerate(self._rules):
                if not rule.fits(tracker, method, path):
                    continue
                if rule.skip > 0:
                    self._rules[index] = msgspec.structs.replace(rule, skip=rule.skip - 1)
                    continue
                if rule.count is not None:
                    left = rule.count - 1
                    self._rules[index : index + 1] = [msgspec.structs.replace(rule, count=left)] if left > 0 else []
                return rule
            return None
