import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.answers import decoded, error_of, is_whole, message_of, quota_of, server_time, write_error_of
from syncd.model.errors import (
    AbsentError,
    AccessError,
    RefusedError,
    TransientError,
    UnknownResultError,
)

DATE = "Mon, 23 Nov 2026 09:00:00 GMT"
EPOCH = str(int(datetime(2026, 11, 23, 9, 0, tzinfo=UTC).timestamp()))


@pytest.mark.parametrize(
    ("status", "kind", "said"),
    [
        (400, RefusedError, "refused the request (400)"),
        (401, AccessError, "the token is wrong or expired (401)"),
        (403, AccessError, "the token lacks a permission (403)"),
        (404, AbsentError, "not there, or not for this token (404)"),
        (405, AbsentError, "does not offer that (405)"),
        (408, TransientError, "is busy (408)"),
        (409, TransientError, "is busy (409)"),
        (410, AbsentError, "not there, or not for this token (410)"),
        (413, RefusedError, "refused the request (413)"),
        (422, RefusedError, "refused the request (422)"),
        (429, TransientError, "asks us to slow down (429)"),
        (451, AccessError, "the token lacks a permission (451)"),
        (500, TransientError, "failed (500)"),
        (501, AbsentError, "does not offer that (501)"),
        (502, TransientError, "failed (502)"),
        (503, TransientError, "failed (503)"),
        (504, TransientError, "failed (504)"),
    ],
)
def test_a_status_becomes_one_error(status, kind, said):
    error = error_of(status, {}, "", tracker="jira")

    assert type(error) is kind
    assert str(error) == f"jira: {said}"


@pytest.mark.parametrize(
    ("status", "headers", "text", "wait"),
    [
        pytest.param(429, {"Retry-After": "5"}, "", 5, id="seconds"),
        pytest.param(429, {"retry-after": "0"}, "", 0, id="zero-seconds"),
        pytest.param(429, {"Retry-After": "Mon, 23 Nov 2026 09:01:30 GMT", "Date": DATE}, "", 90, id="http-date"),
        pytest.param(429, {"Retry-After": "Mon, 23 Nov 2026 08:00:00 GMT", "Date": DATE}, "", 0, id="date-in-the-past"),
        pytest.param(429, {"Retry-After": "soon"}, "", None, id="nonsense"),
        pytest.param(429, {"Retry-After": "999999999999"}, "", 86400, id="absurd"),
        pytest.param(429, {}, "", None, id="429-without-a-word"),
        pytest.param(403, {"Retry-After": "60"}, "", 60, id="github-secondary"),
        pytest.param(403, {}, '{"message": "You have exceeded a secondary rate limit."}', 60, id="github-no-header"),
        pytest.param(
            403,
            {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(EPOCH) + 120), "Date": DATE},
            "",
            120,
            id="github-primary",
        ),
        pytest.param(
            429,
            {"X-RateLimit-Reset": "2026-11-23T09:02:00Z", "Date": DATE},
            "",
            120,
            id="jira-reset",
        ),
        pytest.param(503, {"Retry-After": "7"}, "", 7, id="maintenance"),
        pytest.param(500, {"Retry-After": "7"}, "", 7, id="failure-with-advice"),
    ],
)
def test_a_wall_says_how_long_to_wait(status, headers, text, wait):
    error = error_of(status, headers, text, tracker="github")

    assert isinstance(error, TransientError)
    assert error.retry_after == (None if wait is None else timedelta(seconds=wait))


def test_a_403_with_requests_left_is_a_lack_of_permission():
    headers = {"x-ratelimit-remaining": "4999", "x-ratelimit-reset": EPOCH, "date": DATE}
    text = '{"message": "Resource not accessible by personal access token"}'

    error = error_of(403, headers, text, tracker="github")

    assert isinstance(error, AccessError)
    assert error.message.endswith("(403): Resource not accessible by personal access token")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param('{"message": "Bad credentials", "documentation_url": "x"}', "Bad credentials", id="github"),
        pytest.param(
            '{"message": "Validation Failed", "errors": [{"resource": "Label", "field": "name", "code": "invalid"}]}',
            "Validation Failed; name invalid",
            id="github-validation",
        ),
        pytest.param('{"message": "No", "errors": ["why", {"x": 1}]}', "No; why", id="github-odd-errors"),
        pytest.param('{"errorMessages": ["The value is bad."], "errors": {}}', "The value is bad.", id="jira"),
        pytest.param(
            '{"errorMessages": [], "errors": {"labels": "has spaces", "summary": "too long"}}',
            "labels: has spaces; summary: too long",
            id="jira-fields",
        ),
        pytest.param("<html><h1>502 Bad Gateway</h1>", "", id="html"),
        pytest.param("upstream\n  timed out", "upstream timed out", id="plain"),
        pytest.param("", "", id="nothing"),
        pytest.param("[1, 2]", "", id="a-list"),
        pytest.param('"x"', "", id="a-text"),
        pytest.param('{"message": null, "errors": null, "errorMessages": "x"}', "", id="wrong-types"),
    ],
)
def test_what_the_service_said_is_told_in_one_line(text, said):
    assert message_of(text) == said


