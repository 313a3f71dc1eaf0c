"""A configuration folder as its files say: every file read and checked, all that is wrong told at once."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

import msgspec

from adapters.registry import Trackers, load_trackers
from rules.engine import RuleSet
from rules.facts.vocabulary import all_facts
from rules.loader import load_rules
from rules.roadmap.loader import Roadmap, load_roadmap
from syncd.documents import Document, read_leniently
from syncd.model.errors import ConfigError, ConfigErrors
from syncd.settings import CONFIG_VARIABLE, Settings, load_settings

_LONGEST_LABEL = 50


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
        # A hidden one is an editor's: the lock of a file that is open in Emacs matches, too.
        paths = sorted(path for path in self._folder.glob(pattern) if not path.name.startswith("."))
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
