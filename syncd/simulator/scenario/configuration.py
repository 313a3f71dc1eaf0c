"""The payments company's configuration, written for the addresses and the day of one demo."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from importlib.resources import files
from pathlib import Path

from syncd.simulator.bot import TOKEN

TOKENS: Mapping[str, str] = {"JIRA_TOKEN": TOKEN, "GITHUB_TOKEN": TOKEN}
"""What the environment must hold for the written trackers.yaml."""
WORKSPACE = "payments"
_WEEKS = 13
_WEEKS_GONE = 8
_DAY = re.compile(r"<day([+-]\d+)>")


def write_config(folder: Path, *, jira_url: str, github_url: str, now: datetime) -> Path:
    """Write a configuration folder with one workspace and the rules that ship with syncd; return the workspace's."""
    workspace = folder / WORKSPACE
    (workspace / "rules").mkdir(parents=True, exist_ok=True)
    words = {"<jira>": jira_url, "<github>": github_url, **_period(now.date())}
    for source in files("syncd.simulator.scenario").joinpath("config").iterdir():
        text = _DAY.sub(lambda found: str(now.date() + timedelta(days=int(found[1]))), source.read_text("utf-8"))
        for word, meaning in words.items():
            text = text.replace(word, meaning)
        (workspace / source.name).write_text(text, encoding="utf-8")
    for rules in sorted((shipped_config() / "default" / "rules").glob("*.yaml")):
        (workspace / "rules" / rules.name).write_text(rules.read_text("utf-8"), encoding="utf-8")
    return workspace


def shipped_config() -> Path:
    """Return the configuration that ships with syncd: in the wheel, else in the source tree."""
    packaged = Path(str(files("syncd") / "_config"))
    return packaged if packaged.is_dir() else Path(str(files("syncd"))).parent / "config"


def _period(today: date) -> dict[str, str]:
    """Return the thirteen weeks that began eight Mondays ago: every demo shows the same, on whatever day."""
    begins = today - timedelta(days=today.weekday(), weeks=_WEEKS_GONE)
    year, week, _ = begins.isocalendar()
    return {
        "<period>": f"{year}-W{week:02}",
        "<period-begins>": str(begins),
        "<period-ends>": str(begins + timedelta(weeks=_WEEKS, days=-1)),
    }
