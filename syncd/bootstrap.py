"""The composition root: from a configuration folder to workspaces that are ready to run."""

import gc
import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

import msgspec

from adapters.contract import Tracker
from adapters.registry import Trackers, TrackerSetup, build, load_trackers
from adapters.transport import Transport
from rules.engine import RuleSet
from rules.facts.vocabulary import all_facts
from rules.language.calendar import calendar_of
from rules.loader import load_rules
from rules.roadmap import Roadmap, load_roadmap
from syncd.clock import Clock
from syncd.daemon.passes import Workspace
from syncd.daemon.reconcile import Charter
from syncd.documents import Document, read_leniently
from syncd.model.errors import ConfigError, ConfigErrors
from syncd.planner.limits import Limits
from syncd.settings import CONFIG_VARIABLE, Settings, load_settings
from syncd.store import Store

_LONGEST_LABEL = 50
_OBJECTS_A_COLLECTION = 10_000
"""A page of JSON is thousands of objects and no cycle: Python's own threshold wastes a fifth of an import."""


class WorkspaceFiles(msgspec.Struct, frozen=True, kw_only=True):
    """One workspace as its files say, checked."""

    name: str
    folder: Path
    trackers: Trackers
    roadmap: Roadmap
    rules: RuleSet
    rule_documents: tuple[Document, ...] = ()
    """The files of the rules as read."""
    warnings: tuple[ConfigError, ...] = ()
    """What is legal and doubtful, at its place."""
    map_version: str = ""
    """A digest of what the files of trackers and roadmap say."""


class Configuration(msgspec.Struct, frozen=True, kw_only=True):
    """A whole configuration folder, checked."""

    folder: Path
    settings: Settings
    workspaces: tuple[WorkspaceFiles, ...]

    def workspace(self, name: str | None) -> WorkspaceFiles:
        """Return the named workspace, or the only one.

        Raises:
            ConfigError: there is none of that name, or there are several and none was named.
        """
        names = ", ".join(workspace.name for workspace in self.workspaces)
        if name is None:
            if len(self.workspaces) > 1:
                raise ConfigError(f"there are several workspaces: name one with --workspace ({names})")
            return self.workspaces[0]
        for workspace in self.workspaces:
            if workspace.name == name:
                return workspace
        raise ConfigError(f"no workspace '{name}' in {self.folder}; there is: {names}")


def packaged_config() -> Path:
    """Return the configuration that ships with syncd: in the wheel, else in the source tree."""
    packaged = Path(str(files("syncd") / "_config"))
    return packaged if packaged.is_dir() else Path(__file__).resolve().parent.parent / "config"


def config_folder(given: Path | None, env: Mapping[str, str]) -> Path:
    """Return the folder to read: what was given, else SYNCD_CONFIG, else ``config/`` here, else what ships with syncd.

    Raises:
        ConfigError: the named folder is not there.
    """
    named = given or (Path(env[CONFIG_VARIABLE]) if env.get(CONFIG_VARIABLE) else None)
    if named is not None and not named.is_dir():
        raise ConfigError(f"no configuration folder '{named}'; `syncd init` writes one")
    if named is not None:
        return named
    local = Path("config")
    return local if local.is_dir() else packaged_config()


def load_configuration(folder: Path, env: Mapping[str, str] | None = None) -> Configuration:
    """Read and check every file of a configuration folder.

    Raises:
        ConfigErrors: all that is wrong in all files, at once.
    """
    files = _Files(folder)
    settings = None
    with files.collecting():
        document = next(iter(files.matching("syncd.yaml")), None)
        settings = load_settings(document, env) if document or not files.errors else None
    errors = files.errors
    workspaces = []
    for trackers_file in sorted(folder.glob("*/trackers.yaml")):
        try:
            workspaces.append(_load_workspace(trackers_file.parent))
        except ConfigErrors as error:
            errors.extend(error.errors)
    if settings is not None:
        errors.extend(error for workspace in workspaces for error in _label_errors(workspace, settings.prefix))
    if not workspaces and not errors:
        errors.append(ConfigError(f"no workspace in '{folder}': it needs a folder with a trackers.yaml (`syncd init`)"))
    if errors or settings is None:
        raise ConfigErrors(errors)
    return Configuration(folder=folder, settings=settings, workspaces=tuple(workspaces))


