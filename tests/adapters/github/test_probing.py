"""What a token may do where, told in a line with the way out."""

import pytest

from adapters.github.mapping import row_of
from adapters.github.probing import report_of
from adapters.github.rows import RepositoryRow
from syncd.model.errors import AccessError
from syncd.model.identity import PlaceId
from syncd.model.items import AudienceKind, Person
from tests.adapters.github.simulated import CHECKOUT, SDK

WRITE = {"pull": True, "triage": True, "push": True}


def report(scopes="", **given):
    row = {"id": 1, "full_name": "acme/checkout", "private": True, "visibility": "private", "permissions": WRITE}
    return report_of(row_of({**row, **given}, RepositoryRow), PlaceId("github", "acme/checkout"), scopes)


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        pytest.param({"private": False, "visibility": "public"}, AudienceKind.PUBLIC, id="public"),
        pytest.param({"private": False, "visibility": ""}, AudienceKind.PUBLIC, id="public-on-an-older-server"),
        pytest.param({"visibility": "internal"}, AudienceKind.INTERNAL, id="internal"),
        pytest.param({"visibility": "private"}, AudienceKind.INTERNAL, id="private"),
    ],
)
def test_the_audience_is_read_from_the_visibility(given, kind):
    assert report(**given).audience.kind is kind


@pytest.mark.parametrize(
    ("given", "may", "said"),
    [
        pytest.param({}, (True, True, True), "", id="fine"),
        pytest.param({"scopes": "repo, read:org"}, (True, True, True), "", id="fine-with-scopes"),
        pytest.param({"scopes": "read:org"}, (True, False, False), "scope repo", id="no-scope"),
        pytest.param({"permissions": {"pull": True}}, (True, False, True), "may not label", id="reader"),
        pytest.param({"permissions": {"pull": True, "triage": True}}, (True, True, True), "new labels", id="triage"),
        pytest.param({"permissions": None}, (True, False, False), "does not say what", id="nothing-told"),
        pytest.param({"archived": True}, (True, False, False), "archived", id="archived"),
        pytest.param({"has_issues": False}, (False, False, False), "switched off", id="no-issues"),
        pytest.param({"full_name": "acme/new"}, (True, True, True), "is called acme/new now", id="renamed"),
    ],
)
def test_a_report_says_what_is_missing_and_the_way_out(given, may, said):
    found = report(**given)

    assert (found.can_read, found.can_label, found.can_comment) == may
    assert said in found.problem if said else found.problem == ""


def test_a_probe_takes_a_handful_of_requests(tracker, hands):
    hands.add_item("one", labels=["zebra"])
    hands.state.catalogue.add_types("acme", ["Epic", "Bug"])

    found = tracker.probe()

    assert found.account == Person("syncd-bot", "syncd-bot")
    assert [place.audience.kind for place in found.places] == [AudienceKind.INTERNAL, AudienceKind.PUBLIC]
    assert {"Epic", "Bug"} <= set(found.vocabulary.types)
    assert "zebra" in found.vocabulary.labels
    assert found.vocabulary.links == ("blocks",)
    assert len(hands.requests()) == 6


def test_without_repositories_a_probe_lists_those_that_can_be_seen(hands):
    found = hands.adapter(places=[]).probe()

    assert {place.id.key for place in found.places} == {CHECKOUT, SDK}


def test_a_wrong_token_is_an_error_without_the_token(hands):
    with pytest.raises(AccessError) as raised:
        hands.adapter(token="ghp_wrong").probe()

    assert "ghp_wrong" not in str(raised.value)
