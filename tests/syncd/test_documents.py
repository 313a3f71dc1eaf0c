"""YAML with positions: what is read, and where and how a mistake is told."""

from datetime import date
from typing import Any, Literal

import pydantic
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ConfigDict, Field

from syncd.documents import parse_document, parse_leniently, read_document, validate
from syncd.model.errors import ConfigErrors


def errors_of(text: str, model: type[pydantic.BaseModel] | None = None) -> list[str]:
    try:
        document = parse_document(text, "f.yaml")
        if model:
            validate(document, model)
    except ConfigErrors as errors:
        return [str(error).removeprefix("f.yaml:") for error in errors.errors]
    return []


class TestReading:
    def test_scalars_are_those_of_yaml_1_2(self):
        text = """
            numbers: [1, -2, 2.5, 1e3, .5]
            words: [yes, no, on, off, y, n, 2026-12-31, 1:30, 1_000, 0x1f, 0o17, .nan, .inf]
            none: [~, null, ]
            bools: [true, False, TRUE]
            quoted: ["1", 'true', "~"]
            big: 99999999999999999999
        """

        data: dict[str, Any] = parse_document(text, "f").data

        assert data["numbers"] == [1, -2, 2.5, 1000.0, 0.5]
        assert all(isinstance(word, str) for word in data["words"])
        assert data["none"] == [None, None]
        assert data["bools"] == [True, False, True]
        assert data["quoted"] == ["1", "true", "~"]
        assert data["big"] == 99999999999999999999

    def test_keys_are_text(self):
        assert parse_document("{on: 1, 2: 2, 1.10: 3, ~: 4, true: 5}", "f").data == {
            "on": 1,
            "2": 2,
            "1.10": 3,
            "~": 4,
            "true": 5,
        }

    def test_a_number_so_long_that_it_is_none_is_text(self):
        assert isinstance(parse_document("a: " + "9" * 5000, "f").data["a"], str)
        assert parse_document("a: 1e999", "f").data["a"] == "1e999"

    def test_a_scalar_is_remembered_as_it_was_written(self):
        document = parse_document("a: 1.10\nb: [007]\n", "f")

        assert document.source(("a",)) == "1.10"
        assert document.source(("b", 0)) == "007"
        assert document.source(("b",)) is None

    def test_an_error_stands_at_a_value_a_key_or_what_is_nearest(self):
        document = parse_document("a:\n  b: [1,\n    22]\n", "f")

        assert str(document.error(("a", "b", 1), "x")) == "f:3:5: x"
        assert str(document.error(("a", "b"), "x", on_key=True)) == "f:2:3: x"
        assert str(document.error(("a", "b", 1, "no", "such"), "x")) == "f:3:5: x"
        assert str(document.error(("none",), "x")) == "f:1:1: x"

    def test_columns_count_characters(self):
        assert errors_of('"ä€𝄞": 1\n"ä€𝄞": 2, x\n')[0].startswith("2:1:")
        assert errors_of("ä: {€: 1, €: 2}\n") == ["1:11: duplicate key '€'; it stands on line 1 already"]

    def test_a_byte_order_mark_and_windows_lines_are_no_matter(self):
        assert parse_document("\ufeffa: 1\r\nb: 2\r\n", "f").data == {"a": 1, "b": 2}