def _listed(error: ConfigError | ConfigErrors) -> list[ConfigError]:
    return error.errors if isinstance(error, ConfigErrors) else [error]


def _label_errors(workspace: WorkspaceFiles, prefix: str) -> Iterator[ConfigError]:
    """Say which rules have a label that is longer than GitHub takes, where something is told on GitHub."""
    if any(setup.kind == "github" for setup in workspace.trackers.trackers):
        for rule in workspace.rules.rules:
            label = prefix + rule.terms.id
            if len(label) > _LONGEST_LABEL:
                message = f"the label '{label}' has {len(label)} characters and GitHub takes {_LONGEST_LABEL}"
                yield ConfigError(f"{message}: shorten the rule's id, or `prefix` in syncd.yaml", file=rule.file)


def _load_workspace(folder: Path) -> WorkspaceFiles:
    """Load one workspace; each part is read even when another is wrong, so that all errors are told at once."""
    files = _Files(folder, f"{folder.name}/")
    trackers, roadmap, rules = None, None, None
    documents = files.matching("rules/*.yaml")
    with files.collecting():
        trackers = next(map(load_trackers, files.matching("trackers.yaml")), None)
    with files.collecting():
        names = {setup.name for setup in trackers.trackers} if trackers else None
        written = files.matching("roadmap.yaml") + files.matching("roadmap/*.yaml")
        is_open = trackers is None or trackers.hold_outcomes or files.lacks("roadmap")
        roadmap = load_roadmap(written, names, files.beside, is_open=is_open)
    with files.collecting():
        rules = load_rules(documents, all_facts(), some_unread=files.lacks("rules/"))
    errors = files.errors
    if errors or trackers is None or roadmap is None or rules is None:
        raise ConfigErrors(sorted(errors, key=lambda each: (each.file, each.line, each.column)))
    return WorkspaceFiles(
        name=folder.name,
        folder=folder,
        trackers=trackers,
        roadmap=roadmap,
        rules=rules,
        rule_documents=tuple(documents),
        warnings=(*trackers.warnings, *roadmap.warnings),
        map_version=files.version("trackers.yaml", "roadmap"),
    )


class _Files:
    """The files of a folder, told with ``prefix``: all that is wrong in them is collected, each mistake once."""

    def __init__(self, folder: Path, prefix: str = "") -> None:
        self._folder = folder
        self._prefix = prefix
        self._read: list[Document] = []
        self._unread: list[Document] = []
        self._beside: dict[str, str] = {}
        self.errors: list[ConfigError] = []

    def matching(self, pattern: str) -> list[Document]:
        """Return the files that have something to check, those that were refused in part too."""
        paths = sorted(self._folder.glob(pattern))
        read = [read_leniently(path, f"{self._prefix}{path.relative_to(self._folder)}") for path in paths]
        self.errors.extend(error for document in read for error in document.errors)
        self._read += read
        self._unread += [document for document in read if document.errors and not document.data]
        return [document for document in read if document.data or not document.errors]

    def version(self, *beginnings: str) -> str:
        """Return a digest of what stands in the files whose names begin so, and in those that they name."""
        read = [each.data for each in self._read if each.name.removeprefix(self._prefix).startswith(beginnings)]
        return hashlib.sha256(json.dumps([read, self._beside], sort_keys=True).encode()).hexdigest()[:12]

    def beside(self, path: str) -> str | None:
        """Return the text of a file that another one names, None where there is none; raises ConfigError."""
        file = self._folder / path
        if not file.is_file():
            return None
        try:
            self._beside[path] = file.read_bytes().decode("utf-8-sig")
        except (UnicodeDecodeError, OSError):
            raise ConfigError("can't be read as text in UTF-8; save it as CSV in UTF-8") from None
        return self._beside[path]

    def lacks(self, inside: str) -> bool:
        """Return whether a file whose name begins so could not be read at all."""
        return any(document.name.startswith(f"{self._prefix}{inside}") for document in self._unread)

    @contextmanager
    def collecting(self) -> Iterator[None]:
        """Keep the errors of the loader that runs in here, but those at a place that was refused already."""
        try:
            yield
        except (ConfigError, ConfigErrors) as error:
            told = {(each.file, each.line, each.column) for each in self.errors}
            self.errors += [each for each in _listed(error) if (each.file, each.line, each.column) not in told]


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
