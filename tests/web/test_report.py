from datetime import timedelta
from html.parser import HTMLParser

import pytest

from rules.engine import RuleSet
from rules.facts.vocabulary import all_facts
from syncd.web.report.contents import report_of
from syncd.web.report.given import Given
from syncd.web.report.page import page_of
from tests.builders import NOW, make_item, make_outcome, make_world

VOCABULARY = {fact.name: fact for fact in all_facts()}
VOID = {"br", "col", "hr", "img", "input", "link", "meta", "wbr"}
HOSTILE = "</td><script>alert(1)</script> \u202e" + "x" * 300


class Reading(HTMLParser):
    """Reads a page and holds that every element is closed in its order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.ids: set[str] = set()
        self.links: set[str] = set()
        self.loads: list[str] = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.add(tag)
        self.ids.add(given.get("id") or "")
        self.links.add(given.get("href") or "")
        self.loads += [given[name] for name in ("src", "srcset", "data") if name in given]
        self.loads += [given["href"]] if tag == "link" else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag


def page(*items, outcomes=()):
    world = make_world(items, outcomes)
    given = Given(
        workspace="default",
        now=NOW,
        since=NOW - timedelta(days=7),
        world=world,
        rules=RuleSet(vocabulary=VOCABULARY),
    )
    return page_of(report_of(given))


def read(text):
    reading = Reading()
    reading.feed(text)
    reading.close()
    assert reading.open == []
    return reading


OUTCOME = make_outcome("fast", items=["PAY-8"], title=HOSTILE, why=HOSTILE)
ITEMS = (
    make_item("PAY-8", title=HOSTILE),
    make_item("PAY-1", parent="PAY-8", title=HOSTILE),
    make_item("PAY-2", title=HOSTILE),
    make_item("PAY-3", parent="PAY-8", title="Salaries of the board", restricted=True),
)


@pytest.mark.parametrize(
    ("items", "outcomes"),
    [
        pytest.param((), (), id="nothing"),
        pytest.param(ITEMS, (), id="no roadmap"),
        pytest.param(ITEMS, (OUTCOME,), id="all"),
    ],
)
def test_a_page_is_whole_runs_nothing_and_loads_nothing(items, outcomes):
    text = page(*items, outcomes=outcomes)
    reading = read(text)
    assert "script" not in reading.tags
    assert reading.loads == []
    assert "<script>" not in text


def test_every_link_inside_the_page_leads_somewhere():
    reading = read(page(*ITEMS, outcomes=(OUTCOME,)))
    inside = {link[1:] for link in reading.links if link.startswith("#")}
    assert inside
    assert inside <= reading.ids


def test_of_a_restricted_item_only_the_key_is_shown():
    text = page(*ITEMS, outcomes=(OUTCOME,))
    assert "PAY-3" in text
    assert "Salaries" not in text
