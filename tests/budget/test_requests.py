"""What syncd may ask of its trackers, counted by the simulated services: the benchmark's cases with few items."""

import pytest

from benchmarks import requests_cases as cases
from benchmarks.requests_companies import DATA, exported, payments_company


def counted(figures):
    """Return the requests of each operation, beside what they may be and what a bare client takes."""
    return {figure.operation: (figure.ours, figure.goal, figure.floor) for figure in figures}


@pytest.mark.parametrize("count", [1, 3])
def test_an_idle_pass_is_one_search_of_a_site_and_a_304_of_each_repository(count):
    found = counted(cases.idle(count))
    assert found[f"idle pass, {count} projects of a Jira site"] == (1, 1, 1)
    assert found[f"idle pass, {count} repositories"] == (count, count, count)
    assert found[f"idle pass, {count} repositories: not a 304"] == (0, 0, None)


def test_probe_and_census_take_a_few_requests_for_each_place():
    found = counted(cases.idle(4))
    assert found["census of 4 projects of a Jira site"][0] <= 2
    assert found["census of 4 repositories"][0] == 4
    assert found["probe of 4 projects of a Jira site"][0] <= 8 + 4
    assert found["probe of 4 repositories"][0] <= 2 + 2 * 4


@pytest.mark.parametrize(("count", "pages"), [(1, 1), (99, 1), (101, 2)])
def test_changed_items_take_a_request_for_each_hundred_of_them(count, pages):
    found = counted(cases.changed(count))
    assert found[f"{count} changed, Jira site"] == (pages, pages, pages)
    two_quiet = pages + 2
    assert found[f"{count} changed in one of 3 repositories"] == (two_quiet, two_quiet, two_quiet)


@pytest.mark.parametrize(("count", "requests"), [(1, 2), (100, 2), (101, 3)])
def test_outcomes_by_jql_take_one_request_more_where_something_changed(count, requests):
    found = counted(cases.selected(count))
    assert found["idle pass, outcomes by JQL"] == (1, 1, 1)
    ours, goal, _ = found[f"{count} changed, outcomes by JQL"]
    assert (ours, goal) == (requests, requests)


def test_a_full_page_of_news_takes_one_more_look_on_github():
    """Newest first and without ``since``, which keeps idle passes a 304, the end of the news is seen only behind it."""
    found = counted(cases.changed(100))
    assert found["100 changed, Jira site"] == (1, 1, 1)
    assert found["100 changed in one of 3 repositories"] == (2 + 2, 1 + 2, 1 + 2)


def test_blockers_are_asked_for_where_the_row_says_that_there_are_any():
    found = counted(cases.blocked(2))
    assert found["4 changed, 2 with blockers, Jira"] == (1, 1, 1)
    assert found["4 changed, 2 with blockers, GitHub"] == (3, 3, 3)


def test_our_comment_is_read_where_its_item_has_changed():
    found = counted(cases.commented(2))
    assert found["4 changed, 2 with our comment, Jira"] == (3, 3, 3)
    assert found["4 changed, 2 with our comment, GitHub"] == (3, 3, 3)
    assert found["they are as they should be: writes"] == (0, 0, None)


def test_remote_links_take_a_request_for_each_item_that_changed_and_is_in_play():
    assert counted(cases.commented(2))["remote links of 2 changed in play, Jira"] == (2, 2, 2)


def test_histories_take_a_request_for_each_thousand_items_and_on_github_one_each():
    found = counted(cases.histories(3))
    assert found["histories of 3 changed, Jira"] == (1, 1, 1)
    assert found["histories of 3 changed, GitHub"] == (3, 3, 3)
    assert found["histories of items that never changed"] == (0, 0, 0)


def test_the_first_annotation_of_an_item_is_two_requests():
    found = counted(cases.annotated())
    assert found["annotate one item first time, Jira"] == (2, 2, 2)
    assert found["annotate one item first time, GitHub"] == (2, 2, 2)


def test_the_second_pass_over_a_whole_company_writes_nothing():
    annotated, writes, requests = payments_company()
    assert annotated.ours > 0
    assert annotated.is_met
    assert writes.ours == 0
    assert requests.ours > 0


def test_the_second_pass_over_real_projects_writes_nothing():
    figures = list(exported())
    if not figures:
        pytest.skip(f"no exported issues in {DATA}: set SYNCD_DATA to a folder that has them")
    annotated, writes, _ = figures
    assert annotated.ours > 0
    assert annotated.is_met
    assert writes.ours == 0
