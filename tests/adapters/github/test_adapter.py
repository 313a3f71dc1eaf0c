"""The contract suite over a simulated GitHub."""

from datetime import timedelta

import pytest

from adapters.github.adapter import web_host
from syncd.model.reading import Page
from tests.adapters.contract import AdapterContract
from tests.adapters.steps import items_of


class TestGitHubAdapter(AdapterContract):
    idle_requests = 2

    @pytest.fixture
    def tracker(self, hands):
        return hands.adapter()

    @pytest.fixture
    def hands(self, hands):
        return hands

    def test_a_change_made_while_a_poll_runs_is_not_lost(self, tracker, hands):
        # An import ends with a look at what is newest: the change may come in the same poll already.
        first = hands.add_item("first")
        hands.add_item("second", place=hands.places[1])
        pages: list[Page] = []
        for page in tracker.poll(None):
            if not pages:
                hands.edit_title(first, "changed meanwhile")
            pages.append(page)
        hands.pass_time(timedelta(minutes=1))

        found = [*pages[1:], *tracker.poll(pages[-1].cursor)]

        assert (first.id, "changed meanwhile") in {(each.id, each.title) for each in items_of(found)}


@pytest.mark.parametrize(
    ("api", "host"),
    [
        pytest.param("https://api.github.com", "github.com", id="github.com"),
        pytest.param("https://api.acme.ghe.com", "acme.ghe.com", id="data-residency"),
        pytest.param("https://git.acme.example/api/v3", "git.acme.example", id="enterprise-server"),
    ],
)
def test_the_host_for_people_follows_from_the_api(api, host):
    assert web_host(api) == host
