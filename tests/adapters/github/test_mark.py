"""The hidden line: what is ours, and what only looks like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.github import mark
from syncd.model.comments import Mark

LINE = "<!-- syncd:v1 owner=acme/default hash=0123456789abcdef -->"


@given(st.text(min_size=1, max_size=60), st.integers(1, 99))
def test_a_mark_comes_back_whatever_its_owner_is_called(owner, version):
    marked = Mark(owner=owner.encode("utf-8", "replace").decode(), hash="0123456789abcdef", version=version)

    line = mark.line(marked)

    assert mark.parse(f"{line}\r\nHello.") == marked
    assert "--" not in line.removeprefix("<!--").removesuffix("-->")
    assert "\n" not in line


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("", id="empty"),
        pytest.param(f"Hello.\n{LINE}", id="not-the-first-line"),
        pytest.param(f"\n{LINE}", id="after-an-empty-line"),
        pytest.param(f"> {LINE}", id="quoted"),
        pytest.param(f"    {LINE}", id="indented"),
        pytest.param(f"`{LINE}`", id="code"),
        pytest.param(f"{LINE} and more", id="more-on-the-line"),
        pytest.param(LINE.replace("0123456789abcdef", "not-a-hash"), id="no-hash"),
        pytest.param(LINE.replace("acme/default", "a b"), id="a-space-in-the-owner"),
        pytest.param(LINE.replace("syncd:v1", "syncd:vx"), id="no-version"),
        pytest.param(LINE.upper(), id="upper-case"),
    ],
)
def test_what_is_no_mark(body):
    assert mark.parse(body) is None


def test_a_body_is_the_same_with_other_line_ends_and_a_last_line():
    assert mark.body_hash("a\nb") == mark.body_hash("a\r\nb\r\n\n") != mark.body_hash("a\n b")
