import time

import pytest

from rules.lines import LineKind, Scanner, without_code
from syncd.model.words import TextLines

SCANNER = Scanner(TextLines())
BLOCKED_BY, BLOCKS, PART_OF, OUTCOME = LineKind.BLOCKED_BY, LineKind.BLOCKS, LineKind.PART_OF, LineKind.OUTCOME


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("Blocked by: PAY-88", [(BLOCKED_BY, "PAY-88")], id="key"),
        pytest.param("Depends on: PAY-88", [(BLOCKED_BY, "PAY-88")], id="another-word-of-the-same-meaning"),
        pytest.param("Blocks: #12", [(BLOCKS, "#12")], id="number"),
        pytest.param("Part of: acme/checkout#12", [(PART_OF, "acme/checkout#12")], id="repository-and-number"),
        pytest.param(
            "Parent: https://h.example/a/b/issues/4.", [(PART_OF, "https://h.example/a/b/issues/4")], id="url"
        ),
        pytest.param("Outcome: checkout-latency", [(OUTCOME, "checkout-latency")], id="outcome"),
        pytest.param("Outcome: one, Two.", [(OUTCOME, "one"), (OUTCOME, "Two")], id="outcomes"),
        pytest.param("bLoCkEd By: pay-88", [(BLOCKED_BY, "pay-88")], id="any-case"),
        pytest.param("Blocks: #1,#2 , PAY-3", [(BLOCKS, "#1"), (BLOCKS, "#2"), (BLOCKS, "PAY-3")], id="commas"),
        pytest.param("Blocks: PAY-3, PAY-3", [(BLOCKS, "PAY-3")], id="twice-is-once"),
        pytest.param("Hello.\r\nBlocks: PAY-3\r\nBye.\r\n", [(BLOCKS, "PAY-3")], id="line-ends-of-windows"),
        pytest.param("- Blocks: PAY-3", [(BLOCKS, "PAY-3")], id="bullet"),
        pytest.param("* [ ] Blocks: PAY-3", [(BLOCKS, "PAY-3")], id="check-box"),
        pytest.param("3. Blocks: PAY-3", [(BLOCKS, "PAY-3")], id="numbered"),
        pytest.param("- a\n    - Blocks: PAY-3", [(BLOCKS, "PAY-3")], id="list-in-a-list"),
        pytest.param("  Blocks: PAY-3", [(BLOCKS, "PAY-3")], id="a-little-indented"),
        pytest.param("**Blocks:** PAY-3", [(BLOCKS, "PAY-3")], id="bold"),
        pytest.param("**Blocks**: PAY-3", [(BLOCKS, "PAY-3")], id="bold-before-the-colon"),
        pytest.param("Blocks : PAY-3", [(BLOCKS, "PAY-3")], id="space-before-the-colon"),
        pytest.param(
            "Blocks: [PAY-3](https://j.example/browse/PAY-3)", [(BLOCKS, "https://j.example/browse/PAY-3")], id="link"
        ),
        pytest.param(
            "Blocks: <https://j.example/browse/PAY-3>", [(BLOCKS, "https://j.example/browse/PAY-3")], id="autolink"
        ),
        pytest.param("Blocks: PAY-3 (until Friday)", [(BLOCKS, "PAY-3")], id="a-remark-after-the-key"),
    ],
)
def test_a_line_names_items(text, found):
    assert SCANNER.names(text) == found


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("This needs PAY-88 and #12.", id="bare-mention"),
        pytest.param("See Blocks: PAY-3", id="not-from-the-start"),
        pytest.param("Blocks PAY-3", id="no-colon"),
        pytest.param("> Blocks: PAY-3", id="quote"),
        pytest.param("- > Blocks: PAY-3", id="quote-in-a-list"),
        pytest.param("```\nBlocks: PAY-3\n```", id="fence"),
        pytest.param("~~~~ text\n```\nBlocks: PAY-3\n~~~\n~~~~", id="fence-of-tildes"),
        pytest.param("```\nBlocks: PAY-3", id="fence-without-end"),
        pytest.param("- ```\n  Blocks: PAY-3\n  ```", id="fence-in-a-list"),
        pytest.param("text\n\n    Blocks: PAY-3", id="indented"),
        pytest.param("text\n\n    - Blocks: PAY-3", id="list-in-indented-code"),
        pytest.param("\tBlocks: PAY-3", id="indented-by-a-tab"),
        pytest.param("`Blocks: PAY-3`", id="inline-code"),
        pytest.param("Blocks: `PAY-3`", id="key-in-inline-code"),
        pytest.param("<!--\nBlocks: PAY-3\n-->", id="hidden-hint-of-a-template"),
        pytest.param("<!-- Blocks: PAY-3 -->", id="hidden-in-one-line"),
        pytest.param("Blocks: nothing yet", id="no-key"),
        pytest.param("Blocks: UTF-8-encoding", id="longer-word"),
        pytest.param("Outcome: shoppers are happier", id="outcome-in-free-text"),
        pytest.param("Outcome: `checkout-latency`", id="outcome-in-code"),
        pytest.param("Outcomes: one", id="another-word"),
    ],
)
def test_what_is_no_such_line_names_nothing(text):
    assert SCANNER.names(text) == []


