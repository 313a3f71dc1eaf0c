"""The measurement of suggestions runs, leaves out what it asks of, and says where there is nothing to measure."""

import gzip
import json

import pytest

from benchmarks.suggest import Bench, interval, main
from benchmarks.suggest_data import cases


def issue(number, epic, summary):
    fields = {"summary": summary, "created": "2026-01-05T00:00:00.000+0000", "components": [{"name": epic}]}
    fields |= {"epic": {"key": f"E-{epic}", "name": epic}, "labels": [f"only-{epic}"]}
    return {"id": str(number), "key": f"PAY-{number}", "fields": fields}


@pytest.fixture
def folder(tmp_path):
    rows = [issue(number, "speed", "checkout waits for slow pages") for number in range(4)]
    rows += [issue(number, "refunds", "refund a card by mail") for number in range(4, 8)]
    rows += [issue(9, "alone", "refund alone")]
    with gzip.open(tmp_path / "jira-tidev.jsonl.gz", "wt") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    return tmp_path


def test_each_item_is_left_out_and_asked(folder):
    (case, labels) = cases(folder)
    assert (case.kind, labels.kind, set(case.titles)) == ("epic", "label", {"E-speed", "E-refunds"})
    bench = Bench(case)
    assert len(bench.linked) == 8
    for row in bench.linked:
        for answer in (bench.suggested(row), bench.same_component(row)):
            assert answer.ranked[0] in case.names[row]
        assert bench.most_frequent(row).ranked[0] not in case.names[row]


def test_what_defines_a_class_is_no_term_of_its_items(folder):
    _, labels = cases(folder)
    assert all(not item.labels for item in labels.items)


def test_it_is_measured(folder, capsys):
    main(folder)
    said = capsys.readouterr().out
    assert "epic, 2 of them, n = 8 of 9 items: too few to tell" in said
    assert "top 1 100% (68%-100%)" in said


def test_without_data_it_says_so(tmp_path, capsys):
    main(tmp_path)
    assert "set SYNCD_DATA" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [
        pytest.param(0, 0, 0, 1, id="nothing"),
        pytest.param(0, 10, 0, 0.2775, id="none"),
        pytest.param(5, 10, 0.2366, 0.7634, id="half"),
        pytest.param(10, 10, 0.7225, 1, id="all"),
    ],
)
def test_intervals_are_wilsons(hits, of, low, high):
    assert list(interval(hits, of)) == pytest.approx([low, high], abs=1e-4)
