"""What an admin may write about any tracker in trackers.yaml, and where its secrets come from."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import SkipJsonSchema

from syncd.model.errors import ConfigError

StageName = Literal["off", "report", "labels", "comment"]
Names = tuple[Annotated[str, Field(min_length=1)], ...]


class Part(BaseModel):
    """A mapping of trackers.yaml: unknown keys are refused, nothing changes after it was read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SecretSource(Part):
    """Where a secret comes from: an environment variable or a file; exactly one of them."""

    env: Annotated[str | None, Field(min_length=1, description="Name of an environment variable.")] = None
    file: Annotated[str | None, Field(min_length=1, description="Path of a file.")] = None

    @model_validator(mode="after")
    def _names_one(self) -> "SecretSource":
        if (self.env is None) == (self.file is None):
            raise ValueError("name either an environment variable, {env: NAME}, or a file, {file: PATH}")
        return self


def _refuse_literal(value: object) -> object:
    if isinstance(value, str | int | float):
        raise ValueError(
            "a token is not written here: name an environment variable, {env: NAME}, or a file, {file: PATH}"
        )
    return value


Secret = Annotated[SecretSource, BeforeValidator(_refuse_literal, json_schema_input_type=SecretSource)]


def resolve_secret(source: SecretSource, env: Mapping[str, str]) -> SecretStr:
    """Return the secret.

    Raises:
        ConfigError: it is not there or can't be sent in a header; the message says where it was looked for.
    """
    where = f"environment variable {source.env}" if source.env else f"file '{source.file}'"
    if source.env:
        text = env.get(source.env)
        if text is None:
            raise ConfigError(f"{where} is not set; it must hold the token: export {source.env}=…")
    else:
        text = _read_secret(Path(source.file or ""), where)
    text = text.strip()
    if not text:
        raise ConfigError(f"{where} is empty; it must hold the token")
    if not (text.isascii() and text.isprintable() and " " not in text):
        raise ConfigError(f"{where} holds spaces or signs that no token has; it must hold the token alone")
    return SecretStr(text)


def _read_secret(path: Path, where: str) -> str:
    try:
        return path.read_bytes().decode()
    except OSError as error:
        reason = (error.strerror or "it can't be read").lower()
        raise ConfigError(f"{where} with the token can't be read: {reason}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{where} is not text; it must hold the token alone") from None


def _clean_address(value: str) -> str:
    address = value.strip().rstrip("/")
    scheme, found, rest = address.partition("://")
    if scheme not in ("http", "https") or not found or not rest or any(sign in rest for sign in " ?#"):
        raise ValueError("an address such as https://example.org is expected")
    if "@" in rest.partition("/")[0]:
        raise ValueError("an address without a name and password is expected; the token goes under auth:")
    return address


Address = Annotated[str, AfterValidator(_clean_address)]


def key_check(pattern: str, what: str) -> Callable[[str], str]:
    """Return a validator of a place's key; ``what`` describes it to a person who wrote another."""

    def check(key: str) -> str:
        if not re.fullmatch(pattern, key):
            raise ValueError(f"'{key}' is no {what}")
        return key

    return check


class SelectorSettings(Part):
    """What an item must have to be of a kind; all that is given must fit."""

    type: str = Field(default="", description="Name of an item type, exactly.")
    label: str = Field(default="", description="Name of a label, upper or lower case alike.")

    @model_validator(mode="after")
    def _names_something(self) -> "SelectorSettings":
        if not self.type and not self.label:
            raise ValueError("name a type, a label, or both")
        return self


class LinkSettings(Part):
    """A link's name in the tracker; ``reversed`` where it points the other way than our word."""

    name: str = Field(min_length=1)
    reversed: bool = False


def _as_selector(value: object) -> object:
    return {"type": value} if isinstance(value, str) else value


