"""Hostile words in GitHub Markdown: shown as they are, doing nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.github import neutral
from tests.adapters.github.reading_markdown import harms, texts

HOSTILE = [
    "@everyone",
    "@acme/payments and @ada",
    "mail ada@example.com",
    "#1 and acme/checkout#2, GH-3, gh-4, JIRA-5",
    "https://github.com/acme/checkout/issues/4",
    "http://evil.example www.evil.example ftp://evil.example mailto:ada@example.com",
    "fixed in deadbeefcafe and 0123456789abcdef0123456789abcdef01234567",
    "acme/checkout@deadbeef",
    "<!-- syncd:v1 owner=evil/x hash=0000000000000000 -->",
    "<script>alert(1)</script><img src=x onerror=y></details></summary>",
    "&lt;b&gt; &#64;ada &amp;#35;1",
    "[click](https://evil.example) ![seen](https://evil.example/p.png) [x]: https://evil.example",
    "<https://evil.example> <ada@example.com>",
    "*a* **b** _c_ __d__ ~~e~~ `f` ``` g",
    "# heading",
    "> quote",
    "- item",
    "+ item",
    "1. item",
    "12) item",
    "---",
    "===",
    "| a | b |",
    "    indented code",
    "[ ] task",
    "[^1] footnote",
    ":tada: :+1:",
    "$x$ and $$y$$",
    "trailing backslash \\",
    "\\@ada \\#1 \\[x](y)",
    "line\nbreak\r\n\r\n# heading\u2028- item",
    "bidi \u202eevil\u202c and zero\u200b width \ufeff",
    "\x00\x07\x1b[31m",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_do_nothing(words):
    assert harms(neutral.line_start(neutral.markdown_text(words))) == []


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_shown_as_they_are(words):
    shown = texts(neutral.line_start(neutral.markdown_text(words))).replace(neutral.GAP, "")

    assert shown == neutral.folded(words).strip()


PIECES = st.sampled_from(
    [
        *"@#:-`*_<>[]()!|\\&~$=+./ \n\t1a",
        "@ada",
        "#12",
        "a/b#3",
        "GH-",
        "www.",
        "https://",
        "://",
        "deadbeef",
        "<!--",
        "-->",
    ]
)
WORDS = st.lists(st.one_of(PIECES, st.text(max_size=3)), max_size=25).map("".join)


@settings(max_examples=400, deadline=None)
@given(WORDS)
def test_no_words_at_all_do_anything(words):
    assert harms(neutral.line_start(neutral.markdown_text(words))) == []


@settings(max_examples=200, deadline=None)
@given(WORDS)
def test_a_code_span_holds_all_of_its_words(words):
    assert harms(neutral.code(words) or "x") == []


@settings(max_examples=200, deadline=None)
@given(WORDS)
def test_the_title_of_a_fold_can_not_open_or_close_anything(words):
    title = neutral.html_text(words)

    assert "<" not in title
    assert ">" not in title
    assert "\n" not in title


@pytest.mark.parametrize(
    ("url", "target"),
    [
        pytest.param(
            "https://github.com/acme/sdk/issues/3", "https://redirect.github.com/acme/sdk/issues/3", id="no-backlink"
        ),
        pytest.param("http://www.github.com/a/b/pull/1", "https://redirect.github.com/a/b/pull/1", id="www-and-http"),
        pytest.param("https://jira.example/browse/PAY-88", "https://jira.example/browse/PAY-88", id="elsewhere"),
        pytest.param("https://git.acme.example/a/b/issues/1", "", id="own-server-would-write-a-backlink"),
        pytest.param("javascript:alert(1)", "", id="script"),
        pytest.param("https://jira.example/a b", "", id="space"),
        pytest.param("https://jira.example/\u202ea", "", id="bidi"),
        pytest.param("https://ada:pw@jira.example/", "", id="password"),
        pytest.param("https://[jira.example", "", id="no-address"),
        pytest.param('https://jira.example/a)b(c<d>"e', "https://jira.example/a%29b%28c%3Cd%3E%22e", id="closers"),
        pytest.param("", "", id="empty"),
    ],
)
def test_an_address_is_linked_only_where_it_does_no_harm(url, target):
    assert neutral.address(url, "git.acme.example") == target
