"""What can go wrong, as one tree.

SyncdError
├── ConfigError            what an admin wrote: file, line, column, and the way out
├── StoreError             the database can't be opened, is of another version, or failed
└── TrackerError           a tracker failed, with the tracker's name
    ├── TransientError     worth trying again, perhaps not before ``retry_after``
    ├── AccessError        the credential is wrong, expired, or may not do this
    ├── AbsentError        what was asked for is not there
    ├── RefusedError       the tracker understood the request and will not do it
    └── UnknownResultError a write whose answer was lost: it may have been done
"""

from datetime import timedelta


class SyncdError(Exception):
    """Any failure that syncd explains in one line instead of a traceback."""


class ConfigError(SyncdError):
    """Something in a file, the environment or a command line is not as it must be; ``line`` and ``column`` count from
    1.
    """

    def __init__(self, message: str, *, file: str = "", line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.line = line
        self.column = column

    def __str__(self) -> str:
        if not self.file:
            return self.message
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{place}: {self.message}"


class ConfigErrors(SyncdError):
    """All the configuration errors of one run, in the order of their places."""

    def __init__(self, errors: list[ConfigError]) -> None:
        super().__init__("\n".join(str(error) for error in errors))
        self.errors = errors


class StoreError(SyncdError):
    """The store can't be opened, is of a newer version, or refused to work."""


class TrackerError(SyncdError):
    """A tracker failed; the message is one line without secrets."""

    def __init__(self, message: str, *, tracker: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.tracker = tracker

    def __str__(self) -> str:
        return f"{self.tracker}: {self.message}" if self.tracker else self.message


class TransientError(TrackerError):
    """Worth trying again; not before ``retry_after`` where the tracker said so."""

    def __init__(self, message: str, *, tracker: str = "", retry_after: timedelta | None = None) -> None:
        super().__init__(message, tracker=tracker)
        self.retry_after = retry_after


class UnsentError(TransientError):
    """The request never reached the tracker (no connection was made): a write may be sent again as it is."""


class AccessError(TrackerError):
    """The credential is wrong, expired, lacks a permission, or sees no such place."""


class AbsentError(TrackerError):
    """What was named is not there, or not for this credential."""


class RefusedError(TrackerError):
    """The tracker understood the request and will not do it; sending it again changes nothing."""


class UnknownResultError(TrackerError):
    """A write whose answer was lost: it may or may not have been done."""
