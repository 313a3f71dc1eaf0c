from datetime import UTC, datetime

import pytest
import requests

from syncd.clock import ManualClock
from syncd.model.errors import ConfigError
from syncd.simulator.bot import ACCOUNT_ID, EMAIL, LOGIN, TOKEN
from syncd.simulator.faults import Fault, Faults
from syncd.simulator.server import SimulatorServer, empty_states

AUTH = (EMAIL, TOKEN)
SIGNED = {"Authorization": f"token {TOKEN}"}
ISSUE = "/repos/acme/sdk/issues/1"


@pytest.fixture
def clock():
    return ManualClock(datetime(2026, 11, 24, 10, tzinfo=UTC))


@pytest.fixture
def states(clock):
    jira, github = empty_states(clock)
    jira.catalogue.add_project("PAY", "Payments")
    jira.add_issue("PAY", "A story", description="Why & what")
    github.add_repository("acme/sdk")
    github.add_issue("acme/sdk", "A <b>bug</b>", labels=["bug"], body="text")
    return jira, github


@pytest.fixture
def server(states, clock):
    with SimulatorServer(jira=states[0], github=states[1], clock=clock) as server:
        yield server


def get(server, path=ISSUE):
    return requests.get(server.github_url + path, headers=SIGNED, timeout=5)


def comment(server, body="hello"):
    return requests.post(f"{server.github_url}{ISSUE}/comments", headers=SIGNED, json={"body": body}, timeout=5)


def test_both_trackers_answer_below_their_addresses(server):
    jira = requests.get(f"{server.jira_url}/rest/api/3/issue/PAY-1", auth=AUTH, timeout=5)
    assert jira.json()["fields"]["summary"] == "A story"
    assert get(server).json()["title"] == "A <b>bug</b>"


def test_every_answer_is_dated_by_the_simulators_clock(server, clock):
    clock.wait(3600)
    jira = requests.get(f"{server.jira_url}/rest/api/3/myself", auth=AUTH, timeout=5)
    assert jira.headers["date"] == get(server).headers["date"] == "Tue, 24 Nov 2026 11:00:00 GMT"


def test_a_tracker_that_is_not_simulated_is_not_there(states, clock):
    with SimulatorServer(jira=None, github=states[1], clock=clock) as server:
        assert requests.get(f"{server.jira_url}/rest/api/3/serverInfo", timeout=5).status_code == 404
        assert get(server).ok
        assert requests.get(server.url, timeout=5).ok


def test_a_stopped_server_frees_its_port(states, clock):
    with SimulatorServer(None, states[1], clock=clock) as server:
        port = int(server.url.rpartition(":")[2])
        assert get(server).ok
    with SimulatorServer(None, states[1], clock=clock, port=port) as again:
        assert get(again).ok


def test_a_port_that_is_taken_is_said_in_a_line(server, states, clock):
    port = int(server.url.rpartition(":")[2])
    with pytest.raises(ConfigError, match=f"port {port} of 127.0.0.1 can't be used: "):
        SimulatorServer(None, states[1], clock=clock, port=port)


def test_the_journal_lists_what_the_trackers_were_asked(server):
    get(server, f"{ISSUE}/comments?per_page=5")
    requests.get(f"{server.jira_url}/rest/api/3/myself", timeout=5)
    requests.get(server.url, timeout=5)
    expected = [
        {"method": "GET", "path": f"{ISSUE}/comments", "query": "per_page=5", "status": 200, "tracker": "github"},
        {"method": "GET", "path": "/rest/api/3/myself", "query": "", "status": 401, "tracker": "jira"},
    ]
    journal = f"{server.url}/_simulator/journal"
    assert requests.get(journal, timeout=5).json() == expected
    assert [entry.path for entry in server.journal.entries("jira", method="GET")] == ["/rest/api/3/myself"]
    assert requests.delete(journal, timeout=5).json() == []
    assert server.journal.entries() == []


def test_a_status_stands_in_for_the_answer_as_often_as_asked(server, states):
    server.faults.add(Fault(method="POST", path="/comments$", status=503, headers={"Retry-After": "7"}, count=2))
    first = comment(server)
    assert (first.status_code, first.headers["retry-after"]) == (503, "7")
    assert get(server).status_code == 200
    assert comment(server).status_code == 503
    assert states[1].comments("acme/sdk#1") == []
    assert comment(server).status_code == 201


def test_the_work_may_be_done_though_the_answer_is_an_error(server, states):
    server.faults.add(Fault(method="POST", status=502, work=True))
    assert comment(server).status_code == 502
    assert [one.body for one in states[1].comments("acme/sdk#1")] == ["hello"]


@pytest.mark.parametrize("is_done", [False, True], ids=["before-the-work", "after-the-work"])
def test_a_connection_is_dropped_without_an_answer(server, states, is_done):
    server.faults.add(Fault(method="POST", drop=True, work=is_done))
    with pytest.raises(requests.ConnectionError):
        comment(server)
    assert len(states[1].comments("acme/sdk#1")) == is_done
    assert server.journal.entries()[-1].status == 0
    assert comment(server).status_code == 201


def test_a_login_page_looks_like_success(server):
    server.faults.add(Fault(tracker="jira", html=True))
    answer = requests.get(f"{server.jira_url}/rest/api/3/issue/PAY-1", auth=AUTH, timeout=5)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")


