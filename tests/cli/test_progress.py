"""Long work shows how far it is on a terminal, and nothing in a pipe."""

import io

import pytest

from syncd.cli.progress import progress_of


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "shown"), [pytest.param(Screen, True, id="terminal"), pytest.param(io.StringIO, False, id="pipe")]
)
def test_progress_is_for_people(monkeypatch: pytest.MonkeyPatch, stream: type[io.StringIO], shown: bool):
    error = stream()
    monkeypatch.setattr("sys.stderr", error)
    monkeypatch.setenv("TERM", "xterm")
    with progress_of("reading", "items") as progress:
        progress("jira", 100)
        progress("jira", 1300)
    assert ("reading jira: 1,300 items" in error.getvalue()) is shown
    assert bool(error.getvalue()) is shown
