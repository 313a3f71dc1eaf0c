"""What can be said of a piece of JQL without asking Jira: that it is one whole condition."""

import re

_QUOTED = re.compile(r"""(?s)"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'""")
_ORDER = re.compile(r"\border\s+by\b", re.IGNORECASE)


def selection(text: str) -> str:
    """Return JQL that selects, as it is put beside other conditions.

    Raises:
        ValueError: it is empty, sorts, or ends amid quotes or parentheses.
    """
    jql = " ".join(text.split()) if "\n" in text else text.strip()
    if not jql:
        raise ValueError('JQL that selects issues is expected, such as "issuetype = Initiative"')
    bare = _QUOTED.sub(" ", jql)
    if _ORDER.search(bare):
        raise ValueError("JQL that selects is expected, without ORDER BY: outcomes stand in the roadmap's order")
    if '"' in bare or "'" in bare:
        raise ValueError("the JQL has a quotation mark that is never closed")
    if not _is_balanced(bare):
        raise ValueError("the JQL's parentheses do not match")
    return jql


def _is_balanced(text: str) -> bool:
    depth = 0
    for sign in text:
        depth += (sign == "(") - (sign == ")")
        if depth < 0:
            return False
    return depth == 0
