"""`syncd init`: a first configuration, proposed from what the trackers have."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from syncd.cli.text import counted, plain
from syncd.model.errors import ConfigError

if TYPE_CHECKING:
    from pydantic import BaseModel

    from adapters.proposal import TrackerProposal
    from adapters.registry import TrackerSettings, TrackerSetup
    from syncd.model.reading import Capabilities, PlaceReport


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command()(init)


def init(
    config: Annotated[Path, typer.Option("--config", help="Folder to write.")] = Path("config"),
    jira: Annotated[str, typer.Option("--jira", help="Address of a Jira site.", show_default=False)] = "",
    project: Annotated[list[str] | None, typer.Option("--project", help="Jira project; else all.")] = None,
    github: Annotated[list[str] | None, typer.Option("--github", help="Repository, or its owner alone.")] = None,
    github_url: Annotated[str, typer.Option("--github-url", help="Address of GitHub's API.", show_default=False)] = "",
) -> None:
    """Write a first configuration from what the trackers have; reads JIRA_EMAIL, JIRA_TOKEN and GITHUB_TOKEN."""
    from adapters.proposal import propose
    from syncd.cli.scaffold import WORKSPACE, write_configuration
    from syncd.clock import SystemClock

    if not jira and not github and not github_url:
        raise ConfigError("say what to look at: --jira https://acme.atlassian.net, --github acme/checkout, or both")
    target = config / WORKSPACE / "trackers.yaml"
    if target.exists():
        raise ConfigError(f"{target} is there already; name another folder with --config")
    proposals = []
    if jira:
        proposals.append(_asked(*_jira(jira), project or []))
    if github or github_url:
        proposals.append(_asked(*_github(github_url), github or []))
    text = propose(proposals)
    for path in write_configuration(config, text, SystemClock().now().date()):
        typer.echo(f"wrote {path}")
    typer.echo("Next: say in roadmap.yaml what the work is for; then `syncd doctor`, then `syncd plan`.")


def _jira(url: str) -> "tuple[TrackerSetup, str]":
    from adapters.jira.settings import JiraSettings

    email = os.environ.get("JIRA_EMAIL", "")
    if not email:
        raise ConfigError("environment variable JIRA_EMAIL is not set; it must hold the account's address")
    auth = {"email": email, "token": {"env": "JIRA_TOKEN"}}
    return _setup("jira", JiraSettings, {"url": url, "auth": auth}), f"{{email: {email}, token: {{env: JIRA_TOKEN}}}}"


def _github(url: str) -> "tuple[TrackerSetup, str]":
    from adapters.github.settings import GitHubSettings

    settings = {"auth": {"token": {"env": "GITHUB_TOKEN"}}, **({"url": url} if url else {})}
    return _setup("github", GitHubSettings, settings), "{token: {env: GITHUB_TOKEN}}"


def _setup(kind: str, model: "type[BaseModel]", settings: Mapping[str, object]) -> "TrackerSetup":
    import pydantic

    from adapters.registry import TrackerSetup

    try:
        read = model.model_validate(settings)
    except pydantic.ValidationError as error:
        detail = error.errors()[0]
        name = ".".join(str(part) for part in detail["loc"])
        raise ConfigError(f"{kind}: {name}: {str(detail['msg']).removeprefix('Value error, ')}") from None
    return TrackerSetup(name=kind, kind=kind, settings=cast("TrackerSettings", read), places=())


def _asked(setup: "TrackerSetup", auth: str, wanted: list[str]) -> "TrackerProposal":
    """Ask a tracker what it has, and keep the places that were asked for."""
    import msgspec

    from adapters.proposal import TrackerProposal
    from adapters.registry import build
    from adapters.transport import Transport
    from syncd.clock import SystemClock
    from syncd.model.identity import PlaceId
    from syncd.model.items import Place
    from syncd.model.words import Words

    clock = SystemClock()
    if named := _named(setup.kind, wanted):
        # Named in full, they need not be among what the account is a member of.
        places = tuple(Place(id=PlaceId(setup.name, name), words=Words()) for name in named)
        setup = msgspec.structs.replace(setup, places=places)
    tracker = build(setup, clock=clock, transport=Transport(clock), owner="syncd/init", prefix="syncd:", env=os.environ)
    found = tracker.probe()
    chosen = _readable(setup.name, found) if named else _chosen(setup.name, found, wanted)
    typer.echo(f"{setup.name}: signed in as {plain(found.account.name)}, {counted(len(chosen), 'place')} to look at")
    default = type(setup.settings).model_fields["url"].default  # type: ignore[attr-defined]
    return TrackerProposal(
        name=setup.name,
        kind=setup.kind,
        url="" if setup.settings.url == default else setup.settings.url,
        auth=auth,
        capabilities=msgspec.structs.replace(found, places=tuple(chosen)),
    )


def _named(kind: str, wanted: list[str]) -> list[str]:
    """Return the keys of the places that were asked for; none where an owner alone is among them."""
    if kind == "jira":
        return list(dict.fromkeys(name.upper() for name in wanted))
    return list(dict.fromkeys(wanted)) if all("/" in name for name in wanted) else []


def _readable(tracker: str, found: "Capabilities") -> "list[PlaceReport]":
    """Return the places that were named, spelt as the tracker does, if all of them can be read."""
    import msgspec

    from syncd.model.identity import PlaceId

    chosen = []
    for place in found.places:
        if not place.can_read:
            raise ConfigError(f"{tracker}: {place.problem or f'{place.id.key} can not be read'}")
        key = place.name if place.name.casefold() == place.id.key.casefold() else place.id.key
        chosen.append(msgspec.structs.replace(place, id=PlaceId(tracker, key)))
    return chosen


def _chosen(tracker: str, found: "Capabilities", wanted: list[str]) -> "list[PlaceReport]":
    """Return the places that were named, by key or by owner; all where none was."""
    if not wanted:
        if not found.places:
            raise ConfigError(f"{tracker}: this account sees nothing to look at; check its permissions")
        return list(found.places)
    chosen = []
    for name in wanted:
        folded = name.casefold()
        places = [
            place
            for place in found.places
            if place.id.key.casefold() == folded or place.id.key.casefold().startswith(f"{folded}/")
        ]
        if not places:
            seen = ", ".join(sorted(place.id.key for place in found.places)[:10]) or "nothing"
            way_out = "; name repositories in full, such as acme/checkout" if tracker == "github" else ""
            raise ConfigError(f"{tracker}: this account does not see '{name}'; it sees {seen}{way_out}")
        chosen += places
    return list({place.id: place for place in chosen}.values())
