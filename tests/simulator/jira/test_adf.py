import pytest

from syncd.simulator.jira.adf import fault
from syncd.simulator.jira.pages import adf_html
from syncd.simulator.jira.prose import document_from_wiki


def doc(*content):
    return {"type": "doc", "version": 1, "content": list(content)}


def text(words, *marks):
    return {"type": "text", "text": words} | ({"marks": list(marks)} if marks else {})


def paragraph(*content):
    return {"type": "paragraph", "content": list(content)}


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        pytest.param("plain", "not a document", id="text"),
        pytest.param({"type": "doc", "content": []}, "version must be 1", id="no-version"),
        pytest.param({"type": "doc", "version": 1}, "content must be an array", id="no-content"),
        pytest.param(doc(text("x")), "'text' is not allowed in doc", id="text-at-the-top"),
        pytest.param(doc(paragraph(text(""))), "text must not be empty", id="empty-text"),
        pytest.param(doc({"type": "bulletList", "content": []}), "content must be a filled array", id="empty-list"),
        pytest.param(doc({"type": "heading", "content": []}), "attrs are missing", id="no-level"),
        pytest.param(doc({"type": "heading", "attrs": {"level": 7}}), "level must be 1 to 6", id="level-7"),
        pytest.param(doc(paragraph({"type": "mention", "attrs": {}})), "attrs are missing", id="mention-of-nobody"),
        pytest.param(doc(paragraph(text("x", {"type": "blink"}))), "unknown mark 'blink'", id="mark"),
        pytest.param(doc(paragraph(text("x", {"type": "link"}))), "a link needs href", id="link"),
        pytest.param(
            doc(paragraph(text("x", {"type": "code"}, {"type": "strong"}))), "code goes only with link", id="code"
        ),
        pytest.param(doc(paragraph(text("x", {"type": "em"}, {"type": "em"}))), "a mark comes twice", id="twice"),
        pytest.param(
            doc({"type": "expand", "attrs": {}, "content": [{"type": "expand", "content": [paragraph()]}]}),
            "'expand' is not allowed in expand",
            id="fold-in-fold",
        ),
        pytest.param(doc({"type": "paragraph", "style": "x"}), "unknown key 'style'", id="key"),
        pytest.param(doc(paragraph(), paragraph(text("x", {"type": "strong"}))), None, id="fine"),
    ],
)
def test_a_document_is_judged_as_jira_does(document, complaint):
    found = fault(document)

    assert found is None if complaint is None else found is not None and complaint in found


def test_wiki_markup_becomes_a_document_that_jira_takes():
    document = document_from_wiki(
        "h2. Why\r\nFirst line\nsecond line\n\n* a\n* b\n# one\n\n"
        "{code:java}x{code}\n{quote}said{quote}\nbq. also said\n{code}{code}"
    )

    assert fault(document) is None
    assert [node["type"] for node in document["content"]] == [
        "heading",
        "paragraph",
        "bulletList",
        "orderedList",
        "codeBlock",
        "blockquote",
        "blockquote",
        "codeBlock",
    ]


def test_a_page_shows_words_and_escapes_them():
    html = adf_html(
        doc(
            paragraph(text("<script>", {"type": "strong"})),
            paragraph(text("x", {"type": "link", "attrs": {"href": "javascript:alert(1)"}})),
            paragraph(text("y", {"type": "link", "attrs": {"href": "https://x/?a=1&b=2"}})),
            {"type": "expand", "attrs": {"title": "<More>"}, "content": [paragraph(text("z"))]},
        )
    )

    assert html == (
        "<p><strong>&lt;script&gt;</strong></p><p>x</p>"
        '<p><a href="https://x/?a=1&amp;b=2" rel="nofollow noopener">y</a></p>'
        "<details><summary>&lt;More&gt;</summary><p>z</p></details>"
    )
