"""Items and their links as one graph across trackers: numbers for items, edges by kind, and ends that lead nowhere."""

from collections.abc import Callable, Sequence
from typing import Literal

import msgspec

from rules.lines import LineKind
from rules.normalise import Lexicon
from rules.refs import Absence, References, text_ref
from syncd.model.identity import ItemId, Ref
from syncd.model.items import Direction, Item, LinkKind, StatusCategory

Saying = Literal["field", "link", "line"]
"""Who tells an edge: the tracker's own field, a link, a line of text."""

FIELD: Saying = "field"
LINK: Saying = "link"
LINE: Saying = "line"
_STRENGTH: dict[Saying, int] = {FIELD: 0, LINK: 1, LINE: 2}
_LINES = {
    LineKind.BLOCKED_BY: (LinkKind.BLOCKS, True),
    LineKind.BLOCKS: (LinkKind.BLOCKS, False),
    LineKind.PART_OF: (LinkKind.PARENT, True),
}

Edge = tuple[int, int]
"""Positions of source and target: "source KIND target"."""


class LooseEnd(msgspec.Struct, frozen=True, kw_only=True):
    """A link of an item whose other end is no item here; ``is_source``: the other end is the link's source.

    ``item`` where it is known (it is gone), ``key`` as well as it is known, ``status`` where the link tells it.
    """

    kind: LinkKind
    is_source: bool
    ref: Ref
    absence: Absence
    evidence: Saying
    key: str
    item: ItemId | None = None
    status: StatusCategory | None = None


class Graph(msgspec.Struct, frozen=True):
    """Edges between the positions of items. ``edges``: who tells each. ``told``: the blocker's status by the link."""

    edges: dict[LinkKind, dict[Edge, Saying]]
    loose: dict[int, list[LooseEnd]]
    told: dict[Edge, StatusCategory]
    outcomes: dict[int, list[tuple[Saying, str]]]
    """What items say their outcome is, and whether a line or a field says it."""

    def sources(self, kind: LinkKind) -> dict[int, list[int]]:
        """Return, by target, the sources of its edges; the tracker's own parent first, lines last."""
        found: dict[int, list[int]] = {}
        for source, target in self.edges[kind]:
            found.setdefault(target, []).append(source)
        told = self.edges[kind]
        for target, sources in found.items():
            if len(sources) > 1:
                sources.sort(key=lambda source, to=target: (_STRENGTH[told[source, to]], source))  # type: ignore[misc]
        return found

    def targets(self, kind: LinkKind) -> dict[int, list[int]]:
        """Return, by source, the targets of its edges."""
        found: dict[int, list[int]] = {}
        for source, target in self.edges[kind]:
            found.setdefault(source, []).append(target)
        return found


class GraphReading:
    """Reads the links of all items; ``rows`` are in a stable order, ``lexicons`` theirs, one by one."""

    def __init__(
        self,
        rows: Sequence[Item],
        lexicons: Sequence[Lexicon],
        references: References,
        absence: Callable[[Ref, Item, bool], Absence],
    ) -> None:
        self._rows = rows
        self._lexicons = lexicons
        self._references = references
        self._absence = absence
        self._positions = {item.id: position for position, item in enumerate(rows)}
        self._graph = Graph({kind: {} for kind in LinkKind}, {}, {}, {})

    @property
    def positions(self) -> dict[ItemId, int]:
        """Return where each item stands among the rows."""
        return self._positions

    def graph(self) -> Graph:
        """Return the graph."""
        for position, item in enumerate(self._rows):
            self._read(position, item)
        return self._graph

    def told_by(self, position: int, item: Item) -> Graph:
        """Return what an item tells of the graph, were it the one at a position."""
        whole, self._graph = self._graph, Graph({kind: {} for kind in LinkKind}, {}, {}, {})
        self._read(position, item)
        told, self._graph = self._graph, whole
        return told

    def _read(self, position: int, item: Item) -> None:
        if item.parent is not None:
            self._add(position, item, LinkKind.PARENT, item.parent, True, FIELD)
        if item.links:
            self._read_links(position, item)
        if item.body:
            self._read_text(position, item)
        if item.fields:
            self._name_outcomes(position, FIELD, self._lexicons[position].outcomes(item))

    def _read_links(self, position: int, item: Item) -> None:
        lexicon = self._lexicons[position]
        for link in item.links:
            meant = lexicon.link(link.name)
            if meant is not None:
                kind, is_reversed = meant
                is_source = (link.direction is Direction.IN) is not is_reversed
                self._add(position, item, kind, link.target, is_source, LINK, link.target_status)

    def _read_text(self, position: int, item: Item) -> None:
        scanner = self._lexicons[position].scanner
        for line_kind, name in scanner.names(item.body):
            if line_kind is LineKind.OUTCOME:
                self._name_outcomes(position, LINE, [name])
            else:
                kind, is_source = _LINES[line_kind]
                self._add(position, item, kind, text_ref(name), is_source, LINE)
        if item.is_change:
            for name in scanner.closed(item.body):
                self._add(position, item, LinkKind.CLOSES, text_ref(name), False, LINE)

    def _name_outcomes(self, position: int, told_by: Saying, names: list[str]) -> None:
        if names:
            self._graph.outcomes.setdefault(position, []).extend((told_by, name) for name in names)

    def _add(
        self,
        position: int,
        item: Item,
        kind: LinkKind,
        ref: Ref,
        is_source: bool,
        evidence: Saying,
        status: StatusCategory | None = None,
    ) -> None:
        other = self._positions.get(ItemId(ref.tracker, ref.native_id)) if ref.native_id else None
        if other is None:
            found = self._references.find(ref, item)
            other = self._positions.get(found) if found is not None else None
            if other is None:
                self._add_loose(position, item, kind, ref, is_source, evidence, status, found)
                return
        if other == position:
            return
        edge = (other, position) if is_source else (position, other)
        edges = self._graph.edges[kind]
        told = edges.get(edge)
        if told is None or _STRENGTH[evidence] < _STRENGTH[told]:
            edges[edge] = evidence
        if status is not None and kind is LinkKind.BLOCKS and is_source:
            self._graph.told[edge] = status

    def _add_loose(
        self,
        position: int,
        item: Item,
        kind: LinkKind,
        ref: Ref,
        is_source: bool,
        evidence: Saying,
        status: StatusCategory | None,
        gone: ItemId | None,
    ) -> None:
        named = self._references.named(ref, item)
        if named is None and evidence == LINE and not ref.url:
            # "#12" where keys are no numbers: it names nothing.
            return
        end = LooseEnd(
            kind=kind,
            is_source=is_source,
            ref=ref,
            absence=self._absence(ref, item, evidence == LINE),
            evidence=evidence,
            key=named.key if named else ref.key or ref.url,
            item=gone,
            status=status,
        )
        self._graph.loose.setdefault(position, []).append(end)
