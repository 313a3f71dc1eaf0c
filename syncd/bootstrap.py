"""The composition root: from a configuration that was read to workspaces that are ready to run."""

import gc
import os
from collections.abc import Mapping, Sequence

from adapters.contract import Tracker
from adapters.registry import TrackerSetup, build
from adapters.transport import Transport
from rules.language.calendar import calendar_of
from syncd.clock import Clock
from syncd.configuration import Configuration, WorkspaceFiles
from syncd.daemon.passes import Workspace
from syncd.daemon.reconcile import Charter
from syncd.model.errors import ConfigError, ConfigErrors
from syncd.planner.limits import Limits
from syncd.settings import Settings
from syncd.store import Store

_OBJECTS_A_COLLECTION = 10_000
"""A page of JSON is thousands of objects and no cycle: Python's own threshold wastes a fifth of an import."""


def charter_of(workspace: WorkspaceFiles, settings: Settings) -> Charter:
    """Return what the planner and the engine need of a workspace's files."""
    limits = settings.limits
    return Charter(
        places={place.id: place for setup in workspace.trackers.trackers for place in setup.places},
        roadmap=workspace.roadmap,
        rules=workspace.rules,
        owner=f"{settings.installation}/{workspace.name}",
        prefix=settings.prefix,
        stage=workspace.trackers.stage,
        team_stages=workspace.trackers.team_stages,
        limits=Limits(
            changes=limits.changes, share=limits.share, removals=limits.removals, new_comments=limits.new_comments
        ),
        calendar=workspace.roadmap.calendar or calendar_of(settings.calendar),
        map_version=workspace.map_version,
    )


def ready_workspaces(
    configuration: Configuration,
    chosen: Sequence[WorkspaceFiles],
    store: Store,
    clock: Clock,
    transport: Transport,
    env: Mapping[str, str] | None = None,
) -> list[Workspace]:
    """Connect the chosen workspaces to their trackers and to the store.

    Raises:
        ConfigErrors: secrets that are not there.
    """
    return Workshop(store, clock, transport, os.environ if env is None else env).ready(configuration, chosen)


class Workshop:
    """Makes workspaces ready, and again when their files were edited: a tracker that is as it was stays connected."""

    def __init__(self, store: Store, clock: Clock, transport: Transport, env: Mapping[str, str]) -> None:
        self._store, self._clock, self._transport, self._env = store, clock, transport, env
        self._made: dict[tuple[str, str], tuple[TrackerSetup, Tracker]] = {}
        gc.set_threshold(_OBJECTS_A_COLLECTION)

    def ready(self, configuration: Configuration, chosen: Sequence[WorkspaceFiles]) -> list[Workspace]:
        """Return the workspaces, connected to their trackers and to the store; raises as ``trackers`` does."""
        return [
            Workspace(
                name=workspace.name,
                charter=charter_of(workspace, configuration.settings),
                trackers=self.trackers(workspace, configuration.settings),
                store=self._store.workspace(workspace.name),
            )
            for workspace in chosen
        ]

    def trackers(self, workspace: WorkspaceFiles, settings: Settings) -> dict[str, Tracker]:
        """Connect a workspace's trackers; nothing is sent yet.

        Raises:
            ConfigErrors: secrets that are not there, by the name of their variable or file.
        """
        owner = f"{settings.installation}/{workspace.name}"
        errors: list[ConfigError] = []
        trackers = {}
        for setup in workspace.trackers.trackers:
            made = self._made.get((workspace.name, setup.name))
            if made is None or made[0] != setup:
                try:
                    tracker = build(
                        setup,
                        clock=self._clock,
                        transport=self._transport,
                        owner=owner,
                        prefix=settings.prefix,
                        env=self._env,
                    )
                except ConfigError as error:
                    errors.append(error)
                    continue
                made = self._made[workspace.name, setup.name] = (setup, tracker)
            trackers[setup.name] = made[1]
        if errors:
            raise ConfigErrors(errors)
        return trackers
