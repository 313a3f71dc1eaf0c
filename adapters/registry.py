"""Reads trackers.yaml and connects what it names; a new tracker is one line in KINDS."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Annotated, Any, ClassVar, Protocol, cast

import msgspec
from pydantic import Field, SecretStr, create_model

from adapters.contract import Tracker
from adapters.github.settings import GitHubSettings
from adapters.jira.settings import JiraSettings
from adapters.pacing import Pace
from adapters.settings import Part, PlaceSettings, StageName, TeamSettings, WordsSettings
from adapters.teams import team_doubts, team_stages
from adapters.transport import Transport
from adapters.words import place_of
from syncd.clock import Clock
from syncd.complaints import did_you_mean, one_of, shown
from syncd.documents import Document, validate
from syncd.model.errors import ConfigError, ConfigErrors
from syncd.model.identity import PlaceId
from syncd.model.items import Place, Stage
from syncd.model.words import OutcomeWords, Words

_NAME = re.compile(r"^[A-Za-z][A-Za-z0-9_-]{0,39}$")


class Kind(msgspec.Struct, frozen=True):
    """A kind of tracker: its settings, and the adapter as ``module:class``, imported when it is first built.

    ``placed_in``: the key under which its places stand. ``holds``: fields of an Item that others lack.
    """

    settings: type[WordsSettings]
    adapter: str
    placed_in: str
    holds: frozenset[str] = frozenset()


_JIRA_HOLDS = frozenset({"sprints", "versions", "components", "priority", "due_on", "estimate"})

KINDS: Mapping[str, Kind] = {
    "jira": Kind(JiraSettings, "adapters.jira.adapter:JiraAdapter", "projects", _JIRA_HOLDS),
    "github": Kind(GitHubSettings, "adapters.github.adapter:GitHubAdapter", "repositories", frozenset({"milestones"})),
}


class Auth(Protocol):
    """How a tracker's settings say who we are there."""

    def resolve(self, env: Mapping[str, str]) -> dict[str, str | SecretStr]:
        """Return the adapter's arguments; raises ConfigError where a secret is missing."""


class TrackerSettings(Protocol):
    """What the settings of every kind of tracker have."""

    default_words: ClassVar[Words]

    @property
    def kind(self) -> str:
        """Return the kind's name."""

    @property
    def url(self) -> str:
        """Return the address, without a slash at its end."""

    @property
    def auth(self) -> Auth:
        """Return how to sign in."""

    @property
    def places(self) -> Mapping[str, PlaceSettings | None]:
        """Return the configured places by their keys."""

    @property
    def pace(self) -> Pace:
        """Return how fast a credential may go there."""


class TrackerSetup(msgspec.Struct, frozen=True, kw_only=True):
    """One tracker as configured, checked, not connected."""

    name: str
    kind: str
    settings: TrackerSettings
    places: tuple[Place, ...]


class Trackers(msgspec.Struct, frozen=True, kw_only=True):
    """The trackers of a workspace; ``stage`` is how far syncd may go in it, ``team_stages`` on a team's items.

    ``warnings`` say what is doubtful, at its place.
    """

    stage: Stage
    trackers: tuple[TrackerSetup, ...]
    team_stages: Mapping[str, Stage] = {}
    warnings: tuple[ConfigError, ...] = ()

    @property
    def hold_outcomes(self) -> bool:
        """Return whether some outcomes of the roadmap live in them."""
        return any(place.words.outcomes != OutcomeWords() for setup in self.trackers for place in setup.places)


def load_trackers(document: Document) -> Trackers:
    """Return what a trackers.yaml says.

    Raises:
        ConfigErrors: all that is wrong, each at its place.
    """
    errors = list(_kind_errors(document))
    try:
        file = validate(document, _model_of(document))
    except ConfigErrors as error:
        raise ConfigErrors(_by_place([*errors, *error.errors])) from None
    settings: dict[str, Any] = {name: getattr(file.trackers, field) for name, field in _fields_of(document).items()}
    errors.extend(_place_errors(document, settings))
    if errors:
        raise ConfigErrors(_by_place(errors))
    setups = tuple(setup_of(name, each) for name, each in settings.items())
    return Trackers(
        stage=Stage[file.stage.upper()],
        trackers=setups,
        team_stages=team_stages(file.teams),
        warnings=tuple(team_doubts(document, file.teams, [place for setup in setups for place in setup.places])),
    )


def setup_of(name: str, settings: WordsSettings) -> TrackerSetup:
    """Return a tracker's setup from its settings alone."""
    found = cast(TrackerSettings, settings)
    places = tuple(
        msgspec.structs.replace(
            place_of(PlaceId(name, key), settings, override, found.default_words), tracker_kind=found.kind
        )
        for key, override in found.places.items()
    )
    return TrackerSetup(name=name, kind=found.kind, settings=found, places=places)


