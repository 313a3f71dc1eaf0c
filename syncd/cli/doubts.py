"""What is legal and dead in one workspace: of its roadmap, its rules, and its rules beside its trackers' map."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from adapters.registry import Trackers
    from rules.doubts import Surroundings
    from syncd.bootstrap import WorkspaceFiles
    from syncd.model.errors import ConfigError

_HELD_IN = {
    "item.sprints": "sprints",
    "item.versions": "versions",
    "item.milestones": "milestones",
    "item.components": "components",
    "item.priority": "priority",
    "item.due_on": "due_on",
    "item.estimate": "estimate",
}
"""Facts that are there only where a tracker holds something, and what."""


def doubts_of(workspace: "WorkspaceFiles") -> "list[ConfigError]":
    """Return what is doubtful, file by file, in the order of its places."""
    from rules.doubts import doubts

    found = list(workspace.warnings)
    found += doubts(workspace.rules, workspace.rule_documents, surroundings_of(workspace.trackers))
    return sorted(found, key=lambda each: (each.file, each.line, each.column, each.message))


def surroundings_of(trackers: "Trackers") -> "Surroundings":
    """Return what the configured trackers can say of items."""
    from adapters.registry import KINDS
    from rules.doubts import Surroundings
    from rules.normalise import CHANGE, OTHER

    held = {each for setup in trackers.trackers for each in KINDS[setup.kind].holds}
    places = [place for setup in trackers.trackers for place in setup.places]
    held |= {word for place in places for word, names in place.words.fields if names}
    kinds = {kind: None for place in places for kind, _ in place.words.kinds}
    names = ", ".join(sorted({setup.kind for setup in trackers.trackers}))
    return Surroundings(
        absent={fact: f"{names} has none" for fact, what in _HELD_IN.items() if what not in held},
        closed={
            "item.kind": (*kinds, CHANGE, OTHER),
            "item.tracker": tuple(setup.name for setup in trackers.trackers),
        },
    )
