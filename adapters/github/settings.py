"""What an admin writes about GitHub in trackers.yaml."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, SecretStr, WithJsonSchema

from adapters.pacing import Allowance, Pace
from adapters.settings import Address, Part, PlaceSettings, Secret, WordsSettings, key_check, resolve_secret
from syncd.model.words import LinkWord, Selector, Words

API = "https://api.github.com"
BLOCKS = "blocks"
"""How the adapter names a dependency in a LinkRef: "this blocks that" is OUT."""
CLOSES = "closes"
"""How the adapter names a pull request's closing keyword in a LinkRef."""

_NAME = "[A-Za-z0-9][A-Za-z0-9_-]*/[A-Za-z0-9._-]+"
RepositoryName = Annotated[
    str,
    AfterValidator(key_check(_NAME, "repository; name its owner too, such as acme/checkout")),
    WithJsonSchema({"type": "string", "pattern": f"^{_NAME}$"}),
]

WORDS = Words(
    kinds=(
        ("incident", (Selector(type="Incident"), Selector(label="incident"))),
        ("debt", tuple(Selector(label=name) for name in ("tech-debt", "technical-debt", "debt", "refactoring"))),
        ("epic", (Selector(type="Epic"), Selector(type="Initiative"), Selector(label="epic"))),
        ("support", tuple(Selector(label=name) for name in ("support", "question", "questions and help"))),
        ("bug", (Selector(type="Bug"), Selector(label="bug"))),
        (
            "feature",
            (
                *(Selector(type=name) for name in ("Feature", "Story", "Task")),
                *(Selector(label=name) for name in ("enhancement", "feature", "story")),
            ),
        ),
    ),
    links=(("blocks", (LinkWord(BLOCKS),)), ("closes", (LinkWord(CLOSES),))),
    fields=(
        ("estimate", ("Estimate", "Story Points")),
        ("team", ("Team",)),
        ("needed_by", ("Target date", "Due date")),
        ("outcome", ("Outcome",)),
    ),
)
# github.com: at most 80 comments a minute and 500 an hour; a second between writes is what its guide asks for.
PACE = Pace(
    writes=(Allowance(1, 1.0),),
    creations=(Allowance(80, 60.0), Allowance(500, 3600.0)),
    creation_paths=("/comments",),
    reading_paths=("/graphql",),
)


class GitHubAuth(Part):
    """How syncd signs in: a token of its own account."""

    token: Secret

    def resolve(self, env: Mapping[str, str]) -> dict[str, str | SecretStr]:
        """Return the adapter's arguments; raises ConfigError where a secret is missing."""
        return {"token": resolve_secret(self.token, env)}


class GitHubSettings(WordsSettings):
    """One GitHub: github.com, or an Enterprise Server by the address of its API."""

    default_words: ClassVar[Words] = WORDS

    kind: Literal["github"] = "github"
    url: Address = Field(default=API, description="Address of the API; https://HOST/api/v3 for Enterprise Server.")
    auth: GitHubAuth
    repositories: dict[RepositoryName, PlaceSettings | None] = Field(
        default={}, description="owner/name of each repository, with what differs there."
    )

    @property
    def places(self) -> Mapping[str, PlaceSettings | None]:
        """Return the repositories by their names."""
        return self.repositories

    @property
    def pace(self) -> Pace:
        """Return the pace to keep: Enterprise Server has no limits unless its owner sets some, and then says so."""
        host = self.url.partition("://")[2].partition("/")[0].lower()
        is_limited = host == "api.github.com" or host.endswith(".ghe.com")
        return PACE if is_limited else Pace(reading_paths=PACE.reading_paths)
