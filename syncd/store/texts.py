"""What items said when their work began: written once, read when somebody asks."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from sqlalchemy import Connection, select

from syncd.model.baselines import KeptText
from syncd.model.identity import ItemId
from syncd.store.engine import Database
from syncd.store.rows import all_of, driver_rows
from syncd.store.tables import texts
from syncd.store.times import instant, micros
from syncd.store.upsert import Upsert, bulk_upsert

_AT_ONCE = 5000
TEXTS = Upsert(table=texts, kept=("at", "is_lost", "words"))


class KeptTexts(Mapping[ItemId, KeptText]):
    """The kept texts of a workspace: which there are is read when it is first asked, and each text when it is."""

    def __init__(self, database: Database, workspace_id: str) -> None:
        self._database = database
        self._workspace_id = workspace_id
        self._read: dict[ItemId, KeptText] = {}

    @cached_property
    def _ids(self) -> set[ItemId]:
        statement = select(texts.c.tracker, texts.c.native_id).where(*all_of(texts, self._workspace_id))
        with self._database.read() as connection:
            return {ItemId(*row) for row in driver_rows(connection, statement)}

    def look_again(self, ids: Iterable[ItemId]) -> None:
        """Look whether texts of some items were kept since it was read which there are."""
        lacking: dict[str, list[str]] = {}
        for each in ids:
            if each not in self._ids:
                lacking.setdefault(each.tracker, []).append(each.native_id)
        with self._database.read() as connection:
            for tracker, native_ids in lacking.items():
                for begin in range(0, len(native_ids), _AT_ONCE):
                    is_asked = texts.c.native_id.in_(native_ids[begin : begin + _AT_ONCE])
                    where = (*all_of(texts, self._workspace_id, tracker), is_asked)
                    found = connection.scalars(select(texts.c.native_id).where(*where))
                    self._ids.update(ItemId(tracker, native_id) for native_id in found)

    def __getitem__(self, item_id: ItemId) -> KeptText:
        if item_id not in self._ids:
            raise KeyError(item_id)
        if item_id not in self._read:
            with self._database.read() as connection:
                self._read[item_id] = _load(connection, self._workspace_id, item_id)
        return self._read[item_id]

    def __contains__(self, item_id: object) -> bool:
        return item_id in self._ids

    def __iter__(self) -> Iterator[ItemId]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)


def _load(connection: Connection, workspace_id: str, item_id: ItemId) -> KeptText:
    where = all_of(texts, workspace_id, item_id.tracker, item_id.native_id)
    row = connection.execute(select(texts.c.at, texts.c.is_lost, texts.c.words).where(*where)).one()
    return KeptText(item=item_id, at=instant(row.at), words=row.words, is_lost=row.is_lost)


def keep_texts(connection: Connection, workspace_id: str, kept: Iterable[KeptText]) -> None:
    """Store texts; an item that has one keeps it."""
    rows = [
        (workspace_id, each.item.tracker, each.item.native_id, micros(each.at), each.is_lost, each.words)
        for each in kept
    ]
    bulk_upsert(connection, TEXTS, rows)