def test_a_long_message_is_cut():
    assert len(message_of(json.dumps({"message": "word " * 1000}))) == 200


@pytest.mark.parametrize("status", [500, 502, 504])
def test_a_write_may_have_been_done_behind_a_failing_gateway(status):
    assert type(write_error_of(status, {}, "", tracker="jira")) is UnknownResultError


@pytest.mark.parametrize("status", [429, 503])
def test_a_write_that_was_turned_away_was_not_done(status):
    assert type(write_error_of(status, {}, "", tracker="jira")) is TransientError


def test_the_servers_time_comes_from_its_date():
    assert server_time({"date": DATE}) == datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("headers", [{}, {"Date": "yesterday"}, {"Date": "Mon, 99 Nov 2026 09:00:00 GMT"}])
def test_an_answer_without_a_date_is_no_answer(headers):
    with pytest.raises(TransientError, match="no Date header"):
        server_time(headers)


@pytest.mark.parametrize(
    ("body", "content_type", "whole"),
    [
        (b"{}", "application/json", True),
        (b' [{"a": 1}] \n', "application/json; charset=utf-8", True),
        (b'"text"', "application/json", True),
        (b'[{"a": 1}, {"b', "application/json", False),
        (b'{"a": [1, 2]', "application/json", False),
        (b"<!doctype html><p>Sign in", "application/json", False),
        (b"{}", "text/html", True),
        (b"OK", "text/html", False),
    ],
)
def test_half_a_page_is_seen_by_its_ends(body, content_type, whole):
    assert is_whole({"Content-Type": content_type}, body) is whole


@pytest.mark.parametrize(
    ("headers", "whole"), [({"Content-Length": "0"}, True), ({"Transfer-Encoding": "chunked"}, True), ({}, False)]
)
def test_an_empty_answer_is_whole_where_it_says_that_it_is_empty(headers, whole):
    assert is_whole(headers, b"") is whole


@pytest.mark.parametrize("body", [b"<html>", b'[{"a": 1}, {"b"', b"\xff\xfe", b"", b"[" * 100_000])
def test_what_is_no_json_is_worth_another_try(body):
    with pytest.raises(TransientError, match="github: answered something that is not JSON"):
        decoded(body, tracker="github")


def test_half_a_character_in_one_item_fails_no_page():
    body = b'[{"title": "good"}, {"title": "half \\ud83d", "\\udc00": 1}]'

    assert decoded(body, tracker="github") == [{"title": "good"}, {"title": "half ?", "?": 1}]


_NAMES = st.sampled_from(["message", "errors", "errorMessages", "field", "code"])
_JSON = st.recursive(st.none() | st.text(), lambda inner: st.dictionaries(_NAMES, inner) | st.lists(inner))


@given(
    st.integers(400, 599),
    st.dictionaries(st.sampled_from(["Retry-After", "X-RateLimit-Reset", "X-RateLimit-Remaining", "Date"]), st.text()),
    st.text() | _JSON.map(json.dumps),
)
def test_whatever_a_service_says_becomes_an_error_of_one_line(status, headers, text):
    error = error_of(status, headers, text, tracker="jira")

    assert len(str(error).splitlines()) == 1
    assert len(str(error)) < 300


def quota(limit="5000", remaining="1250", reset=str(int(EPOCH) + 600), date=DATE):
    given = {"X-RateLimit-Limit": limit, "x-ratelimit-remaining": remaining, "x-ratelimit-reset": reset, "date": date}
    return quota_of({name: value for name, value in given.items() if value})


def test_what_is_left_of_a_quota_is_told_with_its_end():
    assert quota() == (0.25, timedelta(minutes=10))
    assert quota(reset=str(int(EPOCH) - 1)) == (0.25, timedelta(0))


@pytest.mark.parametrize(
    "said", [{"limit": ""}, {"limit": "0"}, {"remaining": "many"}, {"reset": ""}, {"date": ""}], ids=str
)
def test_a_quota_that_nobody_tells_is_whole(said):
    assert quota(**said) == (1.0, timedelta(0))
