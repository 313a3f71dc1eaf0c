"""What the text of an item holds: a problem statement, acceptance criteria; found by headings and turns of phrase.

The words are English. Markdown, wiki markup and plain lines read alike; a heading that nothing follows does not count.
"""

import re
from collections.abc import Iterator, Sequence

_SIGNS = " \t#>*_+-=|~`0123456789.)[]\r"
_WIKI_HEADING = re.compile(r"h[1-6]\.\s*", re.IGNORECASE)
_NO_WORD = re.compile(r"[\W_]{1,20}")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_REST = re.compile(r"(?:\s*\([^()\n]{0,60}\))?(?P<end>[\s*_`]*[:?\u2013\u2014-]+[\s*_`:]*|[\s*_`#=!.]*\Z)")
_HEADING = re.compile(r"\s{0,3}(?:#{1,6}\s|h[1-6]\.\s)", re.IGNORECASE)
_EMPTY = frozenset({"", "no response", "n/a", "na", "tbd", "todo", "to do", "none", "?"})
_STORY = re.compile(
    r"\bas (?:an?|the) [^.\n]{1,120}[,\s]\s*i\s?(?:want|need|would like|'d like|\u2019d like|can|should)\b",
    re.IGNORECASE,
)
_TASK = re.compile(r"^[ \t]*[-*+] \[[ xX]\] +\S", re.MULTILINE)
_STEP = re.compile(r"^[^\w\n]{0,12}(given|when|then)\b", re.IGNORECASE | re.MULTILINE)
_LONGEST_HEADING = 100
_MOST_LINES = 2000

PROBLEM_HEADINGS = (
    *(
        "problem",
        "the problem",
        "problem statement",
        "problem description",
        "what is the problem",
        "what's the problem",
    ),
    *("why", "why now", "why this matters", "background", "context", "motivation", "rationale", "purpose"),
    *("goal", "goals", "objective", "objectives", "user story", "user need", "user needs", "use case", "use cases"),
    *("business value", "value", "opportunity", "pain", "pain points", "is your feature request related to a problem"),
    *("is your feature request related to a problem? please describe", "describe the bug", "describe the problem"),
    *(
        "describe the issue",
        "bug description",
        "issue description",
        "what happened",
        "what happens",
        "steps to reproduce",
    ),
    *("how to reproduce", "to reproduce", "reproduction", "current behavior", "current behaviour", "actual behavior"),
    *("actual behaviour", "actual result", "actual results", "observed behavior", "observed behaviour"),
)
"""What stands over a problem statement."""

ACCEPTANCE_HEADINGS = (
    *("acceptance criteria", "acceptance criterion", "acceptance", "acceptance tests", "acceptance test", "ac"),
    *("definition of done", "dod", "done when", "success criteria", "exit criteria", "completion criteria"),
    *("expected behavior", "expected behaviour", "expected result", "expected results", "expected outcome"),
    *("expected", "what did you expect", "what did you expect to happen", "what should happen", "how to test"),
    *("how to verify", "test plan", "test cases", "test scenarios", "verification", "requirements"),
)
"""What stands over acceptance criteria."""


def has_problem_statement(text: str) -> bool:
    """Return whether a text says what is wrong or what it is for."""
    return bool(text) and (_STORY.search(text) is not None or _has_heading(text, PROBLEM_HEADINGS))


def has_acceptance_criteria(text: str) -> bool:
    """Return whether a text says how one will see that it is done."""
    if not text:
        return False
    return _has_checklist(text) or _has_steps(text) or _has_heading(text, ACCEPTANCE_HEADINGS)


def _has_heading(text: str, headings: tuple[str, ...]) -> bool:
    """Return whether one of some headings stands over something."""
    lines = (_COMMENT.sub("", text) if "<!--" in text else text).splitlines()[:_MOST_LINES]
    for number, line in enumerate(lines):
        bare = _bare(line)
        if bare.startswith(headings) and _is_followed(bare, headings, lines[number + 1 :]):
            return True
    return False


def _bare(line: str) -> str:
    """Return a line in small letters without the signs that it begins with."""
    found = line[:_LONGEST_HEADING].lstrip(_SIGNS)
    if found and not found[0].isalpha():
        found = _NO_WORD.sub("", found, count=1)
    if found[:1] in ("h", "H") and found[1:2].isdigit():
        found = _WIKI_HEADING.sub("", found, count=1).lstrip(_SIGNS)
    return found.casefold()


def _is_followed(bare: str, headings: tuple[str, ...], below: Sequence[str]) -> bool:
    for heading in headings:
        rest = _REST.match(bare, len(heading)) if bare.startswith(heading) else None
        if rest is not None:
            return _says_something(bare[rest.end() :]) or any(_says_something(line) for line in _until_heading(below))
    return False


def _until_heading(lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        if _HEADING.match(line):
            return
        yield line


def _says_something(words: str) -> bool:
    return words.strip(" \t\r*_-#>`.[]|:~").casefold() not in _EMPTY


def _has_checklist(text: str) -> bool:
    tasks = _TASK.finditer(text) if "[" in text else iter(())
    return next(tasks, None) is not None and next(tasks, None) is not None


def _has_steps(text: str) -> bool:
    """Return whether lines say given, when and then, in this order."""
    wanted = iter(("given", "when", "then"))
    word = next(wanted)
    for found in _STEP.finditer(text):
        if found[1].casefold() == word:
            word = next(wanted, "")
            if not word:
                return True
    return False
