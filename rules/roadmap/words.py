"""How a roadmap names things: ids, items by tracker and key, milestones by place and title, shares."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from syncd.model.identity import Ref
from syncd.model.outcomes import MilestoneName

ID_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$"
ITEM_PATTERN = (
    r"^[A-Za-z0-9_-]+:([A-Za-z][A-Za-z0-9_]*-[0-9]+|[A-Za-z0-9._-]+/[A-Za-z0-9._-]+#[0-9]+)$|^https?://[^\s]+$"
)
MILESTONE_PATTERN = r"^[A-Za-z0-9_-]+:[^\s:]+:\s+[^\s].*$"
SHARE_PATTERN = r"^([0-9]|[1-9][0-9]|100)%$"
PATH_PATTERN = r"^(?!/)(?!.*(?:^|/)\.\.(?:/|$))[^\\:]+$"


def _fits(pattern: str, expected: str) -> AfterValidator:
    compiled = re.compile(pattern.replace("$", r"\Z"))

    def check(text: str) -> str:
        if not compiled.match(text):
            raise ValueError(f"read '{' '.join(text.split())[:60]}'; expected {expected}")
        return text

    return AfterValidator(check)


OutcomeId = Annotated[
    str,
    _fits(ID_PATTERN, "an id of letters, digits, '.', '_' and '-', at most 60 of them: it stands in a label"),
    Field(json_schema_extra={"pattern": ID_PATTERN}),
]
ItemText = Annotated[
    str,
    _fits(ITEM_PATTERN, "an item as tracker:key, such as jira:PAY-88 or github:acme/checkout#12, or its address"),
    Field(json_schema_extra={"pattern": ITEM_PATTERN}),
]
MilestoneText = Annotated[
    str,
    _fits(MILESTONE_PATTERN, "a milestone as 'tracker:place: title', such as 'jira:PAY: 26.12', in quotes"),
    Field(json_schema_extra={"pattern": MILESTONE_PATTERN}),
]
ShareText = Annotated[
    str, _fits(SHARE_PATTERN, "a share such as 20%"), Field(json_schema_extra={"pattern": SHARE_PATTERN})
]
Words = Annotated[str, Field(min_length=1)]


def item_ref(text: str) -> Ref:
    """Return the reference that a valid ItemText is."""
    if text.startswith(("http://", "https://")):
        return Ref(url=text)
    tracker, _, key = text.partition(":")
    return Ref(tracker=tracker, key=key)


def milestone_name(text: str) -> MilestoneName:
    """Return the milestone that a valid MilestoneText names."""
    tracker, place, title = text.split(":", 2)
    return MilestoneName(tracker, place, title.strip())


def is_inside(path: str) -> bool:
    """Return whether a path stays inside the folder that it begins in."""
    return re.match(PATH_PATTERN.replace("$", r"\Z"), path) is not None


def share(text: str | None) -> float | None:
    """Return the share, from 0 to 1, that a valid ShareText is."""
    return None if text is None else int(text.removesuffix("%")) / 100
