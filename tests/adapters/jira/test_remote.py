import pytest

from adapters.jira.remote import REQUESTS_A_POLL, links_of
from adapters.jira.values import MalformedError
from syncd.model.identity import Ref
from syncd.model.items import Direction, LinkRef, StatusCategory
from syncd.simulator.faults import Fault
from tests.adapters.jira.company import adapter_for
from tests.adapters.jira.test_polling import cursor_after
from tests.adapters.steps import items_of

TWIN = "https://github.com/acme/checkout/issues/12"


def row(url=TWIN, relationship="", **thing):
    return {"id": 1, "relationship": relationship, "object": {"url": url, "title": "x", **thing}}


@pytest.mark.parametrize(
    ("url", "is_read"),
    [
        pytest.param(TWIN, True, id="issue"),
        pytest.param("https://github.com/acme/checkout/pull/7#discussion_r1", True, id="pull-request"),
        pytest.param("http://127.0.0.1:8788/acme/checkout/issues/12/", True, id="enterprise-server"),
        pytest.param("https://other.atlassian.net/browse/OPS-3?focusedId=1", True, id="other-jira"),
        pytest.param("https://acme.example/jira/browse/OPS-3", True, id="jira-below-a-path"),
        pytest.param("https://acme.atlassian.net/wiki/spaces/PAY/pages/1", False, id="page"),
        pytest.param("https://github.com/acme/checkout/blob/main/issues/12.md", False, id="file"),
        pytest.param("https://github.com/acme/checkout", False, id="repository"),
        pytest.param("javascript:alert(1)", False, id="no-address"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_what_leads_to_an_item_of_a_tracker_is_a_link(url, is_read):
    assert [link.target for link in links_of([row(url)])] == ([Ref(url=url)] if is_read else [])


@pytest.mark.parametrize(
    ("relationship", "name", "direction"),
    [
        ("blocks", "Blocks", Direction.OUT),
        ("Is  blocked by", "Blocks", Direction.IN),
        ("depends on", "Blocks", Direction.IN),
        ("mirrors", "Mirrors", Direction.OUT),
        ("mentioned in", "mentioned in", Direction.OUT),
        ("causes", "causes", Direction.OUT),
        ("", "remote link", Direction.OUT),
    ],
)
def test_the_relationship_names_the_link(relationship, name, direction):
    assert list(links_of([row(relationship=relationship)])) == [
        LinkRef(name=name, direction=direction, target=Ref(url=TWIN))
    ]


def test_what_the_link_calls_resolved_is_done():
    (link,) = links_of([row(status={"resolved": True})])
    assert link.target_status is StatusCategory.DONE


@pytest.mark.parametrize(
    "wrong", [{"object": 5}, {"object": {"url": ["x"]}}, {"object": {"url": TWIN}, "relationship": {}}]
)
def test_another_shape_is_said(wrong):
    with pytest.raises(MalformedError):
        list(links_of([wrong]))


def asked(server):
    """Return the keys or ids that were asked about."""
    paths = (entry.path.split("/") for entry in server.journal.entries())
    return [path[-2] for path in paths if path[-1] == "remotelink"]


def links(pages):
    return {item.key: [str(link.target) for link in item.links] for item in items_of(pages)}


@pytest.fixture
def begun(state):
    return state.add_issue("PAY", "begun", status="In Progress")


def test_a_first_import_asks_nothing(tracker, server, state, begun):
    state.add_remote_link(begun.key, TWIN)

    (item,) = items_of(list(tracker.poll(None)))

    assert asked(server) == []
    assert (item.links, item.has_all_links) == ((), False)


def test_what_changes_and_is_under_way_is_asked_about_once(tracker, server, state, clock, begun):
    cursor = cursor_after(tracker, clock)
    state.add_remote_link(begun.key, TWIN, relationship="is blocked by")

    pages = list(tracker.poll(cursor))
    (item,) = items_of(pages)
    again = list(tracker.poll(pages[-1].cursor))

    assert [(link.name, link.direction, link.target.url) for link in item.links] == [("Blocks", Direction.IN, TWIN)]
    assert item.has_all_links
    assert asked(server) == [begun.id], "the next window overlaps, and shows it again"
    assert [each.has_all_links for each in items_of(again)] == [False]


def test_it_is_asked_about_again_when_it_changes_again(tracker, server, state, clock, begun):
    cursor = cursor_after(tracker, clock)
    state.add_remote_link(begun.key, TWIN)
    cursor = cursor_after(tracker, clock, cursor)
    state.edit_issue(begun.key, summary="again")

    assert links(tracker.poll(cursor)) == {begun.key: [TWIN]}
    assert len(asked(server)) == 2


@pytest.mark.parametrize(
    ("given", "is_asked"),
    [
        ({"status": "In Progress"}, True),
        ({"status": "To Do"}, False),
        ({"status": "To Do", "sprints": ["now"]}, True),
        ({"status": "To Do", "sprints": ["next"]}, True),
        ({"status": "To Do", "sprints": ["before"]}, False),
        ({"status": "Done", "sprints": ["now"]}, False),
    ],
)
def test_only_what_is_in_play_is_asked_about(tracker, server, state, clock, given, is_asked):
    for name, how in (("before", "closed"), ("now", "active"), ("next", "future")):
        state.catalogue.add_sprint(name, state=how)
    issue = state.add_issue("PAY", "one", **given)
    cursor = cursor_after(tracker, clock)
    state.add_remote_link(issue.key, TWIN)

    list(tracker.poll(cursor))

    assert bool(asked(server)) is is_asked


def test_an_idle_poll_stays_one_request(tracker, server, state, clock, begun):
    state.add_remote_link(begun.key, TWIN)
    cursor = cursor_after(tracker, clock)
    server.journal.clear()

    list(tracker.poll(cursor))

    assert len(server.journal.entries()) == 1


def test_so_many_at_most_are_asked_about_in_a_poll(tracker, server, state, clock):
    issues = [state.add_issue("PAY", f"item {number}", status="In Progress") for number in range(REQUESTS_A_POLL + 3)]
    cursor = cursor_after(tracker, clock)
    for issue in issues:
        state.edit_issue(issue.key, summary="changed")

    pages = list(tracker.poll(cursor))
    assert len(asked(server)) == REQUESTS_A_POLL
    list(tracker.poll(pages[-1].cursor))

    assert len(asked(server)) == REQUESTS_A_POLL + 3, "the rest, while the window still shows them"


def test_turned_off_nothing_is_asked_and_nothing_is_missing(server, state, clock, transport, begun):
    tracker = adapter_for(server.jira_url, clock, transport, remote_links=False)
    cursor = cursor_after(tracker, clock)
    state.add_remote_link(begun.key, TWIN)

    (item,) = items_of(list(tracker.poll(cursor)))

    assert asked(server) == []
    assert (item.links, item.has_all_links) == ((), True)


@pytest.mark.parametrize(("status", "requests"), [(403, 1), (404, 2), (500, None)])
def test_where_they_can_t_be_read_the_items_are_and_one_line_says_so(tracker, server, state, clock, status, requests):
    issues = [state.add_issue("PAY", f"item {number}", status="In Progress") for number in range(2)]
    cursor = cursor_after(tracker, clock)
    for issue in issues:
        state.edit_issue(issue.key, summary="changed")
    server.faults.add(Fault(tracker="jira", path="remotelink$", status=status, count=None))

    pages = list(tracker.poll(cursor))

    assert [item.title for item in items_of(pages)] == ["changed", "changed"]
    assert [item.has_all_links for item in items_of(pages)] == [False, False]
    (warning,) = pages[-1].warnings
    assert warning.startswith("remote links of PAY-1")
    assert warning.endswith("What was known stays; `remote_links: false` under trackers.jira asks no more")
    assert pages[-1].cursor is not None
    assert requests in (None, len(asked(server)))
