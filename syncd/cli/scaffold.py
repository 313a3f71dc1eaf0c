"""The files of a first configuration: what was proposed, an empty roadmap, and the rules that ship with syncd."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from syncd.configuration import packaged_config
from syncd.model.errors import ConfigError

WORKSPACE = "default"
ROADMAP = """\
# yaml-language-server: $schema=../schema/roadmap.schema.json
# What the work is for. Only id and title of an outcome are required; `syncd check` says what is missing.
period: {{id: {period}, from: {starts_on}, to: {ends_on}}}
outcomes: []
#  - id: checkout-latency
#    title: Shoppers finish checkout without waiting
#    why: 11 % of carts are lost on the payment step; half of those waited over two seconds.
#    horizon: now                    # now | next | later | not_now
#    owner: {{name: Checkout product manager}}
#    target_date: {ends_on}
#    tracked_in: {{items: [], milestones: [], labels: []}}
"""


def write_configuration(config: Path, trackers: str, today: date) -> Iterator[Path]:
    """Write every file that is not there yet, and yield its path.

    Raises:
        ConfigError: the folder can't be written.
    """
    try:
        for path, text in _texts(config, trackers, today):
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
                yield path
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ConfigError(f"can't write '{error.filename or config}': {reason}") from None


def _texts(config: Path, trackers: str, today: date) -> Iterator[tuple[Path, str]]:
    shipped = packaged_config()
    yield config / "syncd.yaml", (shipped / "syncd.yaml").read_text(encoding="utf-8")
    yield config / WORKSPACE / "trackers.yaml", trackers
    yield config / WORKSPACE / "roadmap.yaml", _roadmap(today)
    for pattern in ("default/rules/*.yaml", "default/rules/tests/*.yaml", "schema/*.json"):
        for path in sorted(shipped.glob(pattern)):
            yield config / path.relative_to(shipped), path.read_text(encoding="utf-8")


def _roadmap(today: date) -> str:
    """Return a roadmap without outcomes, for the quarter that ``today`` is in."""
    quarter = (today.month - 1) // 3
    after = date(today.year + (quarter == 3), (quarter * 3 + 3) % 12 + 1, 1)
    return ROADMAP.format(
        period=f"{today.year}-Q{quarter + 1}",
        starts_on=date(today.year, quarter * 3 + 1, 1),
        ends_on=after - timedelta(days=1),
    )