def test_text_after_code_and_hints_is_read_again():
    assert SCANNER.names("```\ncode\n```\n<!-- hint -->\nBlocks: PAY-3") == [(BLOCKS, "PAY-3")]


def test_of_a_text_that_names_thousands_the_first_are_read():
    found = SCANNER.names("\n".join(f"Blocks: PAY-{number}" for number in range(5000)))
    assert (len(found), found[-1]) == (500, (BLOCKS, "PAY-499"))


def test_a_workspace_can_have_its_own_words():
    scanner = Scanner(TextLines(blocked_by=("Wartet auf",), blocks=(), part_of=("Teil (von)",)))
    text = "wartet auf: PAY-1\nBlocks: PAY-2\nTeil (von): PAY-3\nBlocked by: PAY-4"
    assert scanner.names(text) == [(BLOCKED_BY, "PAY-1"), (PART_OF, "PAY-3")]


@pytest.mark.parametrize("word", TextLines().closes)
def test_every_closing_keyword_of_github_closes(word):
    assert SCANNER.closed(f"This {word.upper()} #12, really") == ["#12"]


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        pytest.param("Fixes acme/sdk#3", ["acme/sdk#3"], id="another-repository"),
        pytest.param("closes: #3", ["#3"], id="colon"),
        pytest.param("Resolves https://github.com/a/b/issues/3", ["https://github.com/a/b/issues/3"], id="url"),
        pytest.param("Fixes PAY-3", ["PAY-3"], id="key-of-another-tracker"),
        pytest.param("fix #1 and fix #2\nfix #1", ["#1", "#2"], id="several"),
        pytest.param("> Fixes #3", ["#3"], id="anywhere-in-the-text"),
        pytest.param("prefixes #3", [], id="inside-a-word"),
        pytest.param("see #3", [], id="mention"),
        pytest.param("`fixes #3`", [], id="inline-code"),
        pytest.param("```\nfixes #3\n```", [], id="fence"),
        pytest.param("fixes `#3` but ``fixes #4`` and fixes #5", ["#5"], id="between-code"),
    ],
)
def test_closing_keywords_count_outside_code(text, closed):
    assert SCANNER.closed(text) == closed


def test_only_runs_of_as_many_backticks_make_code():
    assert without_code("a `` b ` c `` d ` e") == "a   d ` e"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("blocks " * 700_000, id="words-without-colons"),
        pytest.param("Blocks: PAY-1\n" * 350_000, id="many-lines"),
        pytest.param("a:\n" * 1_600_000 + "blocks: PAY-1", id="many-colons"),
        pytest.param("- " * 2_500_000 + "\nblocks: PAY-1", id="many-bullets"),
        pytest.param("` `` " * 1_000_000 + "fix #1", id="many-backticks"),
        pytest.param(" " * 5_000_000 + "\nblocks: PAY-2", id="many-spaces"),
        pytest.param("blocks: " + "[x" * 2_000_000, id="many-brackets"),
        pytest.param("blocks: x\n" + "a/" * 2_500_000, id="many-slashes"),
        pytest.param("fix " * 1_250_000 + "#1", id="many-keywords"),
    ],
)
def test_a_body_of_five_megabytes_is_read_in_linear_time(body):
    began = time.process_time()
    SCANNER.names(body)
    SCANNER.closed(body)
    assert time.process_time() - began < 20
