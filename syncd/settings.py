"""The installation's settings: config/syncd.yaml, overridden by the environment (``SYNCD_HTTP__LISTEN``)."""

import os
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from syncd.calendar_text import CalendarText
from syncd.complaints import did_you_mean
from syncd.documents import Document, validate
from syncd.model.errors import ConfigError, ConfigErrors

ENV_PREFIX = "SYNCD_"
CONFIG_VARIABLE = "SYNCD_CONFIG"
"""Names the folder of the configuration; it is no setting."""
_SPAN = re.compile(r"(\d+)\s*(s|m|h|d)")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def _span(value: object) -> object:
    """Read ``60s``, ``5m``, ``2h`` or ``1d``."""
    match = _SPAN.fullmatch(str(value).strip())
    if match is None:
        raise ValueError(f"read '{value}'; expected a time such as 60s, 5m, 2h or 1d")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def _share(value: object) -> object:
    """Read ``30%`` or a number from 0 to 1."""
    text = str(value).strip()
    try:
        return float(text[:-1]) / 100 if text.endswith("%") else float(text)
    except ValueError:
        raise ValueError(f"read '{value}'; expected a share such as 30% or 0.3") from None


Interval = Annotated[timedelta, BeforeValidator(_span, json_schema_input_type=str)]
Share = Annotated[float, BeforeValidator(_share, json_schema_input_type=str | float), Field(ge=0, le=1)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Http(_Part):
    """Where the service listens for health checks."""

    listen: str = Field(default="127.0.0.1:8787", pattern=r"^[^\s:]+:\d{1,5}$", description="Address and port.")

    @property
    def host(self) -> str:
        """Return the address without the port."""
        return self.listen.rpartition(":")[0]

    @property
    def port(self) -> int:
        """Return the port."""
        return int(self.listen.rpartition(":")[2])


class Poll(_Part):
    """How often trackers are read."""

    interval: Interval = Field(
        default=timedelta(seconds=60), description="Time from one poll of a tracker to the next."
    )
    census: Interval = Field(default=timedelta(days=1), description="Time between counts of what exists.")


class HistorySettings(_Part):
    """What is read of the time before syncd looked."""

    backfill: bool = Field(default=True, description="Ask the trackers what happened to items, in the background.")


class LimitSettings(_Part):
    """How much one rule may write in any 24 hours; what is over waits for review."""

    changes: int = Field(default=200, ge=0, description="Changes of any kind.")
    share: Share = Field(default=0.3, description="Share of a workspace's open items that a rule may write on.")
    removals: int = Field(default=50, ge=0, description="Labels taken away.")
    new_comments: int = Field(default=40, ge=0, description="Comments created.")


class Logs(_Part):
    """How the service tells what it does."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["auto", "console", "json"] = Field(
        default="auto", description="auto: console on a terminal, else json."
    )


class Settings(BaseSettings):
    """All of syncd.yaml."""

    model_config = SettingsConfigDict(
        env_prefix=ENV_PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True, env_ignore_empty=True
    )

    installation: str = Field(
        default="syncd",
        pattern=r"^[a-z0-9][a-z0-9-]{0,39}$",
        description="Names us in the mark of our comments.",
    )
    store: str = Field(default="sqlite:///var/syncd.db", description="Database URL; relative to the working folder.")
    prefix: str = Field(
        default="syncd:", pattern=r"^[a-z0-9-]{1,20}:$", description="What every label of ours begins with."
    )
    http: Http = Http()
    calendar: CalendarText = CalendarText()
    poll: Poll = Poll()
    history: HistorySettings = HistorySettings()
    limits: LimitSettings = LimitSettings()
    logs: Logs = Logs()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read nothing but what is handed in: the environment is the caller's to give."""
        return (init_settings,)


def load_settings(document: Document | None, env: Mapping[str, str] | None = None) -> Settings:
    """Return the installation's settings.

    Raises:
        ConfigErrors: the file, with places, or environment variables, by name.
    """
    env = os.environ if env is None else env
    content: dict[str, Any] = {}
    if document is not None:
        validate(document, Settings)
        content = dict(document.data)
    if misspelt := [ConfigError(message) for message in _misspelt(env)]:
        raise ConfigErrors(misspelt)
    try:
        return Settings(**_overlaid(content, _from(env)))
    except ValidationError as error:
        raise ConfigErrors([_environment_error(detail, env) for detail in error.errors()]) from None


def _from(env: Mapping[str, str]) -> dict[str, Any]:
    """Return what variables such as SYNCD_HTTP__LISTEN say, nested as in the file."""
    source = EnvSettingsSource(Settings)
    source.env_vars = {name.lower(): value for name, value in env.items() if value}
    return source()


def _overlaid(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        under = merged.get(key)
        merged[key] = _overlaid(under, value) if isinstance(under, dict) and isinstance(value, dict) else value
    return merged


def _misspelt(env: Mapping[str, str]) -> Iterator[str]:
    """Yield a message for each variable that is none of ours but nearly one: it would be ignored in silence."""
    known = [CONFIG_VARIABLE.removeprefix(ENV_PREFIX), *map(str.upper, Settings.model_fields)]
    for name in sorted(env):
        # Without what they all begin with, which would make every name look like another.
        top = name.partition("__")[0].removeprefix(ENV_PREFIX)
        if name.startswith(ENV_PREFIX) and top not in known and (near := did_you_mean(top, known)):
            meant = near.replace("'", f"'{ENV_PREFIX}", 1)
            yield f"environment variable {name} is not known.{meant}"


def _environment_error(detail: Mapping[str, Any], env: Mapping[str, str]) -> ConfigError:
    """Name the variable that a validation error is about."""
    name = ENV_PREFIX + "__".join(str(part) for part in detail["loc"]).upper()
    reason = str(detail["msg"])
    if not reason.startswith("Value error, "):
        reason = f"read '{env.get(name, '')}': {reason[:1].lower()}{reason[1:]}"
    return ConfigError(f"environment variable {name}: {reason.removeprefix('Value error, ')}")
