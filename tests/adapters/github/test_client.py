"""Requests through PyGithub: whose answer is whose, what is never followed, what is never sent twice."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import responses

from adapters.github.client import Client, MovedError
from adapters.pacing import Budget
from adapters.transport import Transport
from syncd.clock import ManualClock
from syncd.model.errors import RefusedError, TrackerError, TransientError
from tests.adapters.github.simulated import CHECKOUT, NOW, SDK

API = "https://git.example/api/v3"


@pytest.fixture
def client():
    clock = ManualClock(NOW)
    http = Transport(clock).http_adapter("github", Budget(clock))
    return Client(tracker="github", url=API, token="ghp_test", http=http, clock=clock)


def test_a_request_names_the_version_the_token_and_us(client):
    with responses.RequestsMock() as service:
        service.get(f"{API}/user", json={"login": "bot"})

        assert client.get("/user").data == {"login": "bot"}

        headers = service.calls[0].request.headers
    assert headers["X-GitHub-Api-Version"] == "2022-11-28"
    assert headers["Authorization"] == "token ghp_test"
    assert headers["User-Agent"] == "syncd"
    assert headers["Accept"] == "application/vnd.github+json, application/json;q=0.9"


@pytest.mark.parametrize(
    ("location", "error"),
    [
        pytest.param(f"{API}/repositories/7/issues", MovedError, id="here"),
        pytest.param("/api/v3/repositories/7/issues", MovedError, id="here-in-short"),
        pytest.param("https://git.example/other", RefusedError, id="outside-the-api"),
        pytest.param("https://evil.example/api/v3/repositories/7", TrackerError, id="elsewhere"),
        pytest.param("http://git.example/api/v3/repositories/7", TrackerError, id="without-tls"),
    ],
)
def test_no_redirect_is_followed(client, location, error):
    with responses.RequestsMock() as service:
        service.get(f"{API}/repos/acme/old/issues", status=301, headers={"location": location})

        with pytest.raises(error):
            client.get("/repos/acme/old/issues")

        assert len(service.calls) == 1


def test_an_answer_that_is_being_prepared_is_asked_for_again_without_sleeping_in_the_library(client):
    with responses.RequestsMock() as service:
        service.get(f"{API}/user", status=202, json={})
        service.get(f"{API}/user", json={"login": "bot"})

        assert client.get("/user").data == {"login": "bot"}


def test_the_next_page_is_asked_for_at_our_address(client):
    with responses.RequestsMock() as service:
        service.get(f"{API}/x", json=[1], headers={"link": '<https://evil.example/?after=Y%3D&page=2>; rel="next"'})
        service.get(f"{API}/x", json=[2])

        assert [answer.data for answer in client.pages("/x")] == [[1], [2]]
        assert service.calls[1].request.url == f"{API}/x?after=Y%3D&page=2"


@pytest.mark.parametrize("text", ["{", "[1", "not json", '"\\ud800'])
def test_what_is_no_json_is_worth_another_try(client, text):
    with responses.RequestsMock() as service:
        for _ in range(4):
            service.get(f"{API}/user", body=text)

        with pytest.raises(TransientError):
            client.get("/user")


def test_a_write_that_may_have_been_done_is_sent_once(client):
    with responses.RequestsMock() as service:
        service.post(f"{API}/x", status=502)

        with pytest.raises(TrackerError):
            client.write("POST", "/x", {}, is_repeatable=False)

        assert len(service.calls) == 1


def test_two_trackers_in_eight_threads_never_get_each_others_answers(hands):
    for number in range(20):
        hands.add_item(f"checkout {number}")
        hands.add_item(f"sdk {number}", place=SDK)
    hands.state.people.add_token("ada", "ghp_other")
    trackers = {CHECKOUT: hands.adapter(name="one"), SDK: hands.adapter(name="two", token="ghp_other")}

    def look(number):
        place = (CHECKOUT, SDK)[number % 2]
        tracker = trackers[place]
        answer = tracker._client.get(f"/repos/{place}/issues/{number // 2 % 20 + 1}")
        who = tracker._client.get("/user").data["login"]
        return place, number // 2 % 20, answer.data["title"], who

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(look, range(240)))

    for place, number, title, who in found:
        assert title == f"{place.partition('/')[2]} {number}"
        assert who == ("syncd-bot" if place == CHECKOUT else "ada")
