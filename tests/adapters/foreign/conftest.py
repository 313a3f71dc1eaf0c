from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from syncd.clock import ManualClock
from tests.adapters.foreign.passes import Passes

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def passes_over(tmp_path: Path, clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Passes]:
    monkeypatch.setenv("TOKEN", "a-token")
    return lambda tracker: Passes(tmp_path, clock, tracker)
