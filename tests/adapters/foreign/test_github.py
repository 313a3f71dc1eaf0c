"""What other people's GitHubs, and tokens of apps, do not say."""

import pytest

from adapters.github import mark
from syncd.model.comments import Mark
from syncd.model.errors import AccessError, TransientError
from syncd.model.identity import Handle, ItemId
from syncd.model.items import ContainerKind
from tests.adapters.foreign.adapters_on import github_on
from tests.adapters.foreign.small_github import SmallGitHub
from tests.adapters.steps import OWNER, comment_on, items_of, observed, remove_label, send

LIST = ("GET", r"/repos/acme/checkout/issues")


@pytest.fixture
def github(clock):
    with SmallGitHub(clock) as github:
        yield github


@pytest.fixture
def tracker(github, clock):
    return github_on(github.url, clock, "acme/checkout")


def handle(github, number):
    return Handle(ItemId("github", str(github.issues[number]["id"])), f"acme/checkout#{number}")


def repository(name="acme/checkout", **given):
    permissions = {"pull": True, "push": True, "triage": True}
    return {"id": 1, "full_name": name, "private": True, "permissions": permissions, **given}


@pytest.mark.parametrize("status", [403, 404, 405, 501])
def test_who_the_token_is_need_not_be_told(tracker, github, status):
    github.routes["GET", "/user"] = lambda **_: (status, {"message": "Resource not accessible by integration"})
    github.routes["GET", "/repos/acme/checkout"] = lambda **_: (200, repository())

    found = tracker.probe()

    assert "does not name" in found.account.name
    assert [(place.can_read, place.can_label, place.can_comment) for place in found.places] == [(True, True, True)]


def test_a_wrong_token_is_not_taken_for_a_token_that_is_not_named(tracker, github):
    github.routes["GET", "/user"] = lambda **_: (401, {"message": "Bad credentials"})

    with pytest.raises(AccessError):
        tracker.probe()


def test_a_repository_that_is_not_described_can_be_read_all_the_same(tracker, github):
    (place,) = tracker.probe().places

    assert (place.can_read, place.audience) == (True, None)
    assert "audience:" in place.problem


def test_a_repository_that_is_not_there_is_not_read(github, clock):
    (place,) = github_on(github.url, clock, "acme/other").probe().places

    assert not place.can_read
    assert "there is no repository acme/other" in place.problem


def test_repositories_are_found_through_the_organisations_where_no_list_has_them(github, clock):
    github.routes["GET", "/user/repos"] = lambda **_: (200, [])
    github.routes["GET", "/user/orgs"] = lambda **_: (200, [{"login": "acme"}, {"login": "closed"}])
    github.routes["GET", "/orgs/acme/repos"] = lambda **_: (200, [repository(), repository(), repository("acme/sdk")])

    places = github_on(github.url, clock).probe().places

    assert [place.id.key for place in places] == ["acme/checkout", "acme/sdk"]


@pytest.mark.parametrize(
    ("association", "is_ours"), [("MEMBER", True), ("NONE", False), ("CONTRIBUTOR", False), ("", True)]
)
def test_a_mark_of_a_stranger_is_not_believed_where_nobody_says_who_we_are(tracker, github, association, is_ours):
    number = github.add("one")
    body = mark.line(Mark(owner=OWNER, hash="0" * 16))
    github.comments[number] = [{"id": 5, "body": body, "user": {"login": "x"}, "author_association": association}]

    assert bool(observed(tracker, handle(github, number)).comments) is is_ours


def test_who_we_are_is_learnt_from_what_we_wrote(tracker, github):
    first, second = github.add("one"), github.add("two")
    body = mark.line(Mark(owner=OWNER, hash="0" * 16))
    github.comments[second] = [{"id": 5, "body": body, "user": {"login": "x", "id": 66}}]
    keep = github.routes["POST", r"/repos/acme/checkout/issues/(\d+)/comments"]

    def signed(*args, **given):
        status, comment = keep(*args, **given)
        return status, {**comment, "user": {"login": "bot", "id": 9}}

    github.routes["POST", r"/repos/acme/checkout/issues/(\d+)/comments"] = signed
    send(tracker, [comment_on(handle(github, first))])

    assert observed(tracker, handle(github, second)).comments == ()


