"""A first map for trackers.yaml, proposed from the words that a tracker uses; pure: what was found → text in YAML."""

import json
import re
from collections.abc import Iterable, Sequence

import msgspec

from syncd.model.items import AudienceKind
from syncd.model.reading import Capabilities, PlaceReport, Vocabulary

_KINDS = (
    ("incident", r"incident|outage|post.?mortem"),
    ("epic", r"\bepic\b|initiative|\btheme\b"),
    ("bug", r"\bbugs?\b|defect|regression|\bcrash|\bfault"),
    ("debt", r"\bdebt\b|refactor|clean.?up|\bchore|maintenance|code.quality"),
    ("support", r"support|question|help.?desk|service request"),
    ("feature", r"\bstory\b|feature|improvement|enhancement|wish|\bidea|brainstorm|\btask\b|sub.?task|\bspike\b"),
    # The list of kinds is open: these two are words of the workspace's own.
    ("design", r"\bux\b|\bdesign\b|usability"),
    ("docs", r"\bdocs?\b|documentation"),
)
_LINKS = (
    ("blocks", r"^block", False),
    ("blocks", r"depend", True),
    ("implements", r"implement", False),
    ("duplicates", r"duplicat", False),
    ("mirrors", r"synchroni|mirror|\btwin", False),
    ("split_from", r"\bsplit", True),
    ("relates_to", r"^relat|^clone", False),
)
_FIELDS = (
    ("estimate", r"^story points?( estimate)?$|^size$|^estimate$"),
    ("team", r"^team$|^squad$"),
    ("needed_by", r"^target end$|^due date$|^needed by$|^target date$"),
    ("outcome", r"^outcomes?$"),
)


class TrackerProposal(msgspec.Struct, frozen=True, kw_only=True):
    """What `init` knows of a tracker before it asks; ``auth`` are lines of YAML, ``url`` empty for github.com."""

    name: str
    kind: str
    url: str
    auth: str
    capabilities: Capabilities


def propose(trackers: Sequence[TrackerProposal]) -> str:
    """Return the text of a trackers.yaml; what nobody could map stands in comments."""
    lines = [
        "# yaml-language-server: $schema=../schema/trackers.schema.json",
        "# The trackers of this workspace, and their words in ours. `syncd doctor` says what the map covers.",
        "stage: report        # nothing is written; then labels, then comment",
        "trackers:",
    ]
    for tracker in trackers:
        lines += ["  " + line if line else "" for line in _tracker(tracker)]
    return "\n".join(lines) + "\n"


def _tracker(tracker: TrackerProposal) -> list[str]:
    words = tracker.capabilities.vocabulary
    places = sorted(tracker.capabilities.places, key=lambda place: place.id)
    lines = [f"{tracker.name}:", f"  kind: {tracker.kind}"]
    lines += [f"  url: {tracker.url}"] if tracker.url else []
    lines += [f"  auth: {tracker.auth}"]
    lines += ["  projects:" if tracker.kind == "jira" else "  repositories:"]
    lines += [f"    {_scalar(place.id.key)}: {_place(place)}" for place in places]
    lines += ["  " + line for line in (*_kinds(words), *_links(words), *_fields(words))]
    return lines


def _place(place: PlaceReport) -> str:
    is_public = place.audience is not None and place.audience.kind is AudienceKind.PUBLIC
    note = f"  # {' '.join(place.problem.split())}" if place.problem else ""
    return ("{}   # public: labels only, until `comments: allowed`" if is_public else "{}") + note


def _kinds(words: Vocabulary) -> list[str]:
    selectors: dict[str, list[str]] = {kind: [] for kind, _ in _KINDS}
    unmapped: list[str] = []
    for word in words.types:
        kind = _match(word, _KINDS)
        (selectors[kind] if kind else unmapped).append(_scalar(word))
    for label in words.labels:
        if kind := _match(label, _KINDS):
            selectors[kind].append(f"{{label: {_scalar(label)}}}")
    return [*_mapping("kinds", selectors), *_nobody("type", unmapped)]


def _links(words: Vocabulary) -> list[str]:
    found: dict[str, list[str]] = {}
    unmapped = []
    for name in words.links:
        for kind, pattern, is_reversed in _LINKS:
            if re.search(pattern, name, re.IGNORECASE):
                word = f"{{name: {_scalar(name)}, reversed: true}}" if is_reversed else _scalar(name)
                found.setdefault(kind, []).append(word)
                break
        else:
            unmapped.append(_scalar(name))
    return [*_mapping("links", found), *_nobody("link", unmapped)]


def _fields(words: Vocabulary) -> list[str]:
    found: dict[str, list[str]] = {}
    for name in words.fields:
        if kind := _match(name, _FIELDS):
            found.setdefault(kind, []).append(_scalar(name))
    return _mapping("fields", found)


def _match(word: str, patterns: Iterable[tuple[str, str]]) -> str:
    return next((kind for kind, pattern in patterns if re.search(pattern, word, re.IGNORECASE)), "")


def _mapping(key: str, found: dict[str, list[str]]) -> list[str]:
    filled = [f"  {kind}: [{', '.join(words)}]" for kind, words in found.items() if words]
    return [f"{key}:", *filled] if filled else []


def _nobody(what: str, unmapped: Sequence[str]) -> list[str]:
    return [f"# {what}s that nobody mapped: {', '.join(unmapped)}"] if unmapped else []


_PLAIN = re.compile(r"[A-Za-z][\w./-]*(?: [\w./-]+)*\Z")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off"})


def _scalar(text: str) -> str:
    """Return text as YAML reads it back: quoted wherever a plain scalar could be something else."""
    is_plain = _PLAIN.match(text) and text.lower() not in _WORDS
    return text if is_plain else json.dumps(text, ensure_ascii=False)
