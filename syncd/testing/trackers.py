"""Trackers that a file of cases brings along, in place of the workspace's: then its cases are the same everywhere."""

from typing import Any

from msgspec.structs import replace

from adapters.registry import KINDS, load_trackers
from syncd.documents import Data, Document, Loc
from syncd.model.errors import ConfigErrors
from syncd.testing.ground import Ground
from syncd.testing.notes import Notes, Piece

_KEY = "trackers"


def grounded(document: Document, notes: Notes, ground: Ground) -> Ground | None:
    """Return what a file's cases stand on: its own trackers, where it has some; None where these are wrong.

    They are written as in trackers.yaml, but that nobody signs in.
    """
    written = document.data.get(_KEY)
    if written is None:
        return ground
    if not isinstance(written, dict):
        return None
    named = {name: _signed_in(name, each) for name, each in written.items()}
    origins: dict[Loc, Loc] = {(_KEY,): (_KEY,)}
    try:
        found = load_trackers(Piece(document, {_KEY: named}, origins))
    except ConfigErrors as errors:
        notes.take(errors.errors)
        return None
    places = {place.id: place for setup in found.trackers for place in setup.places}
    return replace(ground, places=places, policy=replace(ground.policy, team_stages={}))


def _signed_in(name: str, written: Data) -> Data:
    """Return a tracker with an address and an account that are never used."""
    kind = KINDS.get(str(written.get("kind"))) if isinstance(written, dict) else None
    if kind is None or not isinstance(written, dict):
        return written
    auth: Any = kind.settings.model_fields["auth"].annotation
    account: dict[str, Data] = {
        field: {"env": "UNUSED"} if field == "token" else "cases@example.com" for field in auth.model_fields
    }
    return {"url": f"https://{name}.example", "auth": account, **written}
