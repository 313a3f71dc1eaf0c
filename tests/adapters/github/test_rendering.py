"""The Comment tree as GitHub Markdown."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.github import mark, rendering
from syncd.model.comments import Bullets, Comment, Day, Fold, Heading, Mark, Paragraph, Quote, Reference, Text
from tests.adapters.github.reading_markdown import harms

MARK = Mark(owner="acme/default", hash="0123456789abcdef")
HOST = "github.com"


def rendered(*leaves: object) -> str:
    return rendering.markdown((Paragraph(tuple(leaves)),), HOST)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("leaves", "expected"),
    [
        pytest.param([Text("Not linked.")], "Not linked.", id="text"),
        pytest.param([Text("Not linked: ", strong=True), Text("x")], "**Not linked:** x", id="strong-keeps-its-space"),
        pytest.param([Text("label it "), Text("outcome:ID", code=True)], "label it `outcome:ID`", id="code"),
        pytest.param([Text("a `b` c", code=True)], "``a `b` c``", id="code-with-backticks"),
        pytest.param([Text("Due "), Day(date(2026, 12, 18))], "Due 2026-12-18", id="day"),
        pytest.param(
            [Text("see https://wiki.example/x, please")], "see <https://wiki.example/x>, please", id="an-admins-address"
        ),
        pytest.param([Quote("a_b <i>")], "a\\_b \\<i\\>", id="quote"),
        pytest.param([Quote("secret", restricted=True)], "…", id="restricted-words-are-never-shown"),
        pytest.param(
            [Reference("acme/sdk#3", "https://github.com/acme/sdk/issues/3")],
            "[`acme/sdk#3`](https://redirect.github.com/acme/sdk/issues/3)",
            id="reference-without-a-backlink",
        ),
        pytest.param([Reference("PAY-88")], "`PAY-88`", id="reference-without-address"),
        pytest.param(
            [Reference("PAY-88", "https://jira.example/browse/PAY-88", restricted=True)],
            "`PAY-88`",
            id="restricted-key",
        ),
        pytest.param([Text("- not a list")], "\\- not a list", id="start-of-a-line"),
        pytest.param([Quote("1. not a list")], "1\\. not a list", id="start-of-a-quote"),
        pytest.param([Text("two\nlines")], "two lines", id="one-line"),
    ],
)
def test_leaves(leaves, expected):
    assert rendered(*leaves) == expected


def test_blocks_stand_apart_and_a_fold_is_closed():
    blocks = (
        Heading((Text("Blocked"),)),
        Bullets(((Text("one"),), (Text("two"),))),
        Fold("How to <answer> @ada", (Paragraph((Text("Write."),)),)),
    )

    assert rendering.markdown(blocks, HOST) == (
        "### Blocked\n\n- one\n- two\n\n"
        "<details><summary>How to &lt;answer&gt; @\u200bada</summary>\n\nWrite.\n\n</details>"
    )


def test_the_first_line_is_the_mark_and_can_be_read_back():
    body = rendering.body(Comment((Paragraph((Text("Hello."),)),)), MARK, HOST)

    assert body.split("\n") == ["<!-- syncd:v1 owner=acme/default hash=0123456789abcdef -->", "Hello.", ""]
    assert mark.parse(body) == MARK


def test_a_body_that_is_too_long_is_cut_at_a_line_and_says_so():
    lines = tuple((Text(f"line {number} " + "x" * 500),) for number in range(300))
    comment = Comment((Paragraph((Text("first"),)), Fold("all", (Bullets(lines),)), Paragraph((Text("last"),))))

    body = rendering.body(comment, MARK, HOST)

    assert len(body) <= rendering.BODY_LIMIT
    assert body.count("<details>") == body.count("</details>") == 1
    shown = body.count("- line ")
    assert 100 < shown < 300
    assert body.endswith(f"This comment is cut: {302 - shown - 1} more lines do not fit.\n")
    assert mark.parse(body) == MARK


def test_a_very_long_quote_is_cut():
    assert len(rendered(Quote("x" * 5_000_000))) <= rendering.QUOTE_LIMIT


HOSTILE = st.text(alphabet="@#:-`*_<>[]()!|\\&~$=+./ \n1aGHhw", max_size=30)


@settings(max_examples=200, deadline=None)
@given(st.lists(HOSTILE, min_size=1, max_size=4))
def test_no_tree_of_quotes_does_any_harm_or_forges_a_mark(words):
    leaves = tuple(Quote(each) for each in words)
    tree = Comment(
        (Heading(leaves), Paragraph(leaves), Bullets((leaves, leaves)), Fold(words[0], (Paragraph(leaves),)))
    )

    body = rendering.body(tree, MARK, HOST)

    assert harms(body) == []
    assert body.count("<!--") == 1


@settings(max_examples=200, deadline=None)
@given(HOSTILE, HOSTILE)
def test_no_reference_does_any_harm(key, url):
    body = rendering.body(Comment((Paragraph((Reference(key, f"https://jira.example/{url}"),)),)), MARK, HOST)

    assert harms(body) == []


PIECES = [
    "@",
    "#",
    "www",
    ".evil.example",
    ":",
    "//",
    "GH",
    "-",
    "1",
    "12",
    "<",
    "!",
    "--",
    "&",
    "#64;",
    "\\",
    "*",
    "**",
]
PIECES += ["_", "`", "``", "~", "[", "]", "(", ")", "[x]", "(https://evil.example)", "|", "$", "ada", "acme/sdk"]
PIECES += ["abcdef", "1234567", " ", "\n", "+", "=", ">", "1.", "evil.example", "mailto", "tada", "https", "://"]
OTHERS = st.lists(st.sampled_from(PIECES), max_size=4).map("".join)
OURS = st.lists(st.sampled_from([each for each in PIECES if "http" not in each]), max_size=4).map("".join)
LEAVES = st.one_of(
    st.builds(Text, OURS, strong=st.booleans()),
    st.builds(Text, OURS, code=st.just(True)),
    st.builds(Quote, OTHERS),
    st.builds(Reference, OTHERS.filter(bool), st.sampled_from(["", "https://jira.example/browse/PAY-1"])),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(LEAVES, max_size=5).map(tuple))
def test_nothing_harmful_comes_of_what_stands_side_by_side(line):
    body = rendering.body(Comment((Heading(line), Paragraph(line), Bullets((line,)))), MARK, HOST)

    assert harms(body) == []


@pytest.mark.parametrize(
    "leaves",
    [
        pytest.param([Quote("Look!"), Reference("PAY-1", "https://jira.example/browse/PAY-1")], id="an-image"),
        pytest.param([Quote("www"), Text(".evil.example")], id="an-address"),
        pytest.param([Quote("abc"), Quote("1234567")], id="a-commit"),
        pytest.param([Text("#1", code=True), Text("``", code=True)], id="an-open-fence"),
    ],
)
def test_two_leaves_do_not_become_something_that_neither_is(leaves):
    assert harms(rendered(*leaves)) == []
