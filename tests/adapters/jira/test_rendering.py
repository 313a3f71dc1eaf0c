from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.jira.marks import body_hash
from adapters.jira.rendering import LONGEST, document_of
from syncd.model.comments import Bullets, Comment, Day, Fold, Heading, Paragraph, Quote, Reference, Text
from syncd.simulator.jira.adf import fault
from tests.adapters.jira.company import harm_in


def paragraph(*leaves):
    return Paragraph(leaves)


def words_of(node):
    return node.get("text", "") + "".join(words_of(child) for child in node.get("content", ()))


def leaf(rendered):
    """Return the nodes that one leaf became."""
    return document_of(Comment((Paragraph((rendered,)),)))["content"][0]["content"]


BLOCK_BY_BLOCK = {
    "type": "doc",
    "version": 1,
    "content": [
        {"type": "heading", "attrs": {"level": 4}, "content": [{"type": "text", "text": "Checkout latency"}]},
        {
            "type": "paragraph",
            "content": [
                {"type": "text", "text": "By "},
                {"type": "text", "text": "2026-12-18"},
                {"type": "text", "text": ", see "},
                {
                    "type": "text",
                    "text": "PAY-3",
                    "marks": [{"type": "link", "attrs": {"href": "https://x/browse/PAY-3"}}],
                },
            ],
        },
        {
            "type": "bulletList",
            "content": [
                {
                    "type": "listItem",
                    "content": [{"type": "paragraph", "content": [{"type": "text", "text": "Set its parent."}]}],
                },
                {
                    "type": "listItem",
                    "content": [
                        {
                            "type": "paragraph",
                            "content": [
                                {"type": "text", "text": "Or label it "},
                                {"type": "text", "text": "outcome:ID", "marks": [{"type": "code"}]},
                            ],
                        }
                    ],
                },
            ],
        },
        {
            "type": "expand",
            "attrs": {"title": "How to answer"},
            "content": [
                {
                    "type": "paragraph",
                    "content": [{"type": "text", "text": "Write ", "marks": [{"type": "strong"}]}],
                },
                {
                    "type": "nestedExpand",
                    "attrs": {"title": "More"},
                    "content": [{"type": "paragraph", "content": [{"type": "text", "text": "x"}]}],
                },
            ],
        },
    ],
}


def test_a_comment_becomes_a_document_block_by_block():
    comment = Comment(
        (
            Heading((Text("Checkout latency"),)),
            paragraph(
                Text("By "), Day(date(2026, 12, 18)), Text(", see "), Reference("PAY-3", "https://x/browse/PAY-3")
            ),
            Bullets(((Text("Set its parent."),), (Text("Or label it "), Text("outcome:ID", code=True)))),
            Fold("How to answer", (paragraph(Text("Write ", strong=True)), Fold("More", (paragraph(Text("x")),)))),
        )
    )

    assert document_of(comment) == BLOCK_BY_BLOCK


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param("@ada", "@\u200bada", id="a-name"),
        pytest.param("[~accountid:5]", "[\u200b~accountid:5]", id="a-name-in-wiki-markup"),
        pytest.param("https://evil.example", "https:\u200b//evil.example", id="an-address"),
        pytest.param("www.evil.example", "www\u200b.evil.example", id="an-address-without-a-scheme"),
        pytest.param("**bold** [x](y) <b>", "**bold** [x](y) <b>", id="markup-is-text"),
        pytest.param("a\nb\tc\u2028d", "a b c d", id="lines"),
        pytest.param("a\u202eb\u2066c\u200fd", "abcd", id="turned-text"),
        pytest.param("a\u200bb\ufeffc\U000e0041d", "abcd", id="hidden-signs"),
        pytest.param("a\x00b\x1bc", "abc", id="control-signs"),
        pytest.param("{panel}", "{\u200bpanel}", id="a-macro"),
        pytest.param("größer 😀 中", "größer 😀 中", id="other-scripts"),
    ],
)
def test_words_of_others_stay_words(words, expected):
    assert leaf(Quote(words)) == [{"type": "text", "text": expected}]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "", "data:text/html,x", "//evil.example"])
def test_only_addresses_of_the_web_are_linked(url):
    assert leaf(Reference("PAY-3", url)) == [{"type": "text", "text": "PAY-3"}]


