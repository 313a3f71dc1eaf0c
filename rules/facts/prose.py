"""What the text of an item holds: a problem statement, acceptance criteria; found by headings and turns of phrase.

The words are English. Markdown, wiki markup and plain lines read alike; a heading that nothing follows does not count.
"""

import re
from collections.abc import Iterable, Iterator

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_REST = re.compile(
    r"(?:[ \t]*\([^()\n]{0,60}\))?(?:[ \t*_`]*[:?\u2013\u2014-]+[ \t*_`:]*|[ \t\r*_`#=!.]*(?=\n|\Z))",
)
_HEADING = re.compile(r"\s{0,3}(?:#{1,6}\s|h[1-6]\.)")
_EMPTY = frozenset({"", "no response", "n/a", "na", "tbd", "todo", "to do", "none", "?"})
_STORY = re.compile(
    r"as (?:an?|the) [^.\n]{1,120}[,\s]\s?i\s?(?:want|need|would like|'d like|\u2019d like|can|should)(?!\w)"
)
_LACK = re.compile(
    r"(?<!\w)(?:currently|right now|at the moment|as of now"
    r"|cannot|can(?:'|\u2019)t|can not|unable to|no way to|impossible to"
    r"|(?:is|are|does|do)(?: not|n(?:'|\u2019)t) (?:\w{1,20} ){0,3}(?:enough|anywhere|possible|clear|easy|work)"
    r"|(?:very|too|really|so) (?:expensive|slow|hard|difficult|confusing|long|error-prone))(?!\w)"
)
"""Turns of phrase that say how it is now, and that this is not well."""
_TASK = re.compile(r"^[ \t]*[-*+] \[[ xX]\] +\S", re.MULTILINE)
_STEP = re.compile(r"\n[\W_]{0,12}(given|when|then)(?!\w)")
_BELOW = 4000
"""So many characters below a heading are searched for something that it stands over."""

PROBLEM_HEADINGS = (
    *("problem", "problems", "the problem", "problem statement", "problem description", "what is the problem"),
    *("why", "why now", "why this matters", "background", "context", "motivation", "rationale", "purpose"),
    *("goal", "goals", "objective", "objectives", "user story", "user need", "user needs", "use case", "use cases"),
    *("business value", "value", "opportunity", "pain", "pain points", "is your feature request related to a problem"),
    *("is your feature request related to a problem? please describe", "describe the bug", "describe the problem"),
    *("describe the issue", "bug description", "issue description", "what happened", "what happens"),
    *("what's the problem", "steps to reproduce", "how to reproduce", "to reproduce", "reproduction"),
    *("current behavior", "current behaviour", "actual", "actual behavior", "actual behaviour", "actual result"),
    *("actual results", "observed behavior", "observed behaviour", "what was the actual behavior"),
    *("what was the actual behaviour",),
)
"""What stands over a problem statement."""

ACCEPTANCE_HEADINGS = (
    *("acceptance criteria", "acceptance criterion", "acceptance", "acceptance tests", "acceptance test", "ac"),
    *("definition of done", "dod", "done when", "success criteria", "exit criteria", "completion criteria"),
    *("expected behavior", "expected behaviour", "expected result", "expected results", "expected outcome"),
    *("expected", "what did you expect", "what did you expect to happen", "what should happen", "how to test"),
    *("what behavior did you expect", "what behaviour did you expect", "how to verify", "test plan", "test cases"),
    *("test scenarios", "verification", "requirements"),
)
"""What stands over acceptance criteria."""


def _over(headings: Iterable[str]) -> re.Pattern[str]:
    """Return the pattern of a line that begins with one of some headings, after signs and numbers, in small letters.

    They are told apart by their first letters first: most lines are left after a glance.
    """
    initials: dict[str, list[str]] = {}
    for heading in sorted(headings, key=len, reverse=True):
        initials.setdefault(heading[0], []).append(re.escape(heading[1:]))
    words = "|".join(f"{initial}(?:{'|'.join(rest)})" for initial, rest in initials.items())
    return re.compile(rf"\n[\W_\d]{{0,24}}(?:h[1-6]\.[\W_]{{0,6}})?(?:{words})(?![^\W_])")


_PROBLEM = _over(PROBLEM_HEADINGS)
_ACCEPTANCE = _over(ACCEPTANCE_HEADINGS)


def has_problem_statement(text: str) -> bool:
    """Return whether a text says what is wrong or what it is for."""
    return bool(text) and (_has_heading(text, _PROBLEM) or _has_story(text) or _says_what_is_lacking(text))


def has_acceptance_criteria(text: str) -> bool:
    """Return whether a text says how one will see that it is done."""
    return bool(text) and (_has_heading(text, _ACCEPTANCE) or _has_checklist(text) or _has_steps(text))


def _has_heading(text: str, headings: re.Pattern[str]) -> bool:
    """Return whether one of some headings stands over something."""
    plain = "\n" + (_COMMENT.sub("", text) if "<!--" in text else text).lower()
    for found in headings.finditer(plain):
        rest = _REST.match(plain, found.end())
        if rest is not None and any(map(_says_something, _until_heading(plain[rest.end() : rest.end() + _BELOW]))):
            return True
    return False


def _has_story(text: str) -> bool:
    """Return whether a text says "as a shopper, I want"."""
    plain = " " + text.lower()
    return any(not plain[found.start() - 1].isalnum() for found in _STORY.finditer(plain))


def _says_what_is_lacking(text: str) -> bool:
    return _LACK.search((_COMMENT.sub("", text) if "<!--" in text else text).lower()) is not None


def _until_heading(words: str) -> Iterator[str]:
    """Yield the rest of a line, and the lines below it until the next heading."""
    first, *lines = words.split("\n")
    yield first
    for line in lines:
        if _HEADING.match(line):
            return
        yield line


def _says_something(words: str) -> bool:
    return words.strip(" \t\r*_-#>`.[]|:~") not in _EMPTY


def _has_checklist(text: str) -> bool:
    tasks = _TASK.finditer(text) if "[" in text else iter(())
    return next(tasks, None) is not None and next(tasks, None) is not None


def _has_steps(text: str) -> bool:
    """Return whether lines say given, when and then, in this order."""
    wanted = iter(("given", "when", "then"))
    word = next(wanted)
    for found in _STEP.finditer("\n" + text.lower()):
        if found[1] == word:
            word = next(wanted, "")
            if not word:
                return True
    return False
