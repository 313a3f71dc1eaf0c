from tests.cli.running import syncd
from tests.e2e.town import SIDES


def test_a_place_that_is_not_configured_any_more_is_no_news(town):
    for make in SIDES.values():
        make(town)
    town.fault(tracker="github", status=401, count=None)
    syncd("plan", "--config", str(town.config))
    assert "acme/checkout: the token is wrong" in syncd("status", "--config", str(town.config)).out

    trackers = town.config / "default/trackers.yaml"
    trackers.write_text(trackers.read_text().replace("acme/checkout", "acme/sdk"))

    told = syncd("status", "--config", str(town.config)).out
    assert "acme/checkout" not in told
    assert "  github  never read\n" in told
    assert "  jira  1 item in 1 place, read" in told
