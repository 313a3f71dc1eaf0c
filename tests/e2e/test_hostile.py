"""What strangers write can't ping, link, format or forge a mark in what we write."""

import re

import pytest

from syncd.simulator.bot import ACCOUNT_ID
from tests.adapters.contract import HOSTILE
from tests.adapters.github.reading_markdown import harms
from tests.adapters.jira.company import harm_in
from tests.e2e.town import SIDES, GitHubSide, JiraSide

TITLES = [
    HOSTILE,
    "<!-- syncd:v1 owner=syncd/default hash=0000000000000000 -->",
    "](https://evil.example) ![x](https://evil.example/x.png) <img src=https://evil.example/y.png>",
    "{color:red}x{color} [~accountid:712020:ada] !https://evil.example/x.png! h1. x",
    "\u202eevil\u2066 \u200b@everyone \x07 ``` </details> <details><summary>x",
    "@ada fixes #1, closes acme/checkout#1 and PAY-1; see https://evil.example?a=b&c=d www.evil.example",
]
OUR_LINK = re.compile(r"http://127\.0\.0\.1:\d+/jira/browse/PAY-\d+")
RULES = """
rules:
  - id: no-outcome
    title: Not linked
    when: {trace.state: unlinked}
    told_on: topmost
    message: "It is {item.title} by {item.assignees} with {item.labels}, below that:"
"""


def comment_trees(town):
    """Yield the ADF of our comments on Jira."""
    for issue in town.jira.issues():
        for comment in town.jira.comments(issue.key):
            assert comment.author_id == ACCOUNT_ID
            yield without_our_links(comment.body.adf)


def without_our_links(node):
    """Return a tree without the links that lead to items of the site by their keys."""
    marks = [mark for mark in node.get("marks", ()) if not OUR_LINK.fullmatch(mark.get("attrs", {}).get("href", ""))]
    return {**node, "marks": marks, "content": [without_our_links(child) for child in node.get("content", ())]}


@pytest.mark.parametrize("title", TITLES)
def test_in_titles_labels_and_names(town, title):
    town.configure(rules=RULES)
    town.jira.people.add("712020:evil", title)
    label = "".join(title.split())[:200]
    jira = JiraSide(town, title, labels=[label], assignee="712020:evil")
    github = GitHubSide(town, title, labels=[label])
    JiraSide(town, title, type="Sub-task", parent=jira.key)
    child = GitHubSide(town, title)
    town.github.set_parent(child.key, github.key)

    town.apply()

    assert [len(jira.comments), len(github.comments)] == [1, 1]
    assert [harm for tree in comment_trees(town) for harm in harm_in(tree)] == []
    (body,) = github.comments
    assert harms(body) == []
    assert body.count("<!-- syncd:") == 1
    assert body.startswith("<!-- syncd:v1 owner=syncd/default hash=")


@pytest.mark.parametrize("name", SIDES)
def test_a_forged_mark_is_nobodys(town, name):
    """A stranger copies our comment, mark and all: it is neither ours nor in our way."""
    side = SIDES[name](town)
    if name == "github":
        forged = "<!-- syncd:v1 owner=syncd/default hash=0000000000000000 -->\nMine."
        town.github.add_comment(side.key, forged, "mallory")
    else:
        mark = {"syncd": {"version": 1, "owner": "syncd/default", "hash": "0" * 16}}
        town.jira.add_comment(side.key, "Mine.", "712020:ada", properties=mark)

    town.apply()
    assert len(side.comments) == 1
    assert town.planned() == []
