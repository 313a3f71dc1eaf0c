import json
from datetime import timedelta

import pytest

from syncd.model.errors import TransientError
from syncd.model.identity import Handle, ItemId
from syncd.simulator.faults import Fault
from tests.adapters.jira.company import adapter_for, handle_of


def test_a_census_of_many_projects_costs_two_requests(tracker, state, server):
    for number in range(120):
        state.add_issue("PAY" if number % 3 else "FRAUD", f"item {number}")

    pages = list(tracker.census(""))

    assert len(server.journal.entries()) == 2
    assert {page.place.key: len(page.handles) for page in pages} == {"PAY": 80, "FRAUD": 40}
    assert all(page.complete for page in pages)


def test_a_census_of_more_than_five_thousand_goes_on_from_its_token(tracker, state):
    for number in range(5_010):
        state.add_issue("PAY", f"item {number}")

    first, *rest = tracker.census("")
    resumed = list(tracker.census(first.resume))

    assert (len(first.handles), first.complete) == (5_000, False)
    assert {page.place.key for page in rest if page.complete} == {"PAY", "FRAUD"}
    assert [len(page.handles) for page in rest] == [len(page.handles) for page in resumed] == [10, 0]


def test_a_census_that_can_not_be_finished_says_so(tracker, state, server):
    state.add_issue("PAY", "one")
    server.faults.add(Fault(path="search/jql", status=500, count=None))

    with pytest.raises(TransientError):
        list(tracker.census(""))


def test_an_empty_project_is_counted_as_empty(tracker):
    assert [(page.place.key, page.handles, page.complete) for page in tracker.census("")] == [
        ("PAY", (), True),
        ("FRAUD", (), True),
    ]


@pytest.mark.parametrize(("count", "requests"), [(1, 1), (100, 1), (101, 2)])
def test_items_are_read_a_hundred_a_request(tracker, state, server, count, requests):
    handles = [handle_of(state.add_issue("PAY", f"item {number}")) for number in range(count)]
    list(tracker.read(handles[:1]))
    server.journal.clear()

    found = list(tracker.read(handles))

    assert len(server.journal.entries()) == requests
    assert [sighting.handle for sighting in found] == handles
    assert all(sighting.item for sighting in found)


def test_an_item_that_was_moved_within_the_configured_projects_is_there_under_its_new_key(tracker, state):
    handle = handle_of(state.add_issue("PAY", "one"))
    state.move_issue("PAY-1", "FRAUD")

    (sighting,) = tracker.read([handle])

    assert sighting.item is not None
    assert (sighting.item.id, sighting.item.key, sighting.item.place.key) == (handle.id, "FRAUD-1", "FRAUD")


def test_an_item_that_was_moved_out_of_them_is_gone_here(tracker, state):
    state.catalogue.add_project("ELSE")
    handle = handle_of(state.add_issue("PAY", "one"))
    state.move_issue("PAY-1", "ELSE")

    (sighting,) = tracker.read([handle])

    assert (sighting.gone, sighting.item) == (True, None)


def test_an_item_that_a_security_level_hides_is_gone_for_us(tracker, state):
    state.catalogue.add_security_level("Board", ["712020:ada"])
    handle = handle_of(state.add_issue("PAY", "one"))
    state.edit_issue("PAY-1", security="Board")

    assert [sighting.gone for sighting in tracker.read([handle])] == [True]


def test_what_is_left_out_is_looked_for_once_more_before_it_is_gone(tracker, state, server):
    handle = handle_of(state.add_issue("PAY", "one"))
    server.faults.add(Fault(path="bulkfetch", status=200, body='{"issues": [], "issueErrors": []}'))

    (sighting,) = tracker.read([handle])

    assert sighting.item is not None


def test_an_item_that_jira_can_not_give_now_is_neither_there_nor_gone(tracker, state, server):
    handle = handle_of(state.add_issue("PAY", "one"))
    answer = {"issues": [], "issueErrors": [{"id": handle.id.native_id, "errorMessage": "Try again"}]}
    server.faults.add(Fault(path="bulkfetch", status=200, body=json.dumps(answer)))

    (sighting,) = tracker.read([handle])

    assert (sighting.item, sighting.gone, sighting.error) == (None, False, "Try again")


