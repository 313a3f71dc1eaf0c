"""How things are told apart, and how texts and APIs name them."""

import msgspec

# gc=False, here and in items.py: of these there are a million, none can be part of a cycle, and looking costs seconds.


class ItemId(msgspec.Struct, frozen=True, order=True, gc=False):
    """Identity of an item that survives a move or a rename: ``jira:10042``, ``github:5166525651``."""

    tracker: str
    native_id: str

    def __str__(self) -> str:
        return f"{self.tracker}:{self.native_id}"


class PlaceId(msgspec.Struct, frozen=True, order=True, gc=False):
    """A project or repository of a tracker: ``jira:PAY``, ``github:acme/checkout``."""

    tracker: str
    key: str

    def __str__(self) -> str:
        return f"{self.tracker}:{self.key}"


class ContainerId(msgspec.Struct, frozen=True, order=True, gc=False):
    """Identity of a milestone, version or sprint; ``kind`` is its ContainerKind's value."""

    tracker: str
    kind: str
    native_id: str

    def __str__(self) -> str:
        return f"{self.tracker}:{self.kind}:{self.native_id}"


class Handle(msgspec.Struct, frozen=True, order=True, gc=False):
    """An item's identity together with the key that requests need (``PAY-88``, ``acme/checkout#12``)."""

    id: ItemId
    key: str


class Ref(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """How a text or an API names an item: by native id, key or URL; resolved against the World, so it can be
    unresolved.

    ``tracker`` is empty where the text does not say it. GitHub keys are whole: ``owner/repo#12``.
    """

    tracker: str = ""
    native_id: str = ""
    key: str = ""
    url: str = ""

    def __str__(self) -> str:
        name = self.key or self.url or self.native_id
        return f"{self.tracker}:{name}" if self.tracker else name
