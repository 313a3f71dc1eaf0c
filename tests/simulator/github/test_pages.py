import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.simulator.github.pages import markdown_html

TAG = re.compile(r"<(/?)([a-z0-9]+)[^>]*>")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        pytest.param("plain\ntext", "<p>plain<br>text</p>", id="paragraph"),
        pytest.param("a **b** `c`", "<p>a <strong>b</strong> <code>c</code></p>", id="bold-and-code"),
        pytest.param("### Why", "<h3>Why</h3>", id="heading"),
        pytest.param("- a\n- b\n\nc", "<ul><li>a</li><li>b</li></ul><p>c</p>", id="list"),
        pytest.param("> said\n> so", "<blockquote><p>said<br>so</p></blockquote>", id="quote"),
        pytest.param("<!-- syncd:v1 owner=a/b hash=1 -->\nhello", "<p>hello</p>", id="the-mark-is-hidden"),
        pytest.param(r"\*\*not bold\*\* \@me", "<p>**not bold** @me</p>", id="escapes"),
        pytest.param("&lt;b&gt;", "<p>&lt;b&gt;</p>", id="entities"),
        pytest.param("<script>x</script>", "<p>&lt;script&gt;x&lt;/script&gt;</p>", id="tags-are-text"),
        pytest.param("[x](javascript:alert)", "<p>[x](javascript:alert)</p>", id="only-web-links"),
        pytest.param("```\n<b>\n```", "<pre><code>&lt;b&gt;</code></pre>", id="fence"),
        pytest.param(
            "[`PAY-1`](https://x.example/a)",
            '<p><a href="https://x.example/a" rel="nofollow noreferrer"><code>PAY-1</code></a></p>',
            id="link",
        ),
        pytest.param(
            "<details><summary>How</summary>\n\n- a\n\n</details>\nb",
            "<details><summary>How</summary><ul><li>a</li></ul></details><p>b</p>",
            id="fold",
        ),
        pytest.param("<details>\nx", "<details><summary>Details</summary><p>x</p></details>", id="open-fold"),
        pytest.param("</details>", "<p>&lt;/details&gt;</p>", id="stray-close"),
    ],
)  # fmt: skip
def test_markdown_as_html(text, html):
    assert markdown_html(text).replace("\n", "") == html


PIECES = [*"ab<>/!-`*[]()\\\"'&#;\n ", "<details>", "</details>", "<summary>", "<!--", "https://x"]
TAGS = {"p", "br", "strong", "code", "pre", "ul", "li", "blockquote", "a", "details", "summary"}


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_no_text_breaks_out_of_its_tags(text):
    open_tags: list[str] = []
    for closing, name in TAG.findall(markdown_html(text)):
        assert name in TAGS or re.fullmatch("h[1-6]", name)
        if closing:
            assert open_tags.pop() == name
        elif name != "br":
            open_tags.append(name)
    assert open_tags == []