MISTAKES = [
    ("", ["1:1: the file is empty; a mapping of keys is expected at the top"]),
    ("# nothing\n", ["1:1: the file is empty; a mapping of keys is expected at the top"]),
    ("- a\n", ["1:1: read a list; a mapping of keys is expected at the top"]),
    ("text\n", ["1:1: read a single value; a mapping of keys is expected at the top"]),
    ("a: 1\nb: 2\na: 3\n", ["3:1: duplicate key 'a'; it stands on line 1 already"]),
    (
        "a: {b: 1, b: 2, c: {d: 1, d: 2}}\na: 1\n",
        [
            "1:11: duplicate key 'b'; it stands on line 1 already",
            "1:27: duplicate key 'd'; it stands on line 1 already",
            "2:1: duplicate key 'a'; it stands on line 1 already",
        ],
    ),
    (
        "a: &x 1\nb: *x\n",
        [
            "1:4: anchor '&x'; anchors are not read: remove it, or quote text with '&'",
            "2:4: alias '*x'; aliases are not read: write it out, or quote text with '*'",
        ],
    ),
    (
        "a: {<<: {b: 1}}\n",
        ["1:5: merge key '<<'; keys are not merged: write them out"],
    ),
    ("a: !secret x\n", ["1:4: tag '!secret'; tags are not read: remove it, or quote text that begins with '!'"]),
    ("a: !!python/object:os.system x\n", None),
    ("a: 1\n---\nb: 2\n", ["2:1: a second document begins; a file holds one, so '---' can stand only at its top"]),
    ("a:\n\t- b\n", ["2:1: is not YAML: a tab; YAML is indented with spaces"]),
    ("a: @here\n", ["1:4: is not YAML: text that begins with '@' needs quotes"]),
    ("a: `x`\n", ["1:4: is not YAML: text that begins with '`' needs quotes"]),
    ("a: b: c\n", ["1:5: is not YAML: a second ': ' on one line; text that contains ': ' needs quotes"]),
    (
        "a: {item.key} is late\n",
        [
            (
                "1:15: is not YAML: did not find expected key; text that begins with a brace needs quotes: "
                '"{item.key} is late"'
            )
        ],
    ),
    ("a: [b\nc: d\n", None),
    ('a: "b\n', None),
    ("a: \x07\n", ["1:4: the character U+0007 can't stand in YAML"]),
    ("a: 1\r\nb: \x00\n", ["2:4: the character U+0000 can't stand in YAML"]),
    (
        "? {a: b}\n: c\n",
        [
            (
                "1:3: read a mapping as a key; a key is text; text that begins with a brace needs quotes: "
                '"{item.key} is late"'
            )
        ],
    ),
    ("a: " + "[" * 60 + "]" * 60 + "\n", ["1:53: nested deeper than 50 levels"]),
    ('a: {"x\\ny": 1, "x\\ny": 2}\n', ["1:16: duplicate key 'x y'; it stands on line 1 already"]),
]


@pytest.mark.parametrize(("text", "errors"), MISTAKES)
def test_what_can_not_be_read_is_refused_at_its_place(text, errors):
    found = errors_of(text)

    assert found == errors if errors is not None else found
    assert all("\n" not in error for error in found)


class TestReadingOn:
    def test_the_first_of_two_keys_stays_and_the_rest_is_read(self):
        document = parse_leniently("a: {b: 1}\na: {c: [2]}\nd: 3\n", "f.yaml")

        assert document.data == {"a": {"b": 1}, "d": 3}
        assert str(document.error(("a", "b"), "x")) == "f.yaml:1:8: x"
        assert len(document.errors) == 1
        assert not document.is_whole

    def test_a_mistake_in_what_is_left_out_is_told_too(self):
        document = parse_leniently("a: 1\na: {b: 1, b: *x}\n", "f.yaml")

        assert [error.line for error in document.errors] == [2, 2, 2]
        assert document.data == {"a": 1}

    @pytest.mark.parametrize(
        "text", ["a: 1\n<<: {b: 2}\n", "a: 1\n? {b: 1}\n: 2\n", "a: 1\n---\na: 2\n", "a: 1\n*x : 2\n"]
    )
    def test_what_has_no_place_is_left_out(self, text):
        document = parse_leniently(text, "f.yaml")

        assert document.data == {"a": 1}
        assert not document.is_whole

    def test_an_anchor_and_a_tag_leave_nothing_out(self):
        document = parse_leniently("a: &x 1\nb: !t 2\n", "f.yaml")

        assert (document.data, len(document.errors), document.is_whole) == ({"a": 1, "b": 2}, 2, True)

    @pytest.mark.parametrize("text", ["a: 1\nb: [\n", "a: 1\nb: \x00\n", "a: 1\nb: " + "[" * 60 + "]" * 60])
    def test_what_can_be_read_no_further_has_no_data(self, text):
        document = parse_leniently(text, "f.yaml")

        assert (document.data, len(document.errors), document.is_whole) == ({}, 1, False)


def test_a_file_that_is_not_there_or_no_text_is_refused_by_name(tmp_path):
    (tmp_path / "latin.yaml").write_bytes(b"a: \xe4\n")

    with pytest.raises(ConfigErrors, match=r"^gone\.yaml: can't be read: no such file or directory$"):
        read_document(tmp_path / "gone.yaml", "gone.yaml")
    with pytest.raises(ConfigErrors, match=r"^latin\.yaml: is not text in UTF-8; save it as UTF-8$"):
        read_document(tmp_path / "latin.yaml", "latin.yaml")
    with pytest.raises(ConfigErrors, match="can't be read"):
        read_document(tmp_path, "folder")


