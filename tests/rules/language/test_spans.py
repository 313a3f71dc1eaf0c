"""Lengths of time as written."""

import re
from datetime import timedelta

import pytest

from rules.language.spans import PATTERN, span_of
from syncd.model.findings import Span


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("0", Span()),
        ("90m", Span(exact=timedelta(minutes=90))),
        ("12h", Span(exact=timedelta(hours=12))),
        ("3d", Span(exact=timedelta(days=3))),
        ("2w", Span(exact=timedelta(weeks=2))),
        ("2wd", Span(working_days=2)),
        ("0wd", Span()),
    ],
)
def test_an_integer_and_a_unit_are_a_span(text, span):
    assert span_of(text) == span
    assert re.search(PATTERN, text)


@pytest.mark.parametrize("text", ["", "3", "d", "1.5d", "-3d", "3 d", "3D", "3s", "3dw", "3d\n", "٣d", "123456d"])
def test_anything_else_is_none(text):
    assert span_of(text) is None
    assert text == "3d\n" or not re.search(PATTERN, text)