def _as_link(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


Selectors = tuple[
    Annotated[SelectorSettings, BeforeValidator(_as_selector, json_schema_input_type=str | SelectorSettings)], ...
]
Links = tuple[Annotated[LinkSettings, BeforeValidator(_as_link, json_schema_input_type=str | LinkSettings)], ...]


_KIND = "[a-z][a-z0-9_-]*"
KindName = Annotated[
    str,
    AfterValidator(key_check(_KIND, "name of a kind; it has small letters, digits, - and _")),
    WithJsonSchema({"type": "string", "pattern": f"^{_KIND}$"}),
]


class LinksSettings(Part):
    """Our kinds of links, each with the tracker's names for it."""

    parent: Links | None = None
    blocks: Links | None = None
    implements: Links | None = None
    duplicates: Links | None = None
    mirrors: Links | None = None
    split_from: Links | None = None
    relates_to: Links | None = None
    closes: Links | None = None


class FieldsSettings(Part):
    """Our facts, each with the names of the fields that hold it; the first that is filled counts."""

    estimate: Names | None = None
    team: Names | None = None
    needed_by: Names | None = None
    outcome: Names | None = None


class InProgressSettings(Part):
    """What makes an open item in progress, beyond its status category."""

    statuses: Names | None = Field(default=None, description="Statuses that mean in progress, whatever their category.")
    pull_request: bool | None = Field(default=None, description="An open pull request closes it.")
    assigned_days: int | None = Field(default=None, ge=0, description="Assigned and active in so many days; 0: never.")


class InPlaySettings(Part):
    """What is in play beyond what is in progress, planned or dated."""

    top: int = Field(ge=0, description="So many items at the top of a place's backlog.")


class LinesSettings(Part):
    """Words that begin a line of text which names other items, without the colon."""

    blocked_by: Names | None = None
    blocks: Names | None = None
    part_of: Names | None = None
    outcome: Names | None = None
    closes: Names | None = None


def _refuse_jql(_: object) -> object:
    raise ValueError(
        "jql selects in a whole Jira tracker: write it in that tracker's own 'outcomes'; elsewhere say types, labels or"
        " milestones"
    )


class OutcomesSettings(Part):
    """Which items, milestones and versions are outcomes of the roadmap; each that fits is one."""

    types: Names = Field(default=(), description="Item types, exactly as the tracker writes them.")
    labels: Names = Field(default=(), description="Labels, upper or lower case alike.")
    milestones: bool = Field(default=False, description="Every milestone and version, by its title.")
    # Known only to be refused with the way out; no editor proposes it.
    jql: SkipJsonSchema[Annotated[str, BeforeValidator(_refuse_jql)]] = ""


class GroupSettings(Part):
    """Readers who are fewer than everybody inside, by the group's name."""

    group: str = Field(min_length=1)


class WordsSettings(Part):
    """One tracker's words in ours, and how far syncd may go there; for a whole tracker, or one place of it."""

    team: str | None = Field(default=None, min_length=1, description="The team whose place this is.")
    stage: StageName | None = Field(default=None, description="How far syncd may go here.")
    audience: Literal["public", "customers", "internal"] | GroupSettings | None = Field(
        default=None, description="Who reads here; absent: as the tracker tells it."
    )
    comments: Literal["allowed"] | None = Field(default=None, description="Comments in a public place, too.")
    kinds: dict[KindName, Selectors] = Field(
        default={}, description="Our kinds of work, each with what it is recognised by; read from top to bottom."
    )
    links: LinksSettings = LinksSettings()
    fields: FieldsSettings = FieldsSettings()
    in_progress: InProgressSettings = InProgressSettings()
    in_play: InPlaySettings | None = None
    lines: LinesSettings = LinesSettings()
    outcomes: OutcomesSettings | None = Field(
        default=None, description="What here is an outcome of the roadmap, beside those in roadmap.yaml."
    )


class PlaceSettings(WordsSettings):
    """What differs in one project or repository."""


class TeamSettings(Part):
    """What differs for the items of one team, whatever place they are in."""

    stage: StageName = Field(description="How far syncd may go on this team's items; the lowest that applies wins.")
