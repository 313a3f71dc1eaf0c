"""Roadmap files are edited where their values stand: all that is not meant stays, byte for byte."""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.document_edits import Edit, Source, edited, read_sources, scalar, write
from syncd.documents import parse_document
from syncd.model.errors import ConfigError


def change(text: str, *edits: tuple[tuple[str | int, ...], str]) -> str:
    source = Source(parse_document(text, "roadmap.yaml"), Path("roadmap.yaml"), text)
    made = [Edit(file="roadmap.yaml", loc=loc, what="it", before="", after=after) for loc, after in edits]
    return edited(source, made).text


ID, HORIZON, PERIOD = ("period", "id"), ("outcomes", 0, "horizon"), ("outcomes", 0, "period")


@pytest.mark.parametrize(
    ("text", "loc", "after", "expected"),
    [
        pytest.param("period: {id: 2026-Q4} # x\n", ID, "2027-Q1", "period: {id: 2027-Q1} # x\n", id="flow"),
        pytest.param("period:\n  id: 2026  # x\n", ID, "2027", "period:\n  id: 2027  # x\n", id="block"),
        pytest.param('period: {id: "2026-Q4"}', ID, "2027-Q1", 'period: {id: "2027-Q1"}', id="double-quotes"),
        pytest.param("period: {id: 'it''s'}", ID, "it's 2", "period: {id: 'it''s 2'}", id="single-quotes"),
        pytest.param('period: {id: "a\\"b"}', ID, "c", 'period: {id: "c"}', id="escapes"),
        pytest.param("period: {id: old}", ID, "a, b: c", 'period: {id: "a, b: c"}', id="quotes-where-needed"),
        pytest.param("period: {id: old}", ID, "true", 'period: {id: "true"}', id="quotes-for-a-word"),
        pytest.param(
            "outcomes:\n  - id: a # one\n    title: A\n",
            PERIOD,
            "2026-Q4",
            "outcomes:\n  - id: a # one\n    period: 2026-Q4\n    title: A\n",
            id="a-new-key-behind-the-id",
        ),
        pytest.param(
            "outcomes:\n- title: A\n  id: a",
            PERIOD,
            "2026-Q4",
            "outcomes:\n- title: A\n  id: a\n  period: 2026-Q4",
            id="a-new-key-at-the-end",
        ),
        pytest.param(
            "outcomes: [{id: a, title: A}]",
            PERIOD,
            "2026-Q4",
            "outcomes: [{id: a, period: 2026-Q4, title: A}]",
            id="a-new-key-in-braces",
        ),
        pytest.param(
            "outcomes:\r\n  - id: a\r\n    title: A\r\n",
            PERIOD,
            "2026-Q4",
            "outcomes:\r\n  - id: a\r\n    period: 2026-Q4\r\n    title: A\r\n",
            id="windows-lines",
        ),
        pytest.param(
            "\ufeff# ours\noutcomes: []\n",
            ("period",),
            "{id: x}",
            "\ufeff# ours\nperiod: {id: x}\noutcomes: []\n",
            id="a-first-key-behind-mark-and-comment",
        ),
        pytest.param("{a: []}", ("period",), "{id: x}", "{period: {id: x}, a: []}", id="a-first-key-in-braces"),
        pytest.param(
            "title: ü€😀\nperiod: {x: é, id: a}",
            ID,
            "b",
            "title: ü€😀\nperiod: {x: é, id: b}",
            id="letters-of-any-width",
        ),
    ],
)
def test_only_what_is_meant_changes(text, loc, after, expected):
    assert change(text, (loc, after)) == expected


def test_several_edits_do_not_move_each_other():
    text = "period: {id: a}\noutcomes:\n  - {id: o, title: T, horizon: next} # x\n"

    after = change(text, (ID, "a-longer-one"), (HORIZON, "now"), (PERIOD, "p"))

    assert after == "period: {id: a-longer-one}\noutcomes:\n  - {id: o, period: p, title: T, horizon: now} # x\n"


@pytest.mark.parametrize("text", ["period:\n  id: |\n    old\n", "period:\n  id: >-\n    old\n"])
def test_what_stands_in_a_block_of_text_is_left_to_a_person(text):
    with pytest.raises(ConfigError) as caught:
        change(text, (ID, "new"))
    assert str(caught.value).startswith("roadmap.yaml:2:7: it can't be changed here")
    assert str(caught.value).endswith("write 'new' by hand")


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cn"]), min_size=1, max_size=12))
def test_any_text_is_read_back_as_itself(text):
    document = parse_document(f"value: {scalar(text)}", "x")
    assert document.source(("value",)) == text


def test_files_are_written_whole_and_keep_their_mode(tmp_path):
    folder = tmp_path / "default"
    (folder / "roadmap").mkdir(parents=True)
    (folder / "roadmap.yaml").write_bytes(b"period: {id: a}\r\n")
    (folder / "roadmap/x.yaml").write_text("outcomes: []\n")
    (folder / "roadmap.yaml").chmod(0o640)
    first, second = read_sources(folder)
    assert (first.document.name, second.document.name) == ("default/roadmap.yaml", "default/roadmap/x.yaml")
    edit = Edit(file=first.document.name, loc=ID, what="period", before="a", after="b")

    write([edited(first, [edit])])

    assert (folder / "roadmap.yaml").read_bytes() == b"period: {id: b}\r\n"
    assert stat.S_IMODE((folder / "roadmap.yaml").stat().st_mode) == 0o640
    assert sorted(path.name for path in folder.iterdir()) == ["roadmap", "roadmap.yaml"]


def test_a_file_behind_a_link_is_changed_where_it_is(tmp_path):
    (tmp_path / "real.yaml").write_text("period: {id: a}")
    (tmp_path / "default").mkdir()
    (tmp_path / "default/roadmap.yaml").symlink_to(tmp_path / "real.yaml")
    (source,) = read_sources(tmp_path / "default")

    write([Source(source.document, source.path, "period: {id: b}")])

    assert (tmp_path / "default/roadmap.yaml").is_symlink()
    assert (tmp_path / "real.yaml").read_text() == "period: {id: b}"
