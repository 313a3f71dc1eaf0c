import pytest

from adapters.jira.jql import selection


@pytest.mark.parametrize(
    "text",
    [
        "issuetype = Initiative",
        'project = ROAD AND (issuetype = Initiative OR labels = "order by")',
        """summary ~ "a ) \\" b" AND summary ~ 'it)s'""",
        '"Order by" = 3',
    ],
)
def test_a_whole_condition_is_taken_as_it_is(text):
    assert selection(f"  {text} ") == text


def test_lines_are_joined():
    assert selection("project = ROAD\n  AND issuetype = Initiative\n") == "project = ROAD AND issuetype = Initiative"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(" ", "JQL that selects issues is expected", id="empty"),
        pytest.param("issuetype = Epic ORDER BY rank", "without ORDER BY", id="sorted"),
        pytest.param("order  by rank", "without ORDER BY", id="sorted-alone"),
        pytest.param('summary ~ "fast', "never closed", id="open-quote"),
        pytest.param("(issuetype = Epic", "parentheses do not match", id="open-parenthesis"),
        pytest.param("labels = a) OR (labels = b", "parentheses do not match", id="out-of-its-own-parentheses"),
    ],
)
def test_what_is_no_whole_condition_is_refused(text, said):
    with pytest.raises(ValueError, match=said):
        selection(text)
