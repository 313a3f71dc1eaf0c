"""A tracker by somebody else serves less than the real one: what is essential works, and the second pass is quiet."""

import pytest

from syncd.model.changes import Fate
from tests.adapters.foreign.small_github import SmallGitHub
from tests.adapters.foreign.small_jira import SmallJira

LABEL = "syncd:no-outcome"
MISSING = pytest.mark.parametrize("missing", [404, 405, 501])


def github_at(url: str) -> str:
    places = "{acme/checkout: {audience: internal}}"
    return f"  github: {{kind: github, url: '{url}', auth: {{token: {{env: TOKEN}}}}, repositories: {places}}}\n"


def jira_at(url: str) -> str:
    auth = "{email: bot@example.com, token: {env: TOKEN}}"
    return f"  jira: {{kind: jira, url: '{url}', auth: {auth}, projects: {{PAY: {{audience: internal}}}}}}\n"


def fates(applied):
    return [result.fate for result in applied.results]


@MISSING
def test_a_small_github_is_annotated_once(clock, passes_over, missing):
    with SmallGitHub(clock, missing=missing) as github:
        number = github.add("No home")
        passes = passes_over(github_at(github.url))

        assert fates(passes.apply()) == [Fate.APPLIED, Fate.APPLIED]
        assert (github.labels(number), len(github.comments[number])) == ([LABEL], 1)

        github.writes()
        passes.apply()
        passes.apply()
        assert github.writes() == []


@pytest.mark.parametrize("knows_comments_by_id", [True, False])
def test_a_small_github_is_told_when_it_is_resolved(clock, passes_over, knows_comments_by_id):
    with SmallGitHub(clock, knows_comments_by_id=knows_comments_by_id) as github:
        number = github.add("No home")
        passes = passes_over(github_at(github.url))
        passes.apply()
        github.issues[number].update(body="Outcome: fast", updated_at=github.now())

        applied = passes.apply()

        assert github.labels(number) == []
        assert ("Resolved" in github.comments[number][0]["body"]) is knows_comments_by_id
        assert fates(applied)[-1] is (Fate.APPLIED if knows_comments_by_id else Fate.REFUSED)
        assert len(github.comments[number]) == 1


def test_a_comment_on_a_small_github_is_found_again_without_a_store(clock, passes_over):
    with SmallGitHub(clock) as github:
        number = github.add("No home")
        passes = passes_over(github_at(github.url))
        passes.apply()
        passes.lose_store()
        github.writes()

        passes.apply()

        assert len(github.comments[number]) == 1
        assert github.writes() == []


def test_a_label_that_a_person_removed_on_a_small_github_stays_away(clock, passes_over):
    with SmallGitHub(clock) as github:
        number = github.add("No home")
        passes = passes_over(github_at(github.url))
        passes.apply()
        passes.apply()
        github.issues[number].update(labels=[], updated_at=github.now())
        github.writes()

        passes.apply()
        passes.apply()

        assert (github.labels(number), github.writes()) == ([], [])


@MISSING
@pytest.mark.parametrize("searches", ["search/jql", "search"])
def test_a_small_jira_is_annotated_once(clock, passes_over, missing, searches):
    with SmallJira(clock, missing=missing, searches=searches) as jira:
        ids = [jira.add(f"No home {number}") for number in range(3)]
        passes = passes_over(jira_at(jira.url))

        assert set(fates(passes.apply())) == {Fate.APPLIED}
        assert [(jira.labels(each), len(jira.comments[each])) for each in ids] == [([LABEL], 1)] * 3

        jira.writes()
        passes.apply()
        passes.apply()
        assert jira.writes() == []


def test_a_small_jira_is_told_when_it_is_resolved(clock, passes_over):
    with SmallJira(clock) as jira:
        native_id = jira.add("No home")
        passes = passes_over(jira_at(jira.url))
        passes.apply()
        jira.issues[native_id]["fields"].update(labels=["outcome:fast", LABEL], updated=jira.now())

        passes.apply()

        assert jira.labels(native_id) == ["outcome:fast"]
        assert len(jira.comments[native_id]) == 1
        assert "Resolved" in str(jira.comments[native_id][0]["body"])


def test_a_comment_on_a_small_jira_that_a_person_deleted_stays_away(clock, passes_over):
    with SmallJira(clock) as jira:
        native_id = jira.add("No home")
        passes = passes_over(jira_at(jira.url))
        passes.apply()
        jira.comments[native_id].clear()
        jira.issues[native_id]["fields"]["updated"] = jira.now()
        jira.writes()

        passes.apply()
        passes.apply()

        assert (jira.comments[native_id], jira.writes()) == ([], [])


def test_a_comment_whose_mark_a_small_jira_dropped_is_found_again_without_a_store(clock, passes_over):
    with SmallJira(clock, author="bot", account="bot") as jira:
        native_id = jira.add("No home")
        passes = passes_over(jira_at(jira.url))
        passes.apply()
        passes.lose_store()

        passes.apply()

        assert len(jira.comments[native_id]) == 1
