import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.jira.prose import plain_text
from rules.lines import LineKind, Scanner
from syncd.model.words import TextLines
from tests.adapters.jira.rows import doc, linked, paragraph, text

BREAK = {"type": "hardBreak"}


def bullets(*items, kind="bulletList"):
    return {"type": kind, "content": [{"type": "listItem", "content": [item]} for item in items]}


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        pytest.param(None, "", id="nothing"),
        pytest.param("plain", "plain", id="a-text-of-version-2"),
        pytest.param(5, "", id="nonsense"),
        pytest.param(doc(), "", id="empty"),
        pytest.param(doc(paragraph("One."), paragraph("Two.")), "One.\n\nTwo.", id="paragraphs"),
        pytest.param(
            doc(paragraph("Why.", BREAK, "Blocked by: PAY-3", BREAK, "Part of: PAY-1")),
            "Why.\nBlocked by: PAY-3\nPart of: PAY-1",
            id="lines",
        ),
        pytest.param(doc(paragraph("    Blocked by: PAY-3")), "Blocked by: PAY-3", id="space-before-a-word"),
        pytest.param(
            doc({"type": "heading", "attrs": {"level": 2}, "content": [text("Goal")]}), "## Goal", id="heading"
        ),
        pytest.param(doc(bullets(paragraph("a"), paragraph("b"))), "- a\n- b", id="bullets"),
        pytest.param(doc(bullets(paragraph("a"), paragraph("b"), kind="orderedList")), "1. a\n2. b", id="numbers"),
        pytest.param(
            doc({"type": "codeBlock", "attrs": {"language": "sh"}, "content": [text("Blocked by: PAY-3\n```\nx")]}),
            "```\nBlocked by: PAY-3\n'''\nx\n```",
            id="code-can-not-end-its-own-fence",
        ),
        pytest.param(
            doc({"type": "blockquote", "content": [paragraph("a", BREAK, "b"), paragraph("c")]}),
            "> a\n> b\n> \n> c",
            id="quote",
        ),
        pytest.param(doc(paragraph(text("Outcome: x", {"type": "code"}))), "`Outcome: x`", id="code-in-a-line"),
        pytest.param(
            doc(paragraph("By ", {"type": "mention", "attrs": {"id": "5", "text": "@Ada"}})), "By @Ada", id="mention"
        ),
        pytest.param(
            doc(paragraph("See ", {"type": "inlineCard", "attrs": {"url": "https://acme.example/browse/PAY-3"}})),
            "See https://acme.example/browse/PAY-3",
            id="card",
        ),
        pytest.param(
            doc(paragraph("Part of: ", linked("PAY-3", "https://acme.example/browse/PAY-3"))),
            "Part of: PAY-3",
            id="a-link-that-shows-its-key",
        ),
        pytest.param(
            doc(paragraph("Part of: ", linked("the epic", "https://acme.example/browse/PAY-3"))),
            "Part of: [the epic](https://acme.example/browse/PAY-3)",
            id="a-link-with-other-words",
        ),
        pytest.param(
            doc({"type": "panel", "attrs": {"panelType": "info"}, "content": [paragraph("a")]}), "a", id="panel"
        ),
        pytest.param(
            doc({"type": "expand", "attrs": {"title": "More"}, "content": [paragraph("a")]}), "More\n\na", id="fold"
        ),
        pytest.param(
            doc(
                {
                    "type": "table",
                    "content": [
                        {
                            "type": "tableRow",
                            "content": [
                                {"type": "tableHeader", "content": [paragraph("a")]},
                                {"type": "tableCell", "content": [paragraph("b")]},
                            ],
                        }
                    ],
                }
            ),
            "a | b",
            id="table",
        ),
        pytest.param(
            doc(
                {
                    "type": "taskList",
                    "content": [
                        {"type": "taskItem", "attrs": {"state": "DONE"}, "content": [text("a")]},
                        {"type": "taskItem", "attrs": {"state": "TODO"}, "content": [text("b")]},
                    ],
                }
            ),
            "- [x] a\n- [ ] b",
            id="tasks",
        ),
        pytest.param(doc({"type": "mediaSingle", "content": [{"type": "media", "attrs": {}}]}), "", id="picture"),
        pytest.param(doc({"type": "somethingNew", "content": [paragraph("a")]}), "a", id="unknown-node"),
        pytest.param(doc("no node", {"type": 5}, {"content": "x"}), "", id="nonsense-inside"),
    ],
)
def test_a_document_is_text_with_its_lines(document, expected):
    assert plain_text(document) == expected


def test_what_a_person_wrote_as_a_line_is_found_and_what_is_quoted_or_code_is_not():
    document = doc(
        paragraph("Blocked by: PAY-3"),
        {"type": "blockquote", "content": [paragraph("Blocked by: PAY-4")]},
        {"type": "codeBlock", "content": [text("Blocked by: PAY-5")]},
        paragraph(text("Blocked by: PAY-6", {"type": "code"})),
        bullets(paragraph("Part of: ", linked("the epic", "https://acme.example/browse/PAY-7"))),
    )

    found = Scanner(TextLines()).names(plain_text(document))

    assert found == [
        (LineKind.BLOCKED_BY, "PAY-3"),
        (LineKind.PART_OF, "https://acme.example/browse/PAY-7"),
    ]


def test_a_document_nested_without_end_is_cut_and_does_no_harm():
    node = paragraph("deep")
    for _ in range(5_000):
        node = {"type": "blockquote", "content": [node]}

    assert "deep" not in plain_text(doc(paragraph("top"), node))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "content", "text", "attrs", "marks", "level", "url"]), inner, max_size=4
        )
    ),
    max_leaves=20,
)


@given(JSON)
def test_nothing_that_json_can_hold_makes_it_fail(value):
    assert isinstance(plain_text({"type": "doc", "content": [value]}), str)
