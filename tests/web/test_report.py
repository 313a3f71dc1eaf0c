from datetime import timedelta
from html.parser import HTMLParser

import pytest
from msgspec.structs import replace

from rules.engine import RuleSet
from rules.facts.vocabulary import all_facts
from syncd.model.items import Audience, AudienceKind
from syncd.model.outcomes import Horizon
from syncd.web.report.contents import report_of
from syncd.web.report.given import Given
from syncd.web.report.page import page_of
from tests.builders import NOW, make_item, make_outcome, make_place, make_state, make_world
from tests.rules.facts.test_suggestions import ASKED, world

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


PLACE = make_place()


def page(*items, outcomes=(), places=(PLACE,)):
    there = make_world(items, outcomes, places=places)
    given = Given(
        workspace="default",
        now=NOW,
        since=NOW - timedelta(days=7),
        world=there,
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
    assert "alert(1)" in text, "titles that everybody inside may read are shown"
    assert "Salaries" not in text


def resembled(item):
    given = Given(
        workspace="default",
        now=NOW,
        since=NOW,
        world=world(item, places=[make_place()]),
        rules=RuleSet(vocabulary=VOCABULARY),
    )
    return next(each.suggestions for each in report_of(given).not_linked.topmost if each.item.key == item.key)


def test_the_words_of_a_restricted_item_do_not_come_back_as_what_it_resembles():
    assert len(resembled(ASKED)) == 1
    assert resembled(replace(ASKED, restricted=True)) == ()


def test_what_customers_ask_a_service_desk_is_not_shown():
    desk = make_place("jira:PAY", audience=Audience(AudienceKind.CUSTOMERS))
    text = page(make_item("PAY-1", title="Our card data leaked"), places=[desk])
    assert "PAY-1" in text
    assert "leaked" not in text


def test_what_is_not_worked_on_and_can_not_be_read_is_not_said_to_have_nothing_open():
    later = make_outcome("later", items=["PAY-8"], horizon=Horizon.NOT_NOW)
    dark = make_world(
        [make_item("PAY-8")], [later], places=[make_place()], states=[make_state("jira:PAY", error="down")]
    )
    given = Given(workspace="default", now=NOW, since=NOW, world=dark, rules=RuleSet(vocabulary=VOCABULARY))
    (row,) = report_of(given).aside
    assert (row.open_count, bool(row.unknown)) == (0, True)
    assert '<td data-name="Open"><span class="quiet">not known</span></td>' in page_of(report_of(given))
