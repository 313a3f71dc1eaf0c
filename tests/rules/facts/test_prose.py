"""Problem statements and acceptance criteria, in the shapes that people and forms write them."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.facts.prose import has_acceptance_criteria, has_problem_statement


@pytest.mark.parametrize(
    "text",
    [
        "## Problem\n\nShoppers wait.",
        "Problem: shoppers wait.",
        "**Problem statement:** shoppers wait",
        "h3. Background\nSince May the step takes two seconds.",
        "*Why*\nCarts are lost.",
        "1. Steps to reproduce\n2. open the page",
        "### 🎯 Goal\r\nPay faster.\r\n",
        "As a shopper, I want to pay faster.",
        "As the on-call engineer I need one page.",
        "### What happened?\n\nIt broke.",
        "### Is your feature request related to a problem? Please describe.\nI'm always frustrated",
        "Motivation (short)\nMoney.",
        "> Context — the old page is slow",
        "__Problem__\nThey wait",
        "Crash at start.\n\n\nh5.Actual\nit hangs",
        "text before\n2) Problems: many",
        "Currently the debugger stops in .js files only.",
        "Reports are written, but these aren't stored anywhere.",
        "The versions don't give us enough insight.",
        "All rows are made anew. This is very expensive with many.",
        "Users can\u2019t set a breakpoint there.",
    ],
)
def test_a_text_that_says_what_is_wrong(text):
    assert has_problem_statement(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Do it.",
        "Allow for style changes when the device turns. Do not forget the tests; we can do it.",
        "<!-- say what is too slow, or what users cannot do -->Add a button.",
        "Is it recurrently expensive? So what.",
        "Problematic code is removed.",
        "Why not use the library instead of writing this again",
        "## Problem\n\n## Acceptance criteria\n- it is fast",
        "## Problem\n<!-- say what is wrong -->\n",
        "### Describe the bug\n\n_No response_\n\n### Steps to reproduce\n\n_No response_\n",
        "Goals are scored by the team in the second half",
        "This was a test, I want more of it",
        "one problem: none stands at the start of a line",
        "<!-- ## Problem\nwrite here -->",
    ],
)
def test_a_text_that_does_not(text):
    assert not has_problem_statement(text)


@pytest.mark.parametrize(
    "text",
    [
        "## Acceptance criteria\n- p95 under a second",
        "*Acceptance Criteria (draft)*\nit is fast",
        "AC: it is fast",
        "Definition of Done\n\n* deployed",
        "h4. Done when\nit is fast",
        "### Expected behavior\nit loads",
        "Given a cart\nWhen I pay\nThen it is paid",
        "- *Given* a cart\n- and money\n- *When* I pay\n- *Then* it is paid",
        "- [ ] one\n- [x] two",
        "**What behavior did you expect?**\n\nI expected it to go on",
    ],
)
def test_a_text_that_says_when_it_is_done(text):
    assert has_acceptance_criteria(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Accept the new terms.",
        "## Acceptance criteria\nTBD\n\n## Notes\nnothing",
        "- [ ] one box only",
        "Then I pay\nWhen it works\nGiven up",
        "## Acceptance criteria\n\n- [ ]\n",
        "Action: do it",
    ],
)
def test_a_text_that_says_not_when_it_is_done(text):
    assert not has_acceptance_criteria(text)


@given(st.text(max_size=400))
def test_any_text_is_judged(text):
    assert has_problem_statement(text) in (True, False)
    assert has_acceptance_criteria(text) in (True, False)


@pytest.mark.parametrize(
    "text",
    [
        "as a " * 40_000,
        "<!--" * 50_000,
        "given\n" * 40_000,
        "- [ ] " * 40_000,
        "problem" + "(" * 200_000,
        "# problem\n" * 20_000,
        "*" * 300_000,
        "is not a b c " * 30_000,
    ],
)
def test_a_hostile_text_takes_no_time(text):
    began = time.perf_counter()
    has_problem_statement(text)
    has_acceptance_criteria(text)
    assert time.perf_counter() - began < 2
