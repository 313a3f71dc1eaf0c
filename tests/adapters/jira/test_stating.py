"""Outcomes by JQL: what the adapter says of issues, what that costs, and what happens when Jira refuses the JQL."""

from datetime import timedelta

import msgspec
import pytest

from adapters.jira.settings import WORDS
from syncd.clock import ManualClock
from syncd.model.errors import TransientError
from syncd.model.words import OutcomeWords
from syncd.simulator.faults import Fault
from tests.adapters.contract import AdapterContract
from tests.adapters.jira.company import JiraHands, adapter_for, handle_of
from tests.adapters.steps import items_of

MATCH, SEARCH = "/rest/api/3/jql/match", "/rest/api/3/search/jql"
JQL = "issuetype = Epic AND statusCategory != Done"
LATER = timedelta(hours=1)


def words_with(jql: str):
    return msgspec.structs.replace(WORDS, outcomes=OutcomeWords(jql=jql))


@pytest.fixture(autouse=True)
def _epics(state):
    """Jira refuses JQL that names a type which the site does not have."""
    state.catalogue.add_type("Epic", hierarchy_level=1)


@pytest.fixture
def make(server, clock, transport):
    def made(jql: str = JQL, **given):
        return adapter_for(server.jira_url, clock, transport, words=words_with(jql), **given)

    return made


@pytest.fixture
def asked(server):
    """Return the paths that were asked since it was last called."""

    def found():
        paths = [entry.path.removeprefix("/rest/api/3") for entry in server.journal.entries()]
        server.journal.clear()
        return paths

    return found


def later(clock: ManualClock, wait: timedelta = LATER) -> None:
    clock.set(clock.now() + wait)


def said(pages) -> dict[str, bool | None]:
    """Return what was last said of each item."""
    return {item.title: item.states_outcome for item in items_of(pages)}


def polled(tracker, clock, cursor=None):
    """Poll to the end, so long after anything happened that the next window does not show it again."""
    later(clock)
    pages = list(tracker.poll(cursor))
    later(clock)
    return said(pages), pages[-1]


class TestWithJql(AdapterContract):
    """Everything else is as without."""

    idle_requests = 1

    @pytest.fixture
    def tracker(self, make):
        return make()

    @pytest.fixture
    def hands(self, state, server, clock):
        return JiraHands(state, server, clock)

    def test_a_look_says_what_a_poll_says(self, tracker, state, hands):
        issues = [state.add_issue("PAY", "yes", type="Epic"), state.add_issue("FRAUD", "no")]

        first = said(tracker.poll(None))
        looked = [sighting.item for sighting in tracker.read([handle_of(issue) for issue in issues])]

        assert first == {item.title: item.states_outcome for item in looked} == {"yes": True, "no": False}


def test_without_jql_nothing_is_asked_and_nothing_is_said(tracker, state, server):
    state.add_issue("PAY", "one", type="Epic")

    assert said(tracker.poll(None)) == {"one": False}
    assert not [entry for entry in server.journal.entries() if "jql/match" in entry.path]


def test_an_idle_poll_is_one_request(make, state, clock, asked):
    state.add_issue("PAY", "one", type="Epic")
    tracker = make()
    _, last = polled(tracker, clock)
    later(clock)
    asked()

    list(tracker.poll(last.cursor))

    assert asked() == ["/search/jql"]


@pytest.mark.parametrize(("count", "pages"), [(1, 1), (100, 1), (101, 2), (250, 3)])
def test_changed_items_cost_one_request_more(make, state, clock, asked, count, pages):
    issues = [state.add_issue("PAY", f"item {number}", type="Epic") for number in range(count)]
    tracker = make()
    _, last = polled(tracker, clock)
    for issue in issues:
        state.edit_issue(issue.key, summary=f"changed {issue.key}")
    state.edit_issue("PAY-1", status="Done")
    asked()

    found = said(tracker.poll(last.cursor))

    assert asked() == [*["/search/jql"] * pages, "/jql/match"]
    assert len(found) == count
    assert [title for title, states in found.items() if not states] == ["changed PAY-1"]


def test_more_than_a_request_holds_are_asked_about_in_several(make, state, clock, asked):
    issues = [state.add_issue("PAY", f"item {number}", type="Epic") for number in range(1_050)]
    tracker = make()
    _, last = polled(tracker, clock)
    for issue in issues:
        state.edit_issue(issue.key, summary=f"changed {issue.key}")
    asked()

    found = said(tracker.poll(last.cursor))

    assert list(found.values()) == [True] * 1_050
    assert asked().count("/jql/match") == 2


def test_what_begins_to_match_without_changing_is_said_a_day_later(make, state, clock):
    state.add_issue("PAY", "one")
    tracker = make('created <= "-1d"')
    before, last = polled(tracker, clock)
    later(clock, timedelta(days=1))

    after, _ = polled(tracker, clock, last.cursor)

    assert (before, after) == ({"one": False}, {"one": True})


def test_other_jql_is_asked_of_everything_at_once(make, state, clock, asked):
    state.add_issue("PAY", "epic", type="Epic")
    state.add_issue("PAY", "labelled", labels=["goal"])
    _, last = polled(make(), clock)

    tracker = make("labels = goal")
    other, last = polled(tracker, clock, last.cursor)
    asked()
    list(tracker.poll(last.cursor))

    assert other == {"epic": False, "labelled": True}
    assert asked() == ["/search/jql"]