class Part(pydantic.BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = ""
    count: int = Field(0, ge=0)
    on: date | None = None


class File(pydantic.BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    stage: Literal["report", "labels", "comment"] = "report"
    flag: bool = False
    parts: dict[str, Part] = {}
    names: tuple[str, ...] = ()
    either: str | list[str] = ""
    token: str = ""
    since: date | None = Field(None, alias="from")


class TestValidation:
    def read(self, text: str) -> File:
        return validate(parse_document(text, "f.yaml"), File)

    def test_what_fits_is_read(self):
        file = self.read("title: T\nflag: true\nfrom: 2026-12-31\nparts: {a: {count: 3, on: 2026-01-02}}\nnames: [x]\n")

        assert (file.since, file.parts["a"].on, file.names) == (date(2026, 12, 31), date(2026, 1, 2), ("x",))

    def test_a_number_where_text_is_wanted_is_read_as_it_was_written(self):
        file = self.read("title: 1.10\nnames: [2026, 007]\nparts: {2026: {name: 1e3}}\neither: 5.0\n")

        assert (file.title, file.names, file.parts["2026"].name, file.either) == ("1.10", ("2026", "007"), "1e3", "5.0")

    @pytest.mark.parametrize(
        ("text", "errors"),
        [
            ("flag: true\n", ["1:1: the key 'title' is missing"]),
            ("titel: T\ntitle: U\n", ["1:1: unknown key 'titel'. Did you mean 'title'?"]),
            (
                "title: T\nzzz: 1\n",
                [
                    "2:1: unknown key 'zzz'. Allowed here: either, flag, from, names, parts, stage, title, token.",
                ],
            ),
            ("title: T\nflag: yes\n", ["2:7: read 'yes'; expected true or false; say true"]),
            ("title: T\nflag: Off\n", ["2:7: read 'Off'; expected true or false; say false"]),
            ("title: T\nflag: 1\n", ["2:7: read 1; expected true or false"]),
            (
                "title: T\nstage: label\n",
                ["2:8: read 'label'; expected 'report', 'labels' or 'comment'. Did you mean 'labels'?"],
            ),
            ("title: [a]\n", ["1:8: read a list; expected text"]),
            (
                "title: {item.key}\n",
                [
                    (
                        "1:8: read a mapping; expected text; text that begins with a brace needs quotes: "
                        '"{item.key} is late"'
                    )
                ],
            ),
            ("title: T\nnames: x\n", ["2:8: read 'x'; expected a list"]),
            ("title: T\neither: {a: 1}\n", ["2:9: read a mapping; expected text or a list"]),
            ("title: T\nfrom: soon\n", ["2:7: read 'soon'; expected a date such as 2026-12-31"]),
            (
                "title: T\nparts: {a: {count: -1}, b: {count: x, nmae: y}}\n",
                [
                    "2:20: read -1; expected 0 or more",
                    "2:36: read 'x'; expected a whole number",
                    "2:39: unknown key 'nmae'. Did you mean 'name'? Allowed here: count, name, on.",
                ],
            ),
            ("title: T\ntoken: [hunter2]\n", ["2:8: read a list; expected text"]),
        ],
    )
    def test_all_that_is_wrong_is_told_at_its_place(self, text, errors):
        assert errors_of(text, File) == errors

    def test_what_stands_under_the_name_of_a_secret_is_not_shown(self):
        class Keys(pydantic.BaseModel):
            token: int = 0

        assert errors_of("token: hunter2\n", Keys) == [
            "1:8: read a value that is not shown here; expected a whole number"
        ]


LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=4), st.sampled_from(["T", "report", "x"]))
KEYS = st.sampled_from(["title", "stage", "flag", "parts", "names", "either", "token", "from", "count", "x", "2026"])
TREES = st.recursive(LEAVES, lambda child: st.lists(child, max_size=3) | st.dictionaries(KEYS, child, max_size=4))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.dictionaries(KEYS, TREES, max_size=5))
def test_any_json_is_read_or_refused_in_lines_with_places(data):
    text = pydantic.TypeAdapter(dict).dump_json(data).decode()

    for error in errors_of(text, File):
        assert error[0].isdigit()
        assert "\n" not in error


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.text(max_size=40))
def test_any_text_is_read_or_refused(text):
    for error in errors_of(text):
        assert len(error.splitlines()) == 1