def test_what_is_under_a_security_level_is_never_shown():
    assert leaf(Quote("secret", restricted=True)) == [{"type": "text", "text": "…"}]
    assert leaf(Reference("PAY-3", "https://x/browse/PAY-3", restricted=True)) == [{"type": "text", "text": "PAY-3"}]


def test_a_leaf_without_words_is_left_out():
    assert document_of(Comment((paragraph(Quote("\u202e"), Text("")),)))["content"] == [
        {"type": "paragraph", "content": []}
    ]


def test_folds_deeper_than_jira_nests_stand_open():
    deep = Fold("3", (paragraph(Text("x")),))
    document = document_of(Comment((Fold("1", (Fold("2", (deep,)),)),)))

    assert fault(document) is None
    assert "x" in words_of(document)


def test_a_comment_that_is_too_long_is_cut_says_so_and_keeps_how_to_answer():
    lines = tuple((Text(f"finding {number} " + "x" * 100),) for number in range(1_000))
    how = Fold("How to answer", (paragraph(Text("Write /syncd.")),))
    document = document_of(Comment((Heading((Text("First"),)), Bullets(lines), paragraph(Text("late")), how)))

    assert len(msgspec.json.encode(document).decode()) <= LONGEST
    assert fault(document) is None
    words = words_of(document)
    assert "First" in words
    assert "finding 0 " in words
    assert "late" not in words
    assert "`syncd explain` shows all of it." in words
    assert document["content"][-1]["attrs"]["title"] == "How to answer"


def test_one_very_long_word_is_cut():
    (node,) = leaf(Quote("x" * 40_000))

    assert len(node["text"]) == 2_000
    assert node["text"].endswith("…")


LEAVES = st.one_of(
    st.builds(Text, st.text(), strong=st.booleans(), code=st.booleans()),
    st.builds(Quote, st.text()),
    st.builds(Reference, st.text(min_size=1), st.sampled_from(["", "https://x/browse/PAY-1", "javascript:x"])),
    st.builds(Day, st.dates()),
)
LINES = st.lists(LEAVES, max_size=4).map(tuple)
BLOCKS = st.recursive(
    st.one_of(
        st.builds(Paragraph, LINES),
        st.builds(Heading, LINES),
        st.builds(Bullets, st.lists(LINES, max_size=3).map(tuple)),
    ),
    lambda inner: st.builds(Fold, st.text(max_size=5), st.lists(inner, max_size=3).map(tuple)),
    max_leaves=8,
)
COMMENTS = st.builds(Comment, st.lists(BLOCKS, max_size=5).map(tuple))


@given(COMMENTS)
def test_any_comment_is_a_document_that_jira_takes(comment):
    document = document_of(comment)

    assert fault(document) is None
    assert len(msgspec.json.encode(document).decode()) <= LONGEST


ALARMING = st.text(st.sampled_from("@[]~:/{}|<>!-#\u202e\u200b\u2066\n aehptsw."), max_size=40)


@given(ALARMING)
def test_no_words_of_others_ping_link_or_turn_the_text(words):
    assert harm_in(document_of(Comment((Paragraph((Quote(words),)),)))) == []


@pytest.mark.parametrize(
    ("left", "right", "is_same"),
    [
        pytest.param({"a": 1, "b": 2}, {"b": 2, "a": 1}, True, id="order-of-keys"),
        pytest.param(
            {"type": "paragraph", "attrs": {"localId": "1"}, "content": []},
            {"type": "paragraph"},
            True,
            id="ids-and-empty",
        ),
        pytest.param(
            {"marks": [{"type": "strong"}, {"type": "em"}]},
            {"marks": [{"type": "em"}, {"type": "strong"}]},
            True,
            id="marks",
        ),
        pytest.param({"text": "a"}, {"text": "b"}, False, id="text"),
        pytest.param({"content": [1, 2]}, {"content": [2, 1]}, False, id="order-of-content"),
        pytest.param({"attrs": {"order": 0}}, {"attrs": {"order": 1}}, False, id="attrs"),
    ],
)
def test_the_hash_of_a_body_is_over_what_it_means(left, right, is_same):
    assert (body_hash(left) == body_hash(right)) is is_same
