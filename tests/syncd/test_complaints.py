"""The words in which a mistake is told."""

from typing import Annotated, Literal

import pydantic
import pytest
from pydantic import ConfigDict, Field

from syncd.complaints import boolean_hint, did_you_mean, one_line, one_of, shown
from syncd.documents import parse_document, validate
from syncd.model.errors import ConfigErrors


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("item.stauts", " Did you mean 'item.status'?"),
        ("ITEM.STATUS", " Did you mean 'item.status'?"),
        ("severty", " Did you mean 'Severity'?"),
        ("zebra", ""),
        ("", ""),
    ],
)
def test_a_near_word_is_suggested_as_it_is_spelt(word, hint):
    assert did_you_mean(word, ["item.status", "item.kind", "Severity"]) == hint


def test_of_many_words_a_dozen_is_listed():
    assert one_of(["a", "b"]) == "a, b"
    assert one_of([str(number) for number in range(20)]) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, … (20 in all)"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"a": 1}, "a mapping"),
        ([1], "a list"),
        (None, "nothing"),
        (True, "true"),
        (1.5, "1.5"),
        ("two\n  lines", "'two lines'"),
        ("x" * 100, f"'{'x' * 59}…'"),
    ],
)
def test_what_was_read_is_shown_short_and_in_one_line(value, text):
    assert shown(value) == text


@pytest.mark.parametrize("name", ["token", "api_token", "Password", "client_secret", "credentials"])
def test_a_secret_is_not_shown(name):
    assert shown("hunter2", ("trackers", "jira", name)) == "a value that is not shown here"
    assert shown("hunter2", ("trackers", "jira", "url")) == "'hunter2'"


@pytest.mark.parametrize(
    ("word", "hint"), [("yes", "; say true"), ("OFF", "; say false"), ("n", "; say false"), ("maybe", ""), (1, "")]
)
def test_the_old_booleans_are_translated(word, hint):
    assert boolean_hint(word) == hint


def test_a_message_is_one_line_without_control_characters_and_not_endless():
    assert one_line("a\nb\x1b[31m\u2028c  d") == "a b [31m c d"
    assert len(one_line("x" * 10_000)) == 500


class Cat(pydantic.BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: Literal["cat"]
    lives: int = 9


class Dog(pydantic.BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: Literal["dog"]
    tricks: list[str] = []


class House(pydantic.BaseModel):
    model_config = ConfigDict(extra="forbid")

    pets: dict[str, Annotated[Cat | Dog, Field(discriminator="kind")]] = {}
    rooms: int | list[int] = 1
    size: int = Field(1, gt=0, le=9)
    name: str = Field("x", min_length=1, max_length=5, pattern="^[a-z]+$")


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        ("pets: {a: {kind: cta}}", ["1:18: read 'cta'; expected 'cat' or 'dog'. Did you mean 'cat'?"]),
        ("pets: {a: {lives: 3}}", ["1:11: the key 'kind' is missing"]),
        ("pets: {a: {kind: dog, lives: 3}}", ["1:23: unknown key 'lives'. Allowed here: kind, tricks."]),
        (
            "pets: {a: {kind: cat, lifes: 3}}",
            ["1:23: unknown key 'lifes'. Did you mean 'lives'? Allowed here: kind, lives."],
        ),
        ("rooms: x", ["1:8: read 'x'; expected a whole number or a list"]),
        ("rooms: [1, x]", ["1:12: read 'x'; expected a whole number"]),
        ("size: 0", ["1:7: read 0; expected a number above 0"]),
        ("size: 10", ["1:7: read 10; expected 9 or less"]),
        ("size: 1.5", ["1:7: read 1.5; expected a whole number"]),
        ("name: ''", ["1:7: read ''; expected text that is not empty"]),
        ("name: abcdef", ["1:7: read 'abcdef'; expected text of at most 5 characters"]),
        ("name: A", ["1:7: read 'A'; expected text that fits ^[a-z]+$"]),
    ],
)
def test_a_validators_findings_are_told_in_plain_words(text, errors):
    with pytest.raises(ConfigErrors) as caught:
        validate(parse_document(text, "f"), House)

    assert [str(error).removeprefix("f:") for error in caught.value.errors] == errors
