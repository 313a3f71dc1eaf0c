"""What an admin writes about Jira in trackers.yaml."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, SecretStr, WithJsonSchema

from adapters.jira.jql import selection
from adapters.pacing import Pace
from adapters.settings import (
    Address,
    Names,
    OutcomesSettings,
    Part,
    PlaceSettings,
    Secret,
    WordsSettings,
    key_check,
    resolve_secret,
)
from syncd.model.words import InProgress, LinkWord, Selector, Words

_KEY = "[A-Z][A-Z0-9_]+"
ProjectKey = Annotated[
    str,
    AfterValidator(key_check(_KEY, "project key; it has capital letters and digits, such as PAY")),
    WithJsonSchema({"type": "string", "pattern": f"^{_KEY}$"}),
]


def _types(*names: str) -> tuple[Selector, ...]:
    return tuple(Selector(type=name) for name in names)


def _labels(*names: str) -> tuple[Selector, ...]:
    return tuple(Selector(label=name) for name in names)


WORDS = Words(
    kinds=(
        ("incident", (*_types("Incident", "[System] Incident"), *_labels("incident"))),
        ("debt", (*_types("Technical Debt", "Tech Debt"), *_labels("tech-debt", "technical-debt", "debt"))),
        ("support", _types("Support", "Service Request", "[System] Service request", "Question")),
        ("epic", _types("Epic", "Initiative")),
        ("bug", _types("Bug", "Defect")),
        (
            "feature",
            _types(
                *("Story", "New Feature", "Feature", "Improvement", "Enhancement", "Task"),
                *("Sub-task", "Subtask", "Technical task", "Spike"),
            ),
        ),
    ),
    links=(
        ("blocks", (LinkWord("Blocks"), LinkWord("Depends", reversed=True), LinkWord("Dependency", reversed=True))),
        ("implements", (LinkWord("Implements"), LinkWord("Implement"))),
        ("duplicates", (LinkWord("Duplicate"), LinkWord("Duplicates"))),
        ("mirrors", (LinkWord("Synchronised with"), LinkWord("Mirrors"))),
        # Jira's words are "A split to B".
        ("split_from", (LinkWord("Issue split", reversed=True),)),
        (
            "relates_to",
            (*map(LinkWord, ("Relates", "Cloners", "remote link", "links to", "mentioned in", "mentioned on")),),
        ),
    ),
    fields=(
        ("estimate", ("Story Points", "Story point estimate")),
        ("team", ("Team", "Squad")),
        ("needed_by", ("Target end", "Due date")),
        ("outcome", ("Outcome", "Roadmap outcome")),
    ),
    # Jira's statuses have categories: being assigned says nothing more.
    in_progress=InProgress(assigned_days=0),
)
# Jira's limits are above what one process sends; its 429 say when there is more.
PACE = Pace(
    reading_paths=(
        "/search/jql",
        "/search",
        "/search/approximate-count",
        "/issue/bulkfetch",
        "/changelog/bulkfetch",
        "/comment/list",
        "/permissions/check",
        "/jql/parse",
        "/jql/match",
    )
)


class JiraAuth(Part):
    """How syncd signs in: an account's address and its API token."""

    email: Annotated[str, AfterValidator(key_check("[!-~]+@[!-~]+", "e-mail address of an account"))]
    token: Secret

    def resolve(self, env: Mapping[str, str]) -> dict[str, str | SecretStr]:
        """Return the adapter's arguments; raises ConfigError where a secret is missing."""
        return {"email": self.email, "token": resolve_secret(self.token, env)}


class JiraOutcomesSettings(OutcomesSettings):
    """Which issues and versions are outcomes of the roadmap, on one site; each that fits is one."""

    jql: Annotated[str, AfterValidator(selection), WithJsonSchema({"type": "string", "minLength": 1})] = Field(
        default="", description="What else selects issues, as in a search of Jira, without ORDER BY."
    )


class JiraSettings(WordsSettings):
    """One Jira Cloud site."""

    default_words: ClassVar[Words] = WORDS

    kind: Literal["jira"] = "jira"
    outcomes: JiraOutcomesSettings | None = Field(
        default=None, description="What here is an outcome of the roadmap, beside those in roadmap.yaml."
    )
    url: Address = Field(description="Address of the site, such as https://acme.atlassian.net.")
    auth: JiraAuth
    previous_authors: Names = Field(
        default=(), description="Account ids that syncd wrote with before; comments of theirs with our mark are ours."
    )
    quiet: bool = Field(
        default=False,
        description="Ask Jira to mail nobody about our edits; it does so only for project admins, else it is loud.",
    )
    remote_links: bool = Field(
        default=True,
        description="Read links to GitHub and other sites of what changes and is in progress or in a sprint:"
        " a request for each.",
    )
    projects: dict[ProjectKey, PlaceSettings | None] = Field(
        default={}, description="Key of each project, with what differs there."
    )

    @property
    def places(self) -> Mapping[str, PlaceSettings | None]:
        """Return the projects by their keys."""
        return self.projects

    @property
    def pace(self) -> Pace:
        """Return the pace to keep."""
        return PACE
