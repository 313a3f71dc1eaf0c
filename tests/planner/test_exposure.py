"""What stands in a comment is asked again whenever its readers change: what is none of theirs any more goes at once."""

import pytest
from msgspec.structs import replace

from syncd.model.changes import Action, Refusal
from syncd.model.comments import Day, Quote, Reference, Text
from syncd.model.items import Audience, AudienceKind, Stage
from syncd.planner.limits import Limits
from tests.builders import NOW, item_id, make_item, make_outcome, make_place, place_id, url_of
from tests.planner.small_world import (
    Desk,
    SmallWorld,
    actions_of,
    make_judgment,
    make_judgments,
    make_policy,
    words_of,
)

PUBLIC, CUSTOMERS = Audience(AudienceKind.PUBLIC), Audience(AudienceKind.CUSTOMERS)
INSIDE, RISK = Audience(AudienceKind.INTERNAL), Audience(AudienceKind.GROUP, "risk")
PAY, SEC = place_id("PAY-1"), place_id("SEC-7")
FAST = make_outcome("fast", title="Fast checkout", visibility="public")
DELETED, CREATED, EDITED = ("PAY-1", "delete_comment"), ("PAY-1", "create_comment"), ("PAY-1", "edit_comment")

SECRET = (
    Reference("SEC-7", url_of("SEC-7"), item_id("SEC-7"), SEC),
    Text(" ("),
    Quote("secret title", SEC, item=item_id("SEC-7")),
    Text(")"),
)
HOLDS = make_judgments(make_judgment(message=(Text("It waits for "), *SECRET, Text("."))))
PLAIN = make_judgments(make_judgment())


def a_desk(judgments=HOLDS, *, serves=(), **policy):
    """PAY-1 with a comment of ours, written while everybody inside read everything."""
    items = [make_item("PAY-1"), make_item("SEC-7")]
    world = SmallWorld(items, outcomes=[FAST], serves={"PAY-1": serves})
    desk = Desk(world, make_policy(**policy))
    desk.sync(judgments)
    return desk


def place(desk, where, **given):
    """Let a place be another from now on."""
    desk.world.places[where] = make_place(str(where), **given)


def written(desk):
    return "\n".join(map(words_of, desk.told_on("PAY-1")))


def test_a_place_that_becomes_public_loses_its_comment_and_keeps_its_labels():
    desk = a_desk()
    place(desk, PAY, audience=PUBLIC)
    assert actions_of(desk.sync(HOLDS)) == [DELETED]
    assert written(desk) == ""
    assert actions_of(desk.sync(HOLDS)) == []
    assert desk.labels[item_id("PAY-1")] == {"syncd:no-outcome"}


def test_where_comments_are_allowed_a_new_one_says_what_everybody_may_read():
    desk = a_desk()
    place(desk, PAY, audience=PUBLIC, comments_allowed=True)
    found = desk.reconcile(HOLDS)
    assert (actions_of(found.plan), found.next_due) == ([DELETED], desk.now)
    desk.sync(HOLDS)
    assert actions_of(desk.sync(HOLDS)) == [CREATED]
    assert "It waits for an item that is not public." in written(desk)
    assert actions_of(desk.later(days=30).sync(HOLDS)) == []


def test_news_of_the_same_pass_wait_for_the_new_comment():
    desk = a_desk()
    place(desk, PAY, audience=PUBLIC, comments_allowed=True)
    both = make_judgments(*HOLDS.holding, make_judgment(rule="idle"))
    assert actions_of(desk.sync(both)) == [("PAY-1", "add_label syncd:idle"), DELETED]
    assert actions_of(desk.sync(both)) == [CREATED]


def test_a_person_silenced_nothing_by_what_we_took_back():
    desk = a_desk()
    place(desk, PAY, audience=PUBLIC)
    desk.sync(HOLDS)
    place(desk, PAY, audience=INSIDE)
    assert actions_of(desk.sync(HOLDS)) == [CREATED]


def test_a_comment_that_quotes_nobody_stays():
    desk = a_desk(PLAIN)
    place(desk, PAY, audience=PUBLIC)
    assert actions_of(desk.sync(PLAIN)) == []


