"""Links of a made-up company: one and a half per item beside parents, most of them near each other in one project."""

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from benchmarks.scale_company import PROJECTS, REPOSITORIES, ref
from syncd.model.identity import PlaceId
from syncd.model.items import Direction, LinkRef

PER_ISSUE = 2.1
"""Links between the issues of Jira, for each of them: it shows a link on both of its ends."""
_NAMES = ("Relates", "Blocks", "Depends", "Synchronised with")
_SHARES = (0.62, 0.28, 0.05, 0.05)
_NEAR = 60
_ELSEWHERE = 0.12
_RINGS = 0.001
Ends = tuple[int, int, int, int, int]
"""Number of a project and number in it of one end, the same of the other, and which name."""


class Links:
    """The links of all issues, project by project; the same seed makes the same ones."""

    def __init__(self, issues_per_project: int, issues_per_repository: int, seed: int) -> None:
        self._count = issues_per_project
        self._repository_count = issues_per_repository
        self._seed = seed
        rng = np.random.default_rng(seed)
        drawn = int(PER_ISSUE * _ELSEWHERE * issues_per_project * len(PROJECTS))
        self._elsewhere: dict[int, list[Ends]] = defaultdict(list)
        for ends in self._drawn(
            rng, drawn, rng.integers(0, len(PROJECTS), drawn), rng.integers(0, len(PROJECTS), drawn)
        ):
            for project in {ends[0], ends[2]}:
                self._elsewhere[project].append(ends)

    def of_project(self, project: int) -> dict[int, list[LinkRef]]:
        """Return what the issues of a project show, by number."""
        rng = np.random.default_rng((self._seed, project))
        here = int(PER_ISSUE * (1 - _ELSEWHERE) * self._count)
        same = np.full(here, project)
        found: dict[int, list[LinkRef]] = defaultdict(list)
        for one, number, other, target, name in (*self._drawn(rng, here, same, same), *self._elsewhere[project]):
            if name == len(_NAMES) - 1:  # twins live in two trackers
                if one == project:
                    twin = ref(REPOSITORIES[other], 1 + target % self._repository_count)
                    found[number].append(LinkRef(name=_NAMES[name], direction=Direction.OUT, target=twin))
                continue
            if one == project:
                found[number].append(_shown(name, Direction.OUT, PROJECTS[other], target))
            if other == project:
                found[target].append(_shown(name, Direction.IN, PROJECTS[one], number))
        return found

    def _drawn(self, rng: np.random.Generator, count: int, ones: object, others: object) -> Iterator[Ends]:
        """Yield so many links, the earlier item first; hardly any goes the other way round."""
        first = rng.integers(1, max(2, self._count), count)
        second = first + rng.integers(1, _NEAR, count)
        names = rng.choice(len(_NAMES), count, p=_SHARES)
        is_back = rng.random(count) < _RINGS
        fits = second <= self._count
        begin, end = np.where(is_back, second, first), np.where(is_back, first, second)
        rows = np.stack([np.asarray(ones), begin, np.asarray(others), end, names], axis=1)[fits]
        return ((a, b, c, d, e) for a, b, c, d, e in rows.tolist())


def _shown(name: int, direction: Direction, place: PlaceId, number: int) -> LinkRef:
    return LinkRef(name=_NAMES[name], direction=direction, target=ref(place, number))
