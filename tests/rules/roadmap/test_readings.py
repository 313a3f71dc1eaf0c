"""Readings: in the file, in CSV as spreadsheets and dashboards write it, and from the store."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rules.roadmap.loader import Roadmap, load_roadmap, with_readings
from rules.roadmap.readings import read_until, readings_of_csv
from syncd.documents import parse_document
from syncd.model.errors import ConfigError, ConfigErrors
from syncd.model.outcomes import Measure, Reading
from tests.builders import make_outcome

P95 = Measure(id="p95", name="Checkout p95")
FIRST, SECOND = Reading(date(2026, 11, 2), 2.1), Reading(date(2026, 11, 9), 1.9)
BOTH = (FIRST, SECOND)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("2026-11-02,2.1\n2026-11-09,1.9\n", id="plain"),
        pytest.param("\ufeffon,value\r\n2026-11-02,2.1\r\n2026-11-09,1.9", id="a-mark-and-windows-lines"),
        pytest.param("date;value\n2026-11-02;2,1\n2026-11-09;1,9\n", id="semicolons-and-decimal-commas"),
        pytest.param("Date;p95;p50\n2026-11-02;2.1;1\n2026-11-09;1.9;1\n", id="a-column-by-the-measure's-id"),
        pytest.param("x,checkout P95,day\n0,2.1,2026-11-02\n0,1.9,2026-11-09\n", id="a-column-by-its-name"),
        pytest.param("day,seconds\n2026-11-02,2.1\n2026-11-09,1.9\n", id="the-only-other-column"),
        pytest.param("2026-11-02\t2.1\n\n2026-11-09\t1.9\n\n", id="tabs-and-empty-lines"),
        pytest.param('"2026-11-02","2.1"\n"2026-11-09","1.9"\n', id="quotes"),
        pytest.param("time,value\n2026-11-02T08:00:00Z,2.1\n2026-11-09 08:00,1.9\n", id="instants"),
        pytest.param("2026-11-02;2,1;\n2026-11-09;1.9;\n", id="a-separator-at-the-end"),
        pytest.param("2026-11-02,2.1\n2026-11-05,\n2026-11-09,19e-1\n", id="a-day-without-a-value"),
    ],
)
def test_csv_is_read_as_it_is_written_in_the_world(text):
    assert readings_of_csv(text, "x.csv", P95) == (BOTH, [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "2026-11-02,2,1\n",
            ["1:1: read 3 columns; expected 2; write a value as 2.1, or put semicolons between columns"],
            id="decimal-commas-between-commas",
        ),
        pytest.param(
            '2026-11-02,"2,100"\n',
            ["1:13: read '2,100'; expected a number such as 1234.5; a comma there may mean thousands or decimals"],
            id="a-comma-that-may-mean-two-things",
        ),
        pytest.param("2026-11-02;1.234,5\n", ["1:12: read '1.234,5'; expected a number"], id="two-marks"),
        pytest.param(
            "02.11.2026;2,1\n", ["1:1: read '02.11.2026'; expected a day such as 2026-12-31"], id="a-local-day"
        ),
        pytest.param("2026-02-30,1\n", ["1:1: read '2026-02-30'; expected a day"], id="no-such-day"),
        pytest.param("2026-11-02,fast\n", ["1:12: read 'fast'; expected a number"], id="no-number"),
        pytest.param("2026-11-02,inf\n2026-11-03,1e999\n", ["1:12: read 'inf'", "2:12: read '1e999'"], id="no-end"),
        pytest.param(
            "2026-11-09,1.9\n2026-11-02,2.1\n",
            ["2:1: 2026-11-02 stands after 2026-11-09; readings go from the oldest to the newest"],
            id="out-of-order",
        ),
        pytest.param(
            "2026-11-02,1.9\n2026-11-02,2.1\n",
            ["2:1: 2026-11-02 was read already; a measure has one reading a day"],
            id="twice-a-day",
        ),
        pytest.param(
            "date,p96,mean\n2026-11-02,1,2\n",
            ["1:1: no column 'p95' or 'value' among date, p96, mean. Did you mean 'p96'?"],
            id="no-column-of-the-measure",
        ),
        pytest.param("week,p95\n45,1\n", ["1:1: no column of days: its heading is one of on, date"], id="no-days"),
        pytest.param('2026-11-02,"2.1\n', ["1:1: is no CSV: unexpected end of data"], id="an-open-quote"),
        pytest.param("2026-11-02,1\n" * 20_001, ["20001:1: more than 20,000 lines"], id="too-much"),
    ],
)
def test_csv_that_can_not_be_read_is_told_at_its_place(text, expected):
    found = [str(error).removeprefix("x.csv:") for error in readings_of_csv(text, "x.csv", P95)[1]]
    assert len(found) == len(expected)
    assert [each[: len(wanted)] for each, wanted in zip(found, expected, strict=True)] == expected


@given(st.text(alphabet="0123456789-.,;\t\n\r\"'eonvalue\x00\u2028é ", max_size=80))
@example("on,value\n2026-11-02,1\n2026-11-01,2\n2026-11-02,3\n")
def test_any_text_is_read_or_refused_line_by_line(text):
    readings, errors = readings_of_csv(text, "x.csv", P95)
    days = [reading.on for reading in readings]
    assert days == sorted(set(days))
    assert all(error.line >= 1 and error.column >= 1 and "\n" not in str(error) for error in errors)


def load(readings: str, read=None) -> Roadmap:
    text = f"outcomes:\n  - id: speed\n    title: S\n    measures:\n      - id: p95\n        readings: {readings}\n"
    return load_roadmap([parse_document(text, "default/roadmap/pay.yaml")], None, read)


def errors(readings: str, read=None) -> list[str]:
    with pytest.raises(ConfigErrors) as caught:
        load(readings, read)
    return [str(error) for error in caught.value.errors]


def readings_in(roadmap: Roadmap) -> tuple[Reading, ...]:
    return roadmap.outcomes[0].measures[0].readings


def test_readings_stand_in_the_roadmap_or_in_a_file_of_the_workspace():
    assert readings_in(load("[{on: 2026-11-02, value: 2.1}, {on: 2026-11-09, value: 1.9}]")) == BOTH
    files = {"measures/p95.csv": "2026-11-02,2.1\n2026-11-09,1.9\n"}
    assert readings_in(load("measures/p95.csv", files.get)) == BOTH
    assert readings_in(load("measures/p95.csv")) == ()


def test_readings_of_the_roadmap_that_are_out_of_order_or_twice_are_told_at_their_place():
    written = "[{on: 2026-11-09, value: 1}, {on: 2026-11-02, value: 2}, {on: 2026-11-02, value: 3}]"
    assert errors(written) == [
        "default/roadmap/pay.yaml:6:53: 2026-11-02 stands after 2026-11-09; readings go from the oldest to the newest",
        "default/roadmap/pay.yaml:6:81: 2026-11-02 was read already; a measure has one reading a day",
    ]


def test_a_file_that_is_not_there_or_no_text_is_told_where_it_is_named():
    place = "default/roadmap/pay.yaml:6:19"
    assert errors("measures/p95.csv", {}.get) == [
        f"{place}: no file 'measures/p95.csv' in the workspace's folder; it would hold the readings"
    ]

    def unreadable(path: str) -> str:
        raise ConfigError("can't be read as text in UTF-8; save it as CSV in UTF-8")

    assert errors("measures/p95.csv", unreadable) == [
        f"{place}: 'measures/p95.csv' can't be read as text in UTF-8; save it as CSV in UTF-8"
    ]


def test_what_is_wrong_in_a_file_of_readings_is_told_in_it():
    assert errors("measures/p95.csv", {"measures/p95.csv": "2026-11-02,x\n"}.get) == [
        "default/measures/p95.csv:1:12: read 'x'; expected a number such as 1234.5"
    ]


def test_two_measures_of_one_id_are_told():
    with pytest.raises(ConfigErrors, match=r"roadmap.yaml:1:55: measure 'm' is in roadmap.yaml:1:46 too"):
        load_roadmap([parse_document("outcomes: [{id: a, title: A, measures: [{id: m}, {id: m}]}]", "roadmap.yaml")])


def test_stored_readings_merge_and_a_file_counts_more_and_that_is_told():
    measure = Measure(id="p95", readings=(FIRST,))
    roadmap = Roadmap(outcomes=(make_outcome("speed", measures=(measure,), was=("fast",), stated_in="roadmap.yaml"),))
    kept = {("fast", "p95"): (Reading(FIRST.on, 3.0),), ("speed", "p95"): (SECOND,), ("gone", "x"): (FIRST,)}

    merged = with_readings(roadmap, kept)

    assert readings_in(merged) == BOTH
    assert [str(warning) for warning in merged.warnings] == [
        "roadmap.yaml: p95 of 'speed' was 2.1 on 2026-11-02 by its file and 3 by `syncd measure`; the file counts"
    ]
    assert with_readings(roadmap, {}) is roadmap


def test_on_a_day_of_the_past_it_had_the_readings_until_then_and_its_target_of_then():
    then = make_outcome("speed", measures=(Measure(id="p95", target=1.5),))
    today = make_outcome("speed", measures=(Measure(id="p95", target=1.2, readings=BOTH), Measure(id="new")))
    assert read_until(then, today, FIRST.on).measures == (Measure(id="p95", target=1.5, readings=(FIRST,)),)
    assert read_until(then, today, date(2026, 11, 1)).measures[0].readings == ()
    assert read_until(then, None, FIRST.on) is then


@pytest.mark.parametrize(
    ("baseline", "target", "value", "way"),
    [
        (2.4, 1.2, 1.8, 0.5),
        (0, 10, 12, 1.2),
        (0, 10, -1, -0.1),
        (None, 1, 1, None),
        (1, None, 1, None),
        (1, 1, 1, None),
    ],
)
def test_how_much_of_the_way_a_value_is(baseline, target, value, way):
    found = Measure(id="m", baseline=baseline, target=target).way(value)
    assert found == (None if way is None else pytest.approx(way))
