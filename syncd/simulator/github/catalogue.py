"""The repositories of a simulated GitHub with their labels and milestones, and the issue types of organizations."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time

import msgspec

from syncd.clock import Clock
from syncd.simulator.github.people import People
from syncd.simulator.github.records import IssueType, Label, Milestone, Repository

USUAL_COLORS = {"bug": "d73a4a", "enhancement": "a2eeef", "documentation": "0075ca", "question": "d876e3"}


class Catalogue:
    """Everything an issue names in its repository; ids are made up unless given."""

    def __init__(self, clock: Clock, people: People) -> None:
        self._clock = clock
        self._people = people
        self._repositories: dict[int, Repository] = {}
        self._id_by_name: dict[str, int] = {}
        self._labels: dict[int, dict[str, Label]] = {}
        self._milestones: dict[int, dict[int, Milestone]] = {}
        self._types: dict[str, dict[str, IssueType]] = {}
        self._last_id = 700_000

    def repositories(self) -> list[Repository]:
        """Return all repositories by name."""
        return sorted(self._repositories.values(), key=lambda repository: repository.full_name.lower())

    def find(self, name: str | int) -> Repository | None:
        """Return a repository by full name in any case, a former one too, or by id."""
        return self._repositories.get(name if isinstance(name, int) else self._id_by_name.get(name.lower(), 0))

    def repository(self, name: str | int) -> Repository:
        """Return a repository by full name or id; KeyError where there is none."""
        if (repository := self.find(name)) is None:
            raise KeyError(f"no repository {name!r}")
        return repository

    def add_repository(
        self, full_name: str, *, private: bool = False, description: str = "", id: int = 0
    ) -> Repository:
        """Add a repository; its owner becomes an organization unless the account is there already."""
        owner = full_name.partition("/")[0]
        if self._people.get(owner) is None:
            self._people.add(owner, type="Organization")
        repository = Repository(
            id=id or self._next_id(),
            full_name=full_name,
            created_at=whole_second(self._clock.now()),
            private=private,
            description=description,
        )
        self._repositories[repository.id] = repository
        self._id_by_name[full_name.lower()] = repository.id
        self._labels.setdefault(repository.id, {})
        self._milestones.setdefault(repository.id, {})
        return repository

    def rename_repository(self, full_name: str, new_name: str) -> Repository:
        """Rename a repository, or move it to another owner; the old name leads to it from now on."""
        renamed = msgspec.structs.replace(self.repository(full_name), full_name=new_name)
        self._repositories[renamed.id] = renamed
        self._id_by_name[new_name.lower()] = renamed.id
        return renamed

    def set_private(self, full_name: str, *, private: bool) -> Repository:
        """Close or open a repository."""
        changed = msgspec.structs.replace(self.repository(full_name), private=private)
        self._repositories[changed.id] = changed
        return changed

    def labels(self, repository_id: int) -> list[Label]:
        """Return the labels of a repository by name."""
        return [label for _, label in sorted(self._labels[repository_id].items())]

    def label(self, repository_id: int, name: str) -> Label | None:
        """Return a label of a repository by name in any case."""
        return self._labels[repository_id].get(name.lower())

    def add_label(
        self, repository_id: int, name: str, *, color: str = "", description: str | None = None, id: int = 0
    ) -> Label:
        """Return a label of a repository, made up if it is new."""
        if known := self.label(repository_id, name):
            return known
        color = color or USUAL_COLORS.get(name.lower(), "ededed")
        label = Label(id=id or self._next_id(), name=name, color=color, description=description)
        self._labels[repository_id][name.lower()] = label
        return label

    def milestones(self, repository_id: int) -> list[Milestone]:
        """Return the milestones of a repository by number."""
        return [milestone for _, milestone in sorted(self._milestones[repository_id].items())]

    def milestone(self, repository_id: int, name: str | int) -> Milestone:
        """Return a milestone by number or title; KeyError where there is none."""
        for milestone in self._milestones[repository_id].values():
            if name in (milestone.number, milestone.title):
                return milestone
        raise KeyError(f"no milestone {name!r}: add it first")

    def add_milestone(
        self,
        full_name: str,
        title: str,
        *,
        due_on: date | None = None,
        state: str = "open",
        description: str | None = None,
    ) -> Milestone:
        """Add a milestone; GitHub keeps the day as its first instant in UTC."""
        repository = self.repository(full_name)
        now = whole_second(self._clock.now())
        milestone = Milestone(
            id=self._next_id(),
            number=max(self._milestones[repository.id], default=0) + 1,
            title=title,
            created_at=now,
            updated_at=now,
            description=description,
            state=state,
            due_on=None if due_on is None else datetime.combine(due_on, time(), UTC),
            closed_at=now if state == "closed" else None,
        )
        return self.put_milestone(repository.id, milestone)

    def put_milestone(self, repository_id: int, milestone: Milestone) -> Milestone:
        """Put a whole milestone in place, as it is: what loaders do."""
        self._milestones[repository_id][milestone.number] = milestone
        return milestone

    def types(self, organization: str) -> list[IssueType]:
        """Return the issue types of an organization."""
        return list(self._types.get(organization.lower(), {}).values())

    def type(self, organization: str, name: str) -> IssueType:
        """Return an issue type of an organization, made up if it is new."""
        among = self._types.setdefault(organization.lower(), {})
        if name not in among:
            among[name] = IssueType(id=self._next_id(), name=name, created_at=whole_second(self._clock.now()))
        return among[name]

    def add_types(self, organization: str, names: Iterable[str]) -> list[IssueType]:
        """Add issue types to an organization."""
        return [self.type(organization, name) for name in names]

    def _next_id(self) -> int:
        self._last_id += 1
        return self._last_id


def whole_second(at: datetime) -> datetime:
    """Return an instant as GitHub keeps it: in UTC, without a fraction."""
    return at.astimezone(UTC).replace(microsecond=0)