def build(
    setup: TrackerSetup, *, clock: Clock, transport: Transport, owner: str, prefix: str, env: Mapping[str, str]
) -> Tracker:
    """Return a tracker that is ready to be asked; nothing is sent yet.

    Raises:
        ConfigError: a secret is not there, by the name of its variable or file.
    """
    try:
        credentials = setup.settings.auth.resolve(env)
    except ConfigError as error:
        raise ConfigError(f"tracker '{setup.name}': {error.message}") from None
    module, _, constructor = KINDS[setup.kind].adapter.partition(":")
    budget = transport.budget(_digest(setup.settings.url, credentials), setup.settings.pace)
    built = getattr(import_module(module), constructor)(
        setup.settings,
        name=setup.name,
        places=setup.places,
        clock=clock,
        http=transport.http_adapter(setup.name, budget),
        owner=owner,
        prefix=prefix,
        **credentials,
    )
    return cast(Tracker, built)


def trackers_schema() -> dict[str, Any]:
    """Return the JSON Schema of trackers.yaml, for editors."""
    any_kind: Any = Annotated[_any_of([kind.settings for kind in KINDS.values()]), Field(discriminator="kind")]
    trackers = dict[Annotated[str, Field(pattern=_NAME.pattern)], any_kind]
    model = create_model("TrackersFile", __base__=_File, trackers=(trackers, ...))
    schema = model.model_json_schema()
    for kind in KINDS.values():
        schema["$defs"][kind.settings.__name__]["required"].insert(0, "kind")
    _close(schema)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


class _File(Part):
    """The trackers of one workspace, and their words in ours."""

    stage: StageName = Field(default="report", description="How far syncd may go in this workspace.")
    teams: dict[Annotated[str, Field(min_length=1)], TeamSettings] = Field(
        default={}, description="How far syncd may go on a team's items, by the team's name."
    )
    trackers: Any


def _close(schema: Any) -> None:
    """Refuse keys that fit no pattern: pydantic leaves them open."""
    if isinstance(schema, dict) and "patternProperties" in schema:
        schema["additionalProperties"] = False
    for inner in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        _close(inner)


def _any_of(models: list[type[WordsSettings]]) -> Any:
    union: Any = models[0]
    for model in models[1:]:
        union = union | model
    return union


def _named(document: Document) -> Mapping[str, Any]:
    found = document.data.get("trackers")
    return found if isinstance(found, dict) else {}


def _fields_of(document: Document) -> dict[str, str]:
    """Return the field of the model for each tracker's name: a name need not be one that Python knows."""
    return {name: f"tracker_{number}" for number, name in enumerate(_named(document))}


def _model_of(document: Document) -> type[_File]:
    """Return a model for just this file: with each tracker's kind known, errors speak of that kind alone."""
    fields: dict[str, Any] = {}
    for name, field in _fields_of(document).items():
        written = _named(document)[name]
        kind = KINDS.get(str(written.get("kind"))) if isinstance(written, dict) else None
        fields[field] = (kind.settings if kind else Any, Field(alias=name))
    trackers = create_model("Trackers", __base__=Part, **fields)
    return create_model("TrackersFile", __base__=_File, trackers=(trackers, ...))


def _kind_errors(document: Document) -> Iterator[ConfigError]:
    if document.data.get("trackers") == {}:
        yield document.error(("trackers",), "names no tracker")
    for name, written in _named(document).items():
        loc = ("trackers", name)
        if not _NAME.match(name):
            yield document.error(loc, f"'{name}' can't name a tracker: letters, digits, - and _ only", on_key=True)
        if not isinstance(written, dict):
            yield document.error(loc, f"read {shown(written)}; expected a mapping with the tracker's kind")
        elif "kind" not in written:
            yield document.error(loc, f"the key 'kind' is missing: {one_of(list(KINDS))}", on_key=True)
        elif str(written["kind"]) not in KINDS:
            read = str(written["kind"])
            message = f"unknown kind {shown(read)}; there is: {one_of(list(KINDS))}.{did_you_mean(read, KINDS)}"
            yield document.error((*loc, "kind"), message)


def _place_errors(document: Document, settings: Mapping[str, TrackerSettings]) -> Iterator[ConfigError]:
    """Say which trackers have no place, and which places stand twice: two mouths would speak on one item."""
    first: dict[tuple[str, str], str] = {}
    for name, each in settings.items():
        kind = KINDS.get(getattr(each, "kind", ""))
        if kind is None:
            continue
        loc = ("trackers", name, kind.placed_in)
        if not each.places:
            yield document.error(loc, f"names no place: list what syncd shall look at under '{kind.placed_in}'")
        for key in each.places:
            where = first.setdefault((each.url.casefold(), key.casefold()), f"{name}: {key}")
            if where != f"{name}: {key}":
                message = f"'{key}' stands twice: it is the same as '{where}'"
                yield document.error((*loc, key), message, on_key=True)


def _by_place(errors: list[ConfigError]) -> list[ConfigError]:
    return sorted(errors, key=lambda each: (each.line, each.column))


def _digest(url: str, credentials: Mapping[str, str | SecretStr]) -> str:
    values = [value.get_secret_value() if isinstance(value, SecretStr) else value for value in credentials.values()]
    return hashlib.sha256("\n".join([url, *values]).encode()).hexdigest()