def test_half_a_page_is_no_json(server):
    server.faults.add(Fault(half=True))
    answer = get(server)
    assert answer.status_code == 200
    with pytest.raises(requests.JSONDecodeError):
        answer.json()


def test_an_answer_is_delayed(server):
    server.faults.add(Fault(delay=0.3))
    with pytest.raises(requests.ReadTimeout):
        requests.get(server.github_url + ISSUE, headers=SIGNED, timeout=0.05)
    assert get(server).ok


def test_faults_come_over_http_too_one_or_several(server):
    faults = f"{server.url}/_simulator/faults"
    added = requests.post(
        faults, json=[{"status": 500, "tracker": "github"}, {"status": 429, "path": "[?]page=2"}], timeout=5
    )
    assert [rule["status"] for rule in added.json()] == [500, 429]
    assert get(server, "/repos/acme/sdk/issues?page=1").status_code == 500
    assert get(server, "/repos/acme/sdk/issues?page=2").status_code == 429
    requests.post(faults, json={"status": 500, "count": None}, timeout=5)
    assert [get(server).status_code for _ in range(3)] == [500, 500, 500]
    assert requests.delete(faults, timeout=5).json() == []
    assert get(server).status_code == 200


@pytest.mark.parametrize("body", ['{"statsu": 500}', '{"path": "("}', "[", '{"count": "many"}'])
def test_a_fault_that_makes_no_sense_is_refused(server, body):
    answer = requests.post(f"{server.url}/_simulator/faults", data=body, timeout=5)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert server.faults.rules() == []


def test_rules_spare_and_count_only_what_they_mean():
    faults = Faults()
    faults.add(Fault(tracker="jira", method="put", path="/issue/", skip=1, status=500))
    asked = [("github", "PUT"), ("jira", "GET"), ("jira", "PUT"), ("jira", "PUT"), ("jira", "PUT")]
    hit = [faults.take(tracker, method, "/issue/1") is not None for tracker, method in asked]
    assert hit == [False, False, False, True, False]


class TestPages:
    def page(self, server, path="/"):
        return requests.get(server.url + path, timeout=5)

    def test_the_overview_lists_places_with_annotated_items_first(self, server, states):
        states[1].add_issue("acme/sdk", "Second")
        states[1].add_label("acme/sdk#2", "syncd:no-outcome")
        text = self.page(server).text
        assert "PAY-1" in text
        assert "A &lt;b&gt;bug&lt;/b&gt;" in text
        assert '<span class="chip ours">syncd:no-outcome</span>' in text
        assert text.index("acme/sdk#2") < text.index("acme/sdk#1")
        assert "1 annotated by syncd" in text
        assert "PAY-1" not in self.page(server, "/?place=acme/sdk").text

    def test_an_issue_shows_our_comment_without_its_mark(self, server, states):
        body = "<!-- syncd:v1 owner=a/b hash=1 -->\nNo **path**\n\n<details><summary>How</summary>\n\nx\n\n</details>"
        states[1].add_comment("acme/sdk#1", body, LOGIN)
        text = self.page(server, "/issues/github/acme/sdk/1").text
        assert "No <strong>path</strong>" in text
        assert "<summary>How</summary>" in text
        assert "hash=1" not in text
        assert 'class="card comment ours"' in text

    def test_a_jira_issue_shows_text_and_comments(self, server, states):
        states[0].add_comment("PAY-1", "No path", ACCOUNT_ID, properties={"syncd": {"version": 1}})
        text = self.page(server, "/issues/jira/PAY-1").text
        assert "Why &amp; what" in text
        assert "No path" in text
        assert 'class="card comment ours"' in text

    def test_hostile_words_stay_words(self, server, states):
        words = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
        states[0].edit_issue("PAY-1", summary=words, description=words, add_labels=[words])
        states[0].add_comment("PAY-1", words, "somebody")
        states[1].add_comment("acme/sdk#1", words, "somebody")
        for path in ("/", "/issues/jira/PAY-1", "/issues/github/acme/sdk/1"):
            page = self.page(server, path)
            assert "<script" not in page.text
            assert "<img" not in page.text
            assert page.headers["content-security-policy"].startswith("default-src 'none'")

    def test_the_addresses_that_trackers_show_lead_to_pages(self, server, states):
        server.lead_here()
        html_url = get(server).json()["html_url"]
        assert requests.get(html_url, timeout=5).url == f"{server.url}/issues/github/acme/sdk/1"
        browse = f"{server.jira_url}/browse/PAY-1"
        assert requests.get(browse, timeout=5).url == f"{server.url}/issues/jira/PAY-1"

    def test_links_to_items_lead_to_their_pages(self, server, states):
        states[1].add_comment("acme/sdk#1", "[x](https://redirect.github.com/acme/sdk/issues/1)", LOGIN)
        text = self.page(server, "/issues/github/acme/sdk/1").text
        assert 'href="/issues/github/acme/sdk/1"' in text

    @pytest.mark.parametrize("path", ["/issues/jira/PAY-9", "/issues/github/acme/sdk/9", "/issues/github/no/no/1"])
    def test_what_is_not_there_is_said_so(self, server, path):
        assert self.page(server, path).status_code == 404
