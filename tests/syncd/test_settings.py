"""The installation's settings: the file, the environment over it, and what is said when one is wrong."""

from datetime import UTC, date, timedelta

import pytest

from syncd.documents import parse_document
from syncd.model.errors import ConfigErrors
from syncd.settings import load_settings


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch):
    for name in ("SYNCD_STORE", "SYNCD_POLL__INTERVAL", "SYNCD_STROE"):
        monkeypatch.delenv(name, raising=False)


def settings(text: str = "{}"):
    return load_settings(parse_document(text, "syncd.yaml"))


def complaint(text: str) -> str:
    with pytest.raises(ConfigErrors) as caught:
        settings(text)
    return str(caught.value)


def test_without_a_file_the_defaults_hold():
    assert load_settings(None).poll.interval == timedelta(seconds=60)


def test_spans_and_shares_are_read_as_people_write_them():
    read = settings("poll: {interval: 5m, census: 12h}\nlimits: {share: 45%, changes: 7}\n")
    assert (read.poll.interval, read.poll.census) == (timedelta(minutes=5), timedelta(hours=12))
    assert (read.limits.share, read.limits.changes, read.limits.removals) == (0.45, 7, 50)


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SYNCD_STORE", "sqlite:///other.db")
    monkeypatch.setenv("SYNCD_POLL__INTERVAL", "10s")
    read = settings("store: sqlite:///var/syncd.db\npoll: {census: 2h}\n")
    assert read.store == "sqlite:///other.db"
    assert (read.poll.interval, read.poll.census) == (timedelta(seconds=10), timedelta(hours=2))


def test_the_calendar_says_which_days_are_worked_and_where():
    read = settings("calendar: {timezone: Europe/Berlin, workdays: [sun, mon], holidays: [2026-12-25]}\n").calendar
    assert (str(read.zone), read.workdays, read.holidays) == ("Europe/Berlin", ["sun", "mon"], [date(2026, 12, 25)])
    assert settings().calendar.zone is UTC


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        pytest.param(
            "timezone: Europe/Berln",
            12,
            "read 'Europe/Berln'; expected a time zone such as Europe/Berlin. Did you mean 'Europe/Berlin'?",
            id="no zone",
        ),
        pytest.param("timezone: Europe", 12, "read 'Europe'; expected a time zone", id="a folder of zones"),
        pytest.param("timezone: ../../etc/passwd", 12, "read '../../etc/passwd'; expected a time zone", id="a path"),
        pytest.param("workdays: []", 12, "no day is worked; name at least one", id="no working days"),
        pytest.param("workdays: [mon, tues]", 18, "read 'tues'; expected 'mon', 'tue', 'wed'", id="misspelt day"),
        pytest.param("workdays: [mon, mon]", 12, "'mon' is in the list twice", id="a day twice"),
        pytest.param(
            "holidays: [2026-12-25, 2026-12-25]", 12, "'2026-12-25' is in the list twice", id="a holiday twice"
        ),
        pytest.param("holidays: [25.12.2026]", 13, "read '25.12.2026'; expected a date such as", id="no date"),
        pytest.param("holiday: [2026-12-25]", 2, "unknown key 'holiday'. Did you mean 'holidays'?", id="unknown key"),
    ],
)
def test_a_mistake_in_the_calendar_is_one_clear_line(text: str, place: int, message: str):
    told = complaint(f"calendar:\n {text}\n")
    assert told.startswith(f"syncd.yaml:2:{place}: {message}")
    assert "\n" not in told


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(
            "stroe: sqlite:///x.db", "syncd.yaml:1:1: unknown key 'stroe'. Did you mean 'store'?", id="unknown key"
        ),
        pytest.param(
            "poll: {interval: soon}",
            "syncd.yaml:1:18: read 'soon'; expected a time such as 60s, 5m, 2h or 1d",
            id="no time",
        ),
        pytest.param(
            "limits: {share: half}", "syncd.yaml:1:17: read 'half'; expected a share such as 30% or 0.3", id="no share"
        ),
        pytest.param(
            "limits: {changes: many}", "syncd.yaml:1:19: read 'many'; expected a whole number", id="no number"
        ),
        pytest.param("prefix: Syncd", "syncd.yaml:1:9: read 'Syncd'; expected text that fits", id="no prefix"),
    ],
)
def test_a_mistake_in_the_file_is_told_at_its_place(text: str, message: str):
    assert complaint(text).startswith(message)


def test_all_mistakes_are_told_at_once():
    told = complaint("stroe: a\npoll: {interval: soon}\nlogs: {level: loud}\n").splitlines()
    assert [line.split(": ")[0] for line in told] == ["syncd.yaml:1:1", "syncd.yaml:2:18", "syncd.yaml:3:15"]


def test_a_wrong_variable_is_told_by_its_name(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SYNCD_POLL__INTERVAL", "soon")
    assert complaint("{}").startswith("environment variable SYNCD_POLL__INTERVAL: read 'soon'; expected a time such as")


def test_a_misspelt_variable_is_not_ignored(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SYNCD_STROE", "sqlite:///x.db")
    assert complaint("{}") == "environment variable SYNCD_STROE is not known. Did you mean 'SYNCD_STORE'?"


def test_the_variable_of_the_configuration_folder_is_no_misspelt_setting():
    assert load_settings(None, {"SYNCD_CONFIG": "/etc/syncd", "SYNCD_DATA": "samples"}) == load_settings(None, {})
