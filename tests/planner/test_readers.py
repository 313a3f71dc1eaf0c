"""How what may not be read is put, so that what is left still reads well."""

from typing import Any

import pytest

from syncd.model.comments import Quote, Reference, Text
from syncd.model.findings import Evidence
from syncd.model.items import Audience, AudienceKind
from syncd.planner.readers import HIDDEN, Readership
from tests.builders import item_id, make_item, make_place, place_id, url_of
from tests.planner.small_world import SmallWorld, make_finding, words_of_line

PUBLIC, RISK = Audience(AudienceKind.PUBLIC), Audience(AudienceKind.GROUP, "risk")
ITEMS = [make_item(key) for key in ("PAY-1", "PAY-2", "SEC-1", "SEC-2", "SEC-3", "acme/app#1", "acme/app#2")]


def key(name):
    return Reference(name, url_of(name), item_id(name), place_id(name))


def title(name):
    return Quote(f"Title of {name}", place_id(name), item=item_id(name))


def readers(audience=PUBLIC):
    """Return who reads PAY-1, in a place of that audience; the other places are for those inside."""
    world: Any = SmallWorld(ITEMS, places=[make_place("jira:PAY", audience=audience), make_place("jira:SEC")])
    return Readership(world).of(world.item(item_id("PAY-1")), world.place(place_id("PAY-1")))


def listed(*names):
    leaves: list[Any] = []
    for index, name in enumerate(names):
        leaves += [Text(" and " if index == len(names) - 1 else ", ")] if index else []
        leaves.append(key(name))
    return (Text("It waits for "), *leaves, Text("."))


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("SEC-1",), "an item that is not public"),
        (("SEC-1", "SEC-2"), "2 items that are not public"),
        (("SEC-1", "SEC-2", "PAY-2"), "2 items that are not public and PAY-2"),
        (("PAY-2", "SEC-1", "SEC-2"), "PAY-2 and 2 items that are not public"),
        (("SEC-1", "PAY-2", "SEC-2"), "2 items that are not public and PAY-2"),
        (
            ("SEC-1", "acme/app#1", "SEC-2", "acme/app#2"),
            "2 items that are not public and 2 items in another tracker",
        ),
    ],
)
def test_things_that_may_not_be_named_are_counted(names, expected):
    assert words_of_line(readers().line(listed(*names))) == f"It waits for {expected}."


def test_in_a_ring_each_keeps_its_place():
    ring = (key("PAY-1"), Text(" → "), key("SEC-1"), Text(" → "), key("SEC-2"), Text(" → "), key("PAY-1"))
    hidden = "an item that is not public"
    assert words_of_line(readers().line(ring)) == f"PAY-1 → {hidden} → {hidden} → PAY-1"


def test_hidden_words_are_hidden_once():
    line = (Text("It serves "), title("SEC-1"), Text(" and "), title("SEC-2"), Text("."))
    assert words_of_line(readers().line(line)) == "It serves (not shown here)."


class TestAFinding:
    FINDING = make_finding(
        message=(Text("It waits for "), title("SEC-1")),
        why=(Text("Without "), title("SEC-1"), Text(" nothing.")),
        fix=((Text("Wait for "), title("SEC-1")), (Text("Ask for "), key("SEC-1")), (Text("Give up."),)),
        evidence=(Evidence("item.kind", (Text("bug"),)), Evidence("item.title", (title("SEC-1"),))),
    )

    def test_that_they_may_hear_whole_is_left_as_it_is(self):
        assert readers(Audience(AudienceKind.INTERNAL)).heard(self.FINDING) == self.FINDING

    def test_gives_no_reason_and_no_advice_with_a_hole_in_it(self):
        found = readers().heard(self.FINDING)
        assert found.message == (Text("It waits for "), HIDDEN)
        assert found.why == ()
        assert [words_of_line(readers().line(line)) for line in found.fix] == [
            "Ask for an item that is not public",
            "Give up.",
        ]

    def test_shows_no_facts_outside(self):
        assert readers().heard(self.FINDING).evidence == ()

    def test_shows_inside_the_facts_that_they_may_read(self):
        world: Any = SmallWorld(ITEMS, places=[make_place("jira:SEC", audience=RISK)])
        found = Readership(world).of(world.item(item_id("PAY-1")), world.place(place_id("PAY-1")))
        assert [each.fact for each in found.heard(self.FINDING).evidence] == ["item.kind"]
