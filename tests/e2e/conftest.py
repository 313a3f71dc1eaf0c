import pytest

from syncd.clock import SystemClock
from tests.e2e.town import SIDES, TOKENS, Town


@pytest.fixture(autouse=True)
def tokens(monkeypatch):
    for name, value in TOKENS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("SYNCD_CONFIG", raising=False)


@pytest.fixture
def town(tmp_path):
    """Return a town whose time the test moves."""
    town = Town(tmp_path)
    with town.server:
        yield town


@pytest.fixture
def living_town(tmp_path):
    """Return a town in the machine's time, for processes."""
    town = Town(tmp_path, SystemClock())
    with town.server:
        yield town


@pytest.fixture(params=SIDES)
def side(request, town):
    """Return an item of each tracker in turn; the other tracker is there and empty."""
    return SIDES[request.param](town)
