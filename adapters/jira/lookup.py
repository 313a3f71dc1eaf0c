"""Counts what exists on a site and looks single items up, whatever a search would say."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from adapters.jira.knowledge import Knowledge
from adapters.jira.mapping import read_rows
from adapters.jira.searching import IDS_A_PAGE, everything, search
from adapters.jira.site import Site
from adapters.jira.stating import Stating
from adapters.jira.values import objects_in
from adapters.jira.visibility import Visibility, absence_of
from syncd.model.errors import AbsentError, RefusedError
from syncd.model.identity import Handle, ItemId, PlaceId
from syncd.model.reading import CensusPage, Sighting

_BATCH = 100


class Lookup:
    """The census, and items by their id, in the configured projects of one site."""

    def __init__(
        self, site: Site, knowledge: Knowledge, visibility: Visibility, stating: Stating, keys: Sequence[str]
    ) -> None:
        self._site = site
        self._knowledge = knowledge
        self._visibility = visibility
        self._stating = stating
        self._keys = tuple(keys)

    def census(self, resume: str) -> Iterator[CensusPage]:
        """Yield the ids of everything in every project: one request per 5,000, and one for what can be seen."""
        absent = self._visibility.look(self._keys) if self._keys else frozenset[str]()
        for key in sorted(absent):
            yield CensusPage(place=self._place(key), error=absence_of(key))
        keys = [key for key in self._keys if key not in absent]
        token = resume
        while keys:
            found = search(self._site, everything(keys), ["id", "key"], size=IDS_A_PAGE, token=token)
            token = found.token
            handles = self._handles(found.rows, keys)
            for key in keys:
                if handles[key] or not token:
                    yield CensusPage(
                        place=self._place(key), handles=tuple(handles[key]), complete=not token, resume=token
                    )
            if not token:
                return

    def read(self, handles: Sequence[Handle]) -> Iterator[Sighting]:
        """Look items up by id, a hundred a request; one that was moved out of the configured projects is gone here."""
        for start in range(0, len(handles), _BATCH):
            yield from self._stated(list(self._read(handles[start : start + _BATCH])))

    def _stated(self, sightings: Sequence[Sighting]) -> Iterator[Sighting]:
        """Yield sightings whose items say whether they state an outcome: one more request, where some may."""
        stated = iter(self._stating.of([sighting.item for sighting in sightings if sighting.item]).items)
        yield from (replace(each, item=next(stated)) if each.item else each for each in sightings)

    def _read(self, handles: Sequence[Handle]) -> Iterator[Sighting]:
        asked = self._knowledge.frame().fields.asked
        body = {"issueIdsOrKeys": [handle.id.native_id for handle in handles], "fields": asked}
        try:
            answer = self._site.ask("/issue/bulkfetch", body)
        except (AbsentError, RefusedError):
            # Not every Jira has it; and one id that is none must not hide the others.
            yield from (self._single(handle) for handle in handles)
            return
        rows = {str(row.get("id")): row for row in answer.objects("issues")}
        errors = {str(row.get("id")): row for row in objects_in(answer.object, "issueErrors")}
        for handle in handles:
            native_id = handle.id.native_id
            if row := rows.get(native_id):
                yield self._sighting(handle, row, answer.at)
            elif native_id in errors:
                yield Sighting(handle=handle, error=str(errors[native_id].get("errorMessage") or "can't be read now"))
            else:
                # What isn't there is left out without a word: being gone is worth a second look.
                yield self._single(handle)

    def _single(self, handle: Handle) -> Sighting:
        fields = ",".join(self._knowledge.frame().fields.asked)
        try:
            answer = self._site.get(f"/issue/{handle.id.native_id}", fields=fields)
        except AbsentError:
            # What may not be seen answers like what is not there.
            reason = self._visibility.absence(handle)
            return Sighting(handle=handle, gone=not reason, error=reason)
        except RefusedError as error:
            return Sighting(handle=handle, error=error.message)
        return self._sighting(handle, answer.object, answer.at)

    def _sighting(self, handle: Handle, row: Mapping[str, Any], at: datetime) -> Sighting:
        read = read_rows([row], self._knowledge.frame(), at)
        if read.problems:
            return Sighting(handle=handle, error=read.problems[0].error)
        item = read.items[0]
        if item.place.key not in self._keys:
            return Sighting(handle=handle, gone=True)
        return Sighting(handle=Handle(handle.id, item.key), item=item)

    def _handles(self, rows: Sequence[Mapping[str, Any]], keys: Sequence[str]) -> dict[str, list[Handle]]:
        """Return the handles of a page by project: every issue key begins with its project's."""
        found: dict[str, list[Handle]] = {key: [] for key in keys}
        for row in rows:
            native_id, key = str(row.get("id") or ""), str(row.get("key") or "")
            place = key.rpartition("-")[0]
            if native_id and place in found:
                found[place].append(Handle(ItemId(self._site.tracker, native_id), key))
        return found

    def _place(self, key: str) -> PlaceId:
        return PlaceId(self._site.tracker, key)