class TestWhatItQuotesIsNotTheirsAnyMore:
    def test_the_quoted_place_has_fewer_readers(self):
        desk = a_desk()
        place(desk, SEC, audience=RISK)
        assert actions_of(desk.sync(HOLDS)) == [DELETED]
        assert actions_of(desk.sync(HOLDS)) == [CREATED]
        assert "It waits for SEC-7." in written(desk), "the key alone, without address or title"

    def test_the_date_of_an_item_that_is_under_a_security_level_now(self):
        dated = (Text("Its parent is needed by "), Day(NOW.date(), source=SEC, item=item_id("SEC-7")), Text("."))
        judgments = make_judgments(make_judgment(message=dated))
        desk = a_desk(judgments)
        assert NOW.date().isoformat() in written(desk)
        desk.world.items[item_id("SEC-7")] = make_item("SEC-7", restricted=True)
        assert actions_of(desk.sync(judgments)) == [DELETED]
        desk.sync(judgments)
        assert NOW.date().isoformat() not in written(desk)

    def test_the_quoted_item_is_under_a_security_level(self):
        desk = a_desk()
        desk.world.items[item_id("SEC-7")] = make_item("SEC-7", restricted=True)
        desk.sync(HOLDS)
        desk.sync(HOLDS)
        assert "It waits for SEC-7." in written(desk), "though the finding still quotes it as it was"

    def test_the_quoted_item_was_moved(self):
        desk = a_desk()
        place(desk, place_id("LEG-1"), audience=RISK)
        desk.world.items[item_id("SEC-7")] = make_item("SEC-7", place=place_id("LEG-1"))
        assert actions_of(desk.sync(HOLDS)) == [DELETED]

    @pytest.mark.parametrize(
        "leaf",
        [
            pytest.param(Day(NOW.date()), id="a-date-of-the-roadmap"),
            pytest.param(Quote("The licence is late."), id="a-note-of-the-roadmap"),
        ],
    )
    def test_what_the_roadmap_says_to_those_inside(self, leaf):
        holds = make_judgments(make_judgment(message=(leaf,)))
        desk = a_desk(holds)
        place(desk, PAY, audience=PUBLIC, comments_allowed=True)
        assert actions_of(desk.sync(holds)) == [DELETED]

    def test_an_outcome_that_is_public_no_longer(self):
        desk = a_desk(PLAIN, serves=("fast",))
        place(desk, PAY, audience=PUBLIC, comments_allowed=True)
        assert actions_of(desk.sync(PLAIN)) == []
        desk.world.roadmap.outcomes = (replace(FAST, visibility="internal"),)
        desk.sync(PLAIN)
        desk.sync(PLAIN)
        assert "Fast checkout" not in written(desk)


def test_it_goes_even_where_a_person_edited_it():
    desk = a_desk()
    desk.person_edits_comments("PAY-1")
    place(desk, PAY, audience=PUBLIC)
    (change,) = desk.sync(HOLDS).changes
    assert change.action is Action.DELETE_COMMENT
    assert change.before_hash.startswith("edited at")


class TestWhereNothingOfOursMayBeDeleted:
    def refused(self, desk):
        (change,) = desk.reconcile(HOLDS).plan.changes
        desk.memory = replace(desk.memory, refusals=(Refusal(change=change, at=desk.now),))
        return desk

    def test_it_says_nothing_any_more(self):
        desk = a_desk()
        place(desk, PAY, audience=PUBLIC)
        assert actions_of(self.refused(desk).sync(HOLDS)) == [EDITED]
        assert written(desk) == "What syncd told here is not for all who read this now."
        assert actions_of(desk.later(days=2).sync(HOLDS)) == []

    def test_it_says_what_everybody_may_read(self):
        desk = a_desk()
        place(desk, PAY, audience=PUBLIC, comments_allowed=True)
        assert actions_of(self.refused(desk).sync(HOLDS)) == [EDITED]
        assert "It waits for an item that is not public." in written(desk)
        assert actions_of(desk.later(days=2).sync(HOLDS)) == []

    def test_it_speaks_again_where_it_may(self):
        desk = a_desk()
        place(desk, PAY, audience=PUBLIC)
        self.refused(desk).sync(HOLDS)
        place(desk, PAY, audience=INSIDE)
        assert actions_of(desk.sync(HOLDS)) == [EDITED]
        assert "secret title" in written(desk)


def test_no_limit_holds_it_back_and_it_counts():
    desk = a_desk()
    desk.policy = make_policy(limits=Limits(changes=1, share=1.0, removals=0, new_comments=0))
    place(desk, PAY, audience=PUBLIC, comments_allowed=True)
    found = desk.reconcile(HOLDS)
    assert (actions_of(found.plan), found.waiting) == ([DELETED], ())
    desk.sync(HOLDS)
    assert [each.change.action for each in desk.reconcile(HOLDS).waiting] == [Action.CREATE_COMMENT]


class TestWhatIsLeftAsItIs:
    @pytest.mark.parametrize("stage", [Stage.OFF, Stage.REPORT])
    def test_where_nothing_may_be_written(self, stage):
        desk = a_desk()
        place(desk, PAY, audience=PUBLIC, stage=stage)
        assert actions_of(desk.sync(HOLDS)) == []

    @pytest.mark.parametrize("where", [PAY, SEC], ids=["its-readers", "the-readers-of-what-it-quotes"])
    def test_where_nobody_knows(self, where):
        desk = a_desk()
        place(desk, where, audience=None, comments_allowed=True)
        assert DELETED not in actions_of(desk.sync(HOLDS))
        assert DELETED not in actions_of(desk.later(days=2).sync(HOLDS)), "it is rewritten, in its turn"

    def test_where_a_place_is_not_configured_any_more(self):
        desk = a_desk()
        del desk.world.places[SEC]
        assert actions_of(desk.sync(HOLDS)) == []

    def test_where_what_it_quotes_is_gone(self):
        desk = a_desk()
        del desk.world.items[item_id("SEC-7")]
        assert actions_of(desk.sync(HOLDS)) == []
        assert actions_of(desk.later(days=2).sync(HOLDS)) == [("PAY-1", "edit_comment")]
        assert "It waits for SEC-7." in written(desk), "what is gone may have been put out of sight"


def test_where_nothing_changed_nothing_is_written():
    desk = a_desk()
    found = desk.reconcile(HOLDS)
    assert (found.plan.changes, found.next_due) == ((), None)
