"""What is wrong with a file of cases, collected while it is read, and where its parts stand."""

from collections.abc import Mapping

from syncd.documents import Data, Document, Loc
from syncd.model.errors import ConfigError


class Notes:
    """The mistakes found so far in one file; each is told once."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._errors: dict[str, ConfigError] = {}

    @property
    def errors(self) -> list[ConfigError]:
        """Return what is wrong, in the order of the file."""
        return sorted(self._errors.values(), key=lambda each: (each.line, each.column))

    def refuse(self, loc: Loc, message: str, *, on_key: bool = False) -> None:
        """Remember that what stands at ``loc`` is wrong."""
        self.take([self.document.error(loc, message, on_key=on_key)])

    def take(self, errors: list[ConfigError]) -> None:
        """Remember mistakes that somebody else found."""
        self._errors.update((str(error), error) for error in errors)

    def at(self, loc: Loc) -> tuple[int, int]:
        """Return line and column of what stands at ``loc``."""
        error = self.document.error(loc, "")
        return error.line, error.column


class Piece(Document):
    """A document put together from parts of another: what is wrong in it is told where the part stands there.

    ``origins``: where each part of it stands in ``whole``.
    """

    def __init__(self, whole: Document, data: dict[str, Data], origins: dict[Loc, Loc]) -> None:
        super().__init__(whole.name)
        self.data = data
        self._whole = whole
        self._origins = origins

    def error(self, loc: Loc, message: str, *, on_key: bool = False) -> ConfigError:
        """Return an error at the value (or its key) in the whole."""
        return self._whole.error(self._origin(self.nearest(loc)), message, on_key=on_key)

    def nearest(self, loc: Loc) -> Loc:
        """Return ``loc`` without the parts that are not in the data."""
        place: Loc = ()
        value: Data = self.data
        for part in loc:
            children: Mapping[str | int, Data] = {}
            if isinstance(value, dict | list):
                children = dict(value.items() if isinstance(value, dict) else enumerate(value))
            if part in children:
                value = children[part]
                place = (*place, part)
        return place

    def source(self, loc: Loc) -> str | None:
        """Return a scalar's text as it was written."""
        origin = self._origin(loc)
        return self._whole.source(origin)

    def _origin(self, loc: Loc) -> Loc:
        for length in range(len(loc), -1, -1):
            origin = self._origins.get(loc[:length])
            if origin is not None:
                return (*origin, *loc[length:])
        return loc
