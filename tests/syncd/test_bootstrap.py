"""From a configuration to workspaces that are ready to run."""

import pytest

from adapters.transport import Transport
from syncd.bootstrap import Workshop, charter_of
from syncd.clock import ManualClock
from syncd.configuration import load_configuration
from syncd.model.errors import ConfigErrors
from syncd.model.identity import PlaceId
from syncd.model.items import Stage
from syncd.store import open_store
from tests.builders import NOW


def trackers_of(folder, env):
    configuration = load_configuration(folder, {})
    clock = ManualClock(NOW)
    workshop = Workshop(open_store("sqlite://"), clock, Transport(clock), env)
    return workshop.trackers(configuration.workspaces[0], configuration.settings)


def test_a_charter_says_who_we_are_and_what_may_be_done(folder):
    (folder / "syncd.yaml").write_text("installation: acme\nprefix: 'ours:'\nlimits: {changes: 7, share: 10%}\n")
    configuration = load_configuration(folder, {})

    charter = charter_of(configuration.workspaces[0], configuration.settings)

    assert (charter.owner, charter.prefix, charter.stage) == ("acme/default", "ours:", Stage.LABELS)
    assert (charter.limits.changes, charter.limits.share) == (7, 0.1)
    assert set(charter.places) == {
        PlaceId("jira", "PAY"),
        PlaceId("jira", "LEG"),
        PlaceId("github", "acme/checkout"),
    }
    assert charter.places[PlaceId("jira", "LEG")].stage is Stage.OFF


def test_trackers_are_connected_with_the_secrets_of_the_given_environment(folder):
    (folder / "secret").write_text("ghp_x\n")

    assert set(trackers_of(folder, {"JIRA_TOKEN": "x"})) == {"jira", "github"}


def test_secrets_that_are_missing_are_all_told_at_once(folder, monkeypatch):
    monkeypatch.setenv("JIRA_TOKEN", "not of the given environment")

    with pytest.raises(ConfigErrors) as found:
        trackers_of(folder, {})

    told = str(found.value).splitlines()
    assert len(told) == 2
    assert "tracker 'jira': environment variable JIRA_TOKEN" in told[0]
    assert "tracker 'github'" in told[1]
    assert str(folder / "secret") in told[1]
