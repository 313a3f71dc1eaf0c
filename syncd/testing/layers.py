"""Things that are said in several layers (the file, the case, its steps): of each part the last word counts."""

from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec
import pydantic

from syncd.documents import Loc

Text = TypeVar("Text", bound=pydantic.BaseModel)


class Layer(msgspec.Struct, Generic[Text], frozen=True):
    """What was said of a thing at one place of the file; ``now`` is the moment that relative times count from."""

    text: Text
    loc: Loc
    now: datetime
    is_step: bool = False


class Layered(Generic[Text]):
    """A thing with its layers, oldest first."""

    def __init__(self, first: Layer[Text]) -> None:
        self.layers = [first]

    def add(self, layer: Layer[Text]) -> None:
        """Say more of it."""
        self.layers.append(layer)

    def layer_of(self, field: str) -> Layer[Text]:
        """Return the layer that had the last word on a field; the first where nobody said anything."""
        said = (layer for layer in reversed(self.layers) if field in layer.text.model_fields_set)
        return next(said, self.layers[0])

    def says(self, field: str) -> bool:
        """Say whether any layer names a field."""
        return any(field in layer.text.model_fields_set for layer in self.layers)

    def value(self, field: str) -> Any:
        """Return what a field is, as its text has it."""
        return getattr(self.layer_of(field).text, field)

    def loc(self, field: str) -> Loc:
        """Return where a field stands."""
        layer = self.layer_of(field)
        shape = type(layer.text).model_fields[field]
        return (*layer.loc, shape.alias or field)
