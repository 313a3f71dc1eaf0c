"""What other people's Jiras do not say."""

import pytest

from adapters.jira.marks import properties_of
from syncd.model.changes import Fate
from syncd.model.comments import Mark
from syncd.model.errors import AccessError, TransientError
from syncd.model.identity import Handle, ItemId
from tests.adapters.foreign.adapters_on import jira_on
from tests.adapters.foreign.small_jira import ISSUE, SmallJira
from tests.adapters.steps import OWNER, add_label, comment_on, items_of, observed, send

PROJECT = {"key": "PAY", "name": "Payments", "projectTypeKey": "software"}


@pytest.fixture
def jira(clock):
    with SmallJira(clock) as jira:
        yield jira


@pytest.fixture
def tracker(jira, clock):
    return jira_on(jira.url, clock, "PAY")


def handle(jira, native_id):
    return Handle(ItemId("jira", native_id), jira.issues[native_id]["key"])


def test_a_request_without_a_body_names_no_type_of_it(tracker, jira):
    item = handle(jira, jira.add("one"))
    list(tracker.poll(None))
    send(tracker, [add_label(item), comment_on(item)])

    assert jira.types["GET"] == {""}
    assert jira.types["POST"] | jira.types["PUT"] == {"application/json"}


def test_a_project_that_is_not_described_can_be_read_all_the_same(tracker, jira):
    jira.add("one")

    found = tracker.probe()

    assert "does not name" in found.account.name
    assert [(place.can_read, place.audience) for place in found.places] == [(True, None)]
    assert "audience:" in found.places[0].problem


def test_a_project_that_is_not_there_is_not_read(jira, clock):
    (place,) = jira_on(jira.url, clock, "NONE").probe().places

    assert not place.can_read
    assert "no project NONE" in place.problem


def test_who_reads_a_project_is_told_where_its_permissions_are_not(tracker, jira):
    jira.routes["GET", "/rest/api/3/project/search"] = lambda **_: (200, {"values": [PROJECT], "isLast": True})

    (place,) = tracker.probe().places

    assert place.audience is not None
    assert "audience:" not in place.problem


def test_a_list_of_projects_without_an_end_ends(jira, clock):
    jira.routes["GET", "/rest/api/3/project/search"] = lambda **_: (200, {"values": [PROJECT], "isLast": False})

    assert [place.id.key for place in jira_on(jira.url, clock).probe().places] == ["PAY"]


def test_projects_are_found_where_only_the_old_list_has_them(jira, clock):
    jira.routes["GET", "/rest/api/3/project"] = lambda **_: (200, [PROJECT])

    assert [place.id.key for place in jira_on(jira.url, clock).probe().places] == ["PAY"]


def test_a_wrong_token_is_not_taken_for_a_token_that_is_not_named(tracker, jira):
    jira.routes["GET", "/rest/api/3/myself"] = lambda **_: (401, {"errorMessages": ["no"]})

    with pytest.raises(AccessError):
        tracker.probe()


def test_a_search_whose_token_leads_to_itself_ends(tracker, jira):
    jira.add("one")
    rows = jira.routes["POST", "/rest/api/3/search/jql"]
    jira.routes["POST", "/rest/api/3/search/jql"] = lambda **given: (
        200,
        {**rows(**given)[1], "nextPageToken": "again"},
    )

    assert {item.title for item in items_of(tracker.poll(None))} == {"one"}


def test_the_search_that_jira_gave_up_is_paged(clock):
    with SmallJira(clock, searches="search") as jira:
        for number in range(5):
            jira.add(f"issue {number}")

        items = items_of(jira_on(jira.url, clock, "PAY").poll(None))

    assert [item.title for item in items][:5] == [f"issue {number}" for number in range(5)]


def test_a_list_of_comments_that_is_not_offered_does_not_mean_gone(tracker, jira):
    item = handle(jira, jira.add("one"))
    del jira.routes["GET", ISSUE + "/comment"]

    assert tracker.observe([item], {}) == {}


def test_our_comment_is_trusted_by_its_id_in_the_list_alone(tracker, jira):
    item = handle(jira, jira.add("one"))
    (created,) = send(tracker, [comment_on(item)])
    del jira.routes["GET", ISSUE + r"/comment/(\d+)"]

    (seen,) = tracker.observe([item], {item.id: created.comment_id})[item.id].comments

    assert (seen.comment_id, seen.body_hash) == (created.comment_id, created.body_hash)


def test_talk_of_our_own_account_is_not_taken_for_ours(clock):
    with SmallJira(clock, author="bot", account="bot") as jira:
        native_id = jira.add("one")
        text = {"type": "text", "text": "syncd:no-outcome", "marks": [{"type": "code"}]}
        paragraph = {"type": "paragraph", "content": [text]}
        fold = {"type": "expand", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "more"}]}]}
        for content in ([paragraph], [fold], [fold, paragraph], None):
            comment = {"id": str(len(jira.comments[native_id])), "body": {"content": content}, **jira.author}
            jira.comments[native_id].append(comment)

        assert observed(jira_on(jira.url, clock, "PAY"), handle(jira, native_id)).comments == ()


@pytest.mark.parametrize("status", [404, 405, 501])
def test_what_is_not_offered_is_refused_and_the_item_is_not_gone(tracker, jira, status):
    item = handle(jira, jira.add("one"))
    jira.missing = status
    del jira.routes["POST", ISSUE + "/comment"]

    (result,) = send(tracker, [comment_on(item)])

    assert (result.fate, str(status) in result.detail) == (Fate.REFUSED, True)


def test_a_probe_survives_what_fails_beside_the_project(tracker, jira):
    jira.missing = 500
    jira.routes["GET", "/rest/api/3/project/search"] = lambda **_: (200, {"values": [PROJECT], "isLast": True})

    assert [place.can_read for place in tracker.probe().places] == [True]


def test_who_reads_a_project_is_not_guessed_while_it_can_not_be_asked(tracker, jira):
    jira.routes["GET", "/rest/api/3/project/search"] = lambda **_: (500, {})

    with pytest.raises(TransientError):
        tracker.probe()


def test_who_we_are_is_not_guessed_while_it_can_not_be_asked(tracker, jira):
    item = handle(jira, jira.add("one"))
    send(tracker, [comment_on(item)])
    jira.comments[item.id.native_id][0]["properties"] = properties_of(Mark(owner=OWNER, hash="1"))
    jira.routes["GET", "/rest/api/3/myself"] = lambda **_: (500, {})

    with pytest.raises(TransientError):
        observed(tracker, item)
