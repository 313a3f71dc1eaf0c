import pytest

from syncd.clock import SystemClock
from tests.e2e.town import TOKENS, Town


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch, tmp_path):
    """Run in an empty folder, with the simulator's tokens and nothing else of ours."""
    for name, value in {**TOKENS, "JIRA_EMAIL": "bot@example.com"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("SYNCD_CONFIG", raising=False)
    monkeypatch.delenv("SYNCD_STORE", raising=False)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")


@pytest.fixture
def town(tmp_path):
    """Return a town in the machine's time."""
    town = Town(tmp_path, SystemClock())
    with town.server:
        yield town


@pytest.fixture
def config(tmp_path):
    """Return a configuration folder whose trackers are nowhere."""
    town = Town(tmp_path)
    town.server.stop()
    return town
