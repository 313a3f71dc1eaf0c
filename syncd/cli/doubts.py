"""What is legal and dead in one workspace: of its roadmap, its rules, and its rules beside its trackers' map."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rules.lint.doubts import Surroundings
    from syncd.configuration import Configuration, WorkspaceFiles
    from syncd.model.errors import ConfigError

_HELD_IN = {
    "sprints": (
        *("item.sprints", "item.sprint", "item.sprint_state", "item.sprint_starts_on", "item.sprint_ends_on"),
        *("item.added_to_sprint_at", "item.added_after_sprint_start", "item.carried_over_count"),
        "item.carried_over_from",
    ),
    "versions": ("item.versions",),
    "milestones": ("item.milestones",),
    "components": ("item.components",),
    "priority": ("item.priority", "parent.priority"),
    "due_on": ("item.due_on", "item.first_due_on", "item.date_moved_count", "parent.due_on"),
    "estimate": ("item.estimate", "parent.estimate"),
    "team": ("item.team", "parent.team"),
}
"""What a tracker may hold, and the facts that say nothing where none does."""
_CONTAINERS = {"sprints": "sprint", "versions": "version", "milestones": "milestone"}


_READ = ("trackers.yaml", "roadmap.yaml", "roadmap/*.yaml", "rules/*.yaml", "rules/tests/*.yaml")
"""The files of a workspace that are read."""


def unread_files(configuration: "Configuration") -> "list[ConfigError]":
    """Return the YAML files that look like ours and stand where nothing reads them, each as a warning."""
    from syncd.model.errors import ConfigError

    folder = configuration.folder
    reasons = {folder / "syncd.yml": "syncd reads syncd.yaml"}
    for workspace in configuration.workspaces:
        read = {path for pattern in _READ for path in workspace.folder.glob(pattern)}
        others = {path for ending in ("yaml", "yml") for path in workspace.folder.rglob(f"*.{ending}")} - read
        reasons |= dict.fromkeys(others, f"syncd reads {', '.join(_READ)} of a workspace")
    for home in {path.parent for path in folder.glob("*/roadmap.yaml")} | {
        path.parent for path in folder.glob("*/rules")
    }:
        if home not in [workspace.folder for workspace in configuration.workspaces]:
            reasons |= dict.fromkeys(home.glob("*.yaml"), f"{home.name} is no workspace, as it has no trackers.yaml")
    return [
        ConfigError(f"nothing reads this file: {reason}", file=str(path.relative_to(folder)))
        for path, reason in sorted(reasons.items())
        if path.is_file()
    ]


def doubts_of(workspace: "WorkspaceFiles") -> "list[ConfigError]":
    """Return what is doubtful, file by file, in the order of its places."""
    from rules.lint.doubts import doubts

    found = list(workspace.warnings)
    found += doubts(workspace.rules, workspace.rule_documents, surroundings_of(workspace))
    return sorted(found, key=lambda each: (each.file, each.line, each.column, each.message))


def surroundings_of(workspace: "WorkspaceFiles") -> "Surroundings":
    """Return what the configured trackers can say of items, and what the roadmap has."""
    from adapters.registry import KINDS
    from rules.lint.doubts import Closed, Surroundings
    from rules.normalise import CHANGE, OTHER

    trackers = workspace.trackers
    places = [place for setup in trackers.trackers for place in setup.places]
    held = {each for setup in trackers.trackers for each in KINDS[setup.kind].holds}
    held |= {word for place in places for word, names in place.words.fields if names}
    held |= {"team" for place in places if place.team}
    kinds = dict.fromkeys(kind for place in places for kind, _ in place.words.kinds)
    names = " and ".join(sorted({setup.kind for setup in trackers.trackers}))
    outcomes = tuple(outcome.id for outcome in workspace.roadmap.outcomes)
    on_roadmap = Closed(outcomes, "the roadmap")
    closed = {
        "item.kind": Closed((*kinds, CHANGE, OTHER), "trackers.yaml"),
        "item.tracker": Closed(tuple(setup.name for setup in trackers.trackers), "trackers.yaml"),
        "container.kind": Closed(tuple(kind for what, kind in _CONTAINERS.items() if what in held), "trackers.yaml"),
    }
    if outcomes and not trackers.hold_outcomes:
        closed |= {"outcome.id": on_roadmap, "trace.outcome.id": on_roadmap}
    return Surroundings(
        absent={fact: f"{names} has none" for what, facts in _HELD_IN.items() if what not in held for fact in facts},
        closed=closed,
    )