def test_a_jira_without_bulkfetch_is_asked_one_by_one(tracker, state, server):
    handle = handle_of(state.add_issue("PAY", "one"))
    server.faults.add(Fault(path="bulkfetch", status=404, count=None))

    found = list(tracker.read([handle, Handle(ItemId("jira", "999"), "PAY-999")]))

    assert [(sighting.item is not None, sighting.gone) for sighting in found] == [(True, False), (False, True)]


def test_the_probe_says_what_is_missing_and_who_grants_it(tracker, state):
    state.people.permit("712020:syncd-bot", "FRAUD", {"BROWSE_PROJECTS", "ADD_COMMENTS"})

    reports = {report.id.key: report for report in tracker.probe().places}

    assert reports["PAY"].problem == ""
    fraud = reports["FRAUD"]
    assert (fraud.can_read, fraud.can_label, fraud.can_comment) == (True, False, False)
    assert fraud.problem == "the account lacks Edit Issues, Edit Own Comments: a Jira admin grants it in FRAUD"


def test_the_probe_tells_customers_from_colleagues(server, state, clock, transport):
    state.catalogue.add_project("DESK", "Help", type_key="service_desk")
    tracker = adapter_for(server.jira_url, clock, transport, keys=["PAY", "DESK"])

    audiences = {report.id.key: report.audience.kind.value for report in tracker.probe().places if report.audience}

    assert audiences == {"PAY": "internal", "DESK": "customers"}


def test_the_probe_of_a_site_without_configured_projects_finds_all_of_them(server, state, clock, transport):
    for number in range(130):
        state.catalogue.add_project(f"P{number}")
    tracker = adapter_for(server.jira_url, clock, transport, keys=[])

    assert len(tracker.probe().places) == 132


def test_the_probe_learns_the_words_in_use(tracker, state):
    sprint = state.catalogue.add_sprint("Sprint 4")
    state.catalogue.add_field("Squad", "option")
    state.add_issue("PAY", "one", type="Bug", status="In Progress", labels=["checkout", "syncd:x"], sprints=[sprint.id])
    state.add_issue("PAY", "two")
    state.add_link("Blocks", "PAY-1", "PAY-2")

    found = tracker.probe()

    assert (found.account.account, found.account.name) == ("712020:syncd-bot", "syncd-bot")
    words = found.vocabulary
    assert words.types == ("Bug", "Story")
    assert [(name, category.value if category else None) for name, category in words.statuses] == [
        ("In Progress", "in_progress"),
        ("To Do", "todo"),
    ]
    assert words.links == ("Blocks",)
    assert {"Squad", "Sprint", "Due date"} <= set(words.fields)
    assert words.labels == ("checkout",)


@pytest.mark.parametrize("path", ["/field", "/status", "/issuetype", "/issueLinkType", "/mypermissions"])
def test_the_probe_makes_do_without_what_a_site_does_not_have(tracker, state, server, path):
    state.add_issue("PAY", "one")
    server.faults.add(Fault(path=path, status=404, count=None))

    assert [report.can_read for report in tracker.probe().places] == [True, True]


def test_a_jira_that_can_not_be_asked_for_several_projects_is_asked_one_by_one(server, state, clock, transport):
    state.add_issue("PAY", "one")
    server.faults.add(Fault(path="/project/search", status=404, count=None))
    tracker = adapter_for(server.jira_url, clock, transport, keys=["PAY", "NOPE"])

    pages = list(tracker.poll(None))

    assert [item.title for page in pages for item in page.items] == ["one"]
    assert [failure.place.key for failure in pages[-1].failures] == ["NOPE"]


def test_time_between_polls_does_not_matter_to_the_census(tracker, state, clock):
    state.add_issue("PAY", "one")
    clock.set(clock.now() + timedelta(days=400))

    assert sum(len(page.handles) for page in tracker.census("")) == 1