def test_a_list_that_leads_to_itself_ends(tracker, github, clock):
    github.add("one")
    github.headers["link"] = f'<{github.url}/repos/acme/checkout/issues?page=2>; rel="next"'

    pages = list(tracker.poll(None))

    assert {item.title for item in items_of(pages)} == {"one"}
    assert [page.place.key for page in tracker.census("")] == ["acme/checkout", "acme/checkout"]


def test_a_relative_link_leads_on(tracker, github):
    for number in range(3):
        github.add(f"issue {number}")
    rows = github.routes[LIST]

    def paged(*, query, body):
        page = int(query.get("page", 1))
        github.headers = {"link": f'</repos/acme/checkout/issues?page={page + 1}>; rel="next"'} if page < 3 else {}
        return 200, rows(query=query, body=body)[1][page - 1 : page]

    github.routes[LIST] = paged

    assert {item.title for item in items_of(tracker.poll(None))} == {"issue 0", "issue 1", "issue 2"}


def test_a_milestone_without_an_id_is_known_by_its_title(tracker, github):
    github.add("one", milestone={"id": None, "title": "Fast", "state": "open", "due_on": "2026-12-01T00:00:00Z"})

    pages = list(tracker.poll(None))

    (container,) = {container for page in pages for container in page.containers}
    assert (container.id.kind, container.id.native_id) == (ContainerKind.MILESTONE.value, "acme/checkout: Fast")
    assert {item.milestones for item in items_of(pages)} == {(container.id,)}


def test_a_label_that_is_not_there_is_taken_away(tracker, github):
    item = handle(github, github.add("one"))

    (result,) = send(tracker, [remove_label(item)])

    assert result.fate.value == "applied"


@pytest.mark.parametrize("status", [404, 405, 501])
def test_dependencies_that_are_counted_and_not_listed_stop_nothing(tracker, github, status):
    github.missing = status
    github.add("one", issue_dependencies_summary={"blocked_by": 1, "total_blocked_by": 1})

    assert [item.title for item in items_of(tracker.poll(None))][:1] == ["one"]


def test_json_that_is_called_html_is_json(tracker, github):
    github.content_type = "text/html; charset=utf-8"
    github.add("one")

    assert {item.title for item in items_of(tracker.poll(None))} == {"one"}


def test_a_probe_survives_what_fails_beside_the_repository(tracker, github):
    github.missing = 500
    github.routes["GET", "/repos/acme/checkout"] = lambda **_: (200, repository())

    assert [place.can_label for place in tracker.probe().places] == [True]


def test_who_reads_a_repository_is_not_guessed_while_it_can_not_be_asked(tracker, github):
    github.routes["GET", "/repos/acme/checkout"] = lambda **_: (500, {})

    with pytest.raises(TransientError):
        tracker.probe()


def test_who_we_are_is_not_guessed_while_it_can_not_be_asked(tracker, github):
    number = github.add("one")
    github.routes["GET", "/user"] = lambda **_: (500, {})
    body = mark.line(Mark(owner=OWNER, hash="0" * 16))
    github.comments[number] = [{"id": 5, "body": body, "author_association": "MEMBER"}]

    with pytest.raises(TransientError):
        observed(tracker, handle(github, number))


def test_a_first_page_that_fails_over_its_etag_is_asked_without(tracker, github):
    github.add("one")
    rows, conditional = github.routes[LIST], []

    def fussy(*, query, body):
        conditional.append(github.asked.get("if-none-match", ""))
        return (500, {}) if conditional[-1] else rows(query=query, body=body)

    github.routes[LIST] = fussy
    github.headers["etag"] = '"page"'
    cursor = list(tracker.poll(None))[-1].cursor
    github.add("two")

    assert [item.title for item in items_of(tracker.poll(cursor))] == ["two"]
    assert '"page"' in conditional