def test_an_import_under_way_begins_anew_with_other_jql(make, state, clock):
    for number in range(150):
        state.add_issue("PAY", f"item {number}", type="Epic", labels=["goal"] if number else [])
    later(clock)
    first = next(iter(make().poll(None)))

    found, _ = polled(make("labels = goal"), clock, first.cursor)

    assert len(found) == 150
    assert [title for title, states in found.items() if not states] == ["item 0"]


def test_projects_with_outcomes_of_their_own_are_not_asked_about(server, state, clock, transport, asked):
    issues = [state.add_issue("PAY", "yes", type="Epic"), state.add_issue("FRAUD", "no", type="Epic")]
    tracker = adapter_for(server.jira_url, clock, transport, words={"PAY": words_with(JQL), "FRAUD": WORDS})

    found, last = polled(tracker, clock)
    state.edit_issue(issues[1].key, summary="still no")
    asked()
    list(tracker.poll(last.cursor))

    assert found == {"yes": True, "no": False}
    assert "/jql/match" not in asked()


class TestRefused:
    def test_items_are_read_and_nobody_knows_whether_they_state_outcomes(self, make, state, clock):
        state.add_issue("PAY", "one", type="Epic")

        found, last = polled(make("issuetype = Nope"), clock)

        assert found == {"one": None}
        assert last.failures == ()
        assert {place.key for place in last.read_places} == {"PAY", "FRAUD"}
        (warning,) = last.warnings
        assert warning == (
            "trackers.yaml, trackers.jira.outcomes.jql: Jira refused the request (400): The value 'Nope' does not exist"
            " for the field 'issuetype'. What stated an outcome before still does"
        )

    def test_it_is_asked_again_after_ten_minutes_and_then_of_everything(self, make, state, clock, asked):
        state.add_issue("PAY", "old", labels=["goal"])
        tracker = make("issuetype = Theme")
        later(clock)
        first = list(tracker.poll(None))[-1]
        later(clock, timedelta(minutes=5))
        asked()
        soon = list(tracker.poll(first.cursor))[-1]
        assert (asked(), soon.warnings) == (["/search/jql"], first.warnings)
        state.catalogue.add_type("Theme")
        state.add_issue("PAY", "new", type="Theme")
        later(clock, timedelta(minutes=5))

        found, last = polled(tracker, clock, soon.cursor)

        assert found == {"old": False, "new": True}
        assert last.warnings == ()

    def test_corrected_jql_is_asked_at_once(self, make, state, clock):
        state.add_issue("PAY", "one", type="Epic")
        _, last = polled(make("nope = 1"), clock)
        assert last.warnings

        found, last = polled(make(), clock, last.cursor)

        assert (found, last.warnings) == ({"one": True}, ())

    def test_jql_that_is_taken_away_is_no_longer_complained_of(self, make, state, clock, server, transport):
        state.add_issue("PAY", "one", type="Epic")
        _, last = polled(make("nope = 1"), clock)

        _, last = polled(adapter_for(server.jira_url, clock, transport), clock, last.cursor)

        assert last.warnings == ()

    def test_jql_that_turns_bad_later_keeps_the_poll_going(self, make, state, clock, asked):
        state.catalogue.add_version("PAY", "26.12")
        issue = state.add_issue("PAY", "one", fix_versions=["26.12"])
        tracker = make('fixVersion = "26.12"')
        found, last = polled(tracker, clock)
        assert found == {"one": True}
        state.edit_issue(issue.key, summary="two", fix_versions=[])
        state.catalogue.versions.clear()

        found, last = polled(tracker, clock, last.cursor)

        assert found == {"two": None}
        assert "The value '26.12' does not exist" in last.warnings[0]

    def test_a_look_at_items_says_that_nobody_knows(self, make, state):
        issue = state.add_issue("PAY", "one")

        (sighting,) = make("nope = 1").read([handle_of(issue)])

        assert (sighting.item.states_outcome, sighting.error) == (None, "")

    def test_a_probe_tells_it(self, make, state):
        assert make().probe().problems == ()
        (problem,) = make("nope = 1").probe().problems
        assert "trackers.jira.outcomes.jql: Jira refused the request (400): Field 'nope' does not exist" in problem


class TestOtherAnswers:
    @pytest.mark.parametrize(
        "fault",
        [
            pytest.param({"status": 404}, id="not-every-jira-has-it"),
            pytest.param({"status": 400}, id="nor-for-so-many"),
            pytest.param({"status": 403}, id="nor-for-every-token"),
        ],
    )
    def test_where_matching_is_refused_a_search_tells(self, make, state, clock, server, fault):
        issue = state.add_issue("PAY", "one", type="Epic")
        tracker = make()
        _, last = polled(tracker, clock)
        state.edit_issue(issue.key, summary="two")
        server.faults.add(Fault(path=MATCH, count=None, **fault))

        found, last = polled(tracker, clock, last.cursor)

        assert (found, last.warnings) == ({"two": True}, ())

    @pytest.mark.parametrize(
        "body",
        ['{"matches": []}', '{"matches": null}', '{"matches": [{"matchedIssues": 3, "errors": []}]}', "[]"],
    )
    def test_an_answer_of_another_shape_is_tried_again_and_then_said(self, make, state, clock, server, body):
        issue = state.add_issue("PAY", "one", type="Epic")
        tracker = make()
        _, last = polled(tracker, clock)
        state.edit_issue(issue.key, summary="two")
        server.faults.add(Fault(path=MATCH, count=None, status=200, body=body))

        with pytest.raises(TransientError):
            list(tracker.poll(last.cursor))
        server.faults.clear()
        assert polled(tracker, clock, last.cursor)[0] == {"two": True}
