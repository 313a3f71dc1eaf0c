"""The benchmark of size measures what it says."""

from pathlib import Path

from benchmarks.scale import main
from benchmarks.scale_data import items, parent_number, sizes
from benchmarks.scale_rules import COUNT, read_by, thirty_rules
from benchmarks.scale_sides import ours
from benchmarks.scale_store import write


def test_the_rules_read_every_fact():
    rules = thirty_rules()
    assert len(rules.rules) == COUNT
    assert {name for name in rules.vocabulary if not name.startswith("period.")} <= read_by(rules)


def test_the_same_seed_makes_the_same_company():
    assert list(items(400)) == list(items(400))
    assert list(items(400)) != list(items(400, seed=8))


def test_work_hangs_under_work_that_is_there():
    count, _ = sizes(2_000)
    above = [parent_number(number, count) for number in range(1, count + 1)]
    assert all(parent < number for number, parent in enumerate(above, 1))
    assert sum(map(bool, above)) > count // 2


def test_what_a_pass_finds_is_what_a_full_sweep_finds(tmp_path: Path):
    path = tmp_path / "syncd.db"
    write(path, 4_000)
    measured = ours(path)  # compares them
    for part in (measured.every, measured.shipped):
        assert part.is_in_place
        assert 100 <= part.judged < 2_000
        assert part.holding > 0


def test_every_figure_is_printed_beside_its_goal(capsys):
    main(400)
    out = capsys.readouterr().out
    for said in ("full sweep / bare load", "full sweep / 100 changed", "with a reload", "bare draws"):
        assert said in out
