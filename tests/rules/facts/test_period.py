from datetime import date, timedelta

from syncd.model.findings import About
from syncd.model.outcomes import Period
from tests.builders import NOW, make_item, make_world
from tests.rules.facts.asking import FACTS, fact

PERIOD = Period(id="2026-Q4", starts_on=date(2026, 10, 1), ends_on=date(2026, 12, 31))


def test_the_period_is_the_same_for_everything():
    world = make_world([make_item()], period=PERIOD)
    assert fact(world, "period.id") == "2026-Q4"
    for about in About:
        assert fact(world, "period.starts_on", about=about.value) == date(2026, 10, 1)
        assert about in FACTS["period.starts_on"].about
    assert fact(world, "period.ends_on") == date(2026, 12, 31)


def test_what_is_left_of_it_ends_with_its_last_day():
    world = make_world([make_item()], period=PERIOD)
    assert fact(world, "period.left") == timedelta(days=37, hours=12)
    assert fact(world, "period.left", now=NOW + timedelta(days=100)) == timedelta(0)


def test_without_a_period_there_is_nothing_to_tell():
    assert fact(make_world([make_item()]), "period.id") is None
