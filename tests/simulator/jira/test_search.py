from datetime import timedelta

import pytest

SEARCH = "/search/jql"
PAY = "project = PAY ORDER BY created ASC"


def keys(answer):
    return [row["key"] for row in answer.json["issues"]]


def searched(ask, jql, *fields, **given):
    return ask("POST", SEARCH, {"jql": jql, "fields": list(fields) or ["summary"], **given})


def pages(ask, jql, **given):
    found, token = [], None
    while True:
        answer = searched(ask, jql, **given, **({"nextPageToken": token} if token else {}))
        found.append(keys(answer))
        token = answer.json.get("nextPageToken")
        if token is None:
            assert answer.json["isLast"]
            return found


def test_without_fields_a_row_is_its_id(ask, state):
    issue = state.add_issue("PAY", "one")

    answer = ask("POST", SEARCH, {"jql": PAY})

    assert answer.json == {"issues": [{"id": issue.id}], "isLast": True}


@pytest.mark.parametrize(("asked", "sizes"), [(50, [50, 50, 50, 50, 40]), (5_000, [100, 100, 40])])
def test_a_page_holds_a_hundred_rows_however_many_are_asked_for(ask, state, asked, sizes):
    for number in range(240):
        state.add_issue("PAY", f"item {number}")

    assert [len(page) for page in pages(ask, PAY, maxResults=asked)] == sizes
    assert len(ask("POST", SEARCH, {"jql": PAY, "fields": ["id", "key"], "maxResults": 5_000}).json["issues"]) == 240


def test_a_token_goes_on_behind_its_row_whatever_happened_since(ask, state, clock):
    for number in range(150):
        state.add_issue("PAY", f"item {number}")
        clock.set(clock.now() + timedelta(seconds=1))
    jql = 'project = PAY AND updated >= "-1h" ORDER BY updated ASC'
    first = searched(ask, jql, maxResults=100)
    state.edit_issue("PAY-1", summary="moved to the end")
    state.delete_issue("PAY-2")

    rest = searched(ask, jql, maxResults=100, nextPageToken=first.json["nextPageToken"])

    assert keys(rest) == [f"PAY-{number}" for number in range(101, 151)] + ["PAY-1"]


def test_a_token_is_good_for_its_query_and_for_seven_days(ask, state, clock):
    for number in range(101):
        state.add_issue("PAY", f"item {number}")
    token = searched(ask, PAY, maxResults=100).json["nextPageToken"]

    assert searched(ask, "project = PAY", nextPageToken=token).status == 400
    assert searched(ask, PAY, nextPageToken="nonsense").status == 400
    assert searched(ask, PAY, nextPageToken=token).status == 200
    clock.set(clock.now() + timedelta(days=7, seconds=1))
    assert (
        searched(ask, PAY, nextPageToken=token).complaint == "The provided next page token is invalid or has expired."
    )


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        pytest.param({"jql": ""}, "Unbounded JQL queries are not allowed here", id="empty"),
        pytest.param({"jql": "ORDER BY created"}, "Unbounded JQL queries", id="unbounded"),
        pytest.param(
            {"jql": "project = NOPE"}, "The value 'NOPE' does not exist for the field 'project'.", id="no-project"
        ),
        pytest.param({"jql": "project in (PAY, NOPE)"}, "The value 'NOPE' does not exist", id="one-of-several"),
        pytest.param({"jql": "nope = 1"}, "Field 'nope' does not exist or you do not have permission", id="no-field"),
        pytest.param({"jql": "project = "}, "Expecting a value but got the end of the query", id="half"),
        pytest.param({"jql": "project PAY"}, "Expecting operator but got 'PAY'", id="no-operator"),
        pytest.param({"jql": "project = PAY PAY"}, "Expecting either 'OR' or 'AND' but got 'PAY'", id="too-much"),
        pytest.param({"jql": 'updated >= "soon"'}, "Date value 'soon' for field 'updated' is invalid", id="no-date"),
        pytest.param(
            {"jql": "project > PAY"}, "The operator '>' is not supported by the 'project' field", id="operator"
        ),
        pytest.param({"jql": "project = PAY ORDER BY nope"}, "Field 'nope' does not exist", id="no-order"),
        pytest.param(
            {"jql": "project = PAY ORDER BY " + ", ".join(["key"] * 8)}, "The maximum number of fields", id="long-order"
        ),
        pytest.param({"jql": 5}, "Invalid request payload", id="a-number-as-query"),
        pytest.param({"jql": PAY, "fields": "summary"}, "Invalid request payload", id="fields-as-text"),
        pytest.param({"jql": PAY, "maxResults": "50"}, "Invalid request payload", id="a-text-as-number"),
        pytest.param({"jql": PAY, "maxResults": 0}, "maxResults must be at least 1", id="no-rows"),
        pytest.param({"jql": PAY, "expand": ["names"]}, "Invalid request payload", id="expand-as-list"),
        pytest.param({"jql": PAY, "startAt": 0}, "Invalid request payload", id="the-old-paging"),
        pytest.param(
            {"jql": PAY, "reconcileIssues": list(range(51))}, "must not exceed 50", id="too-many-to-reconcile"
        ),
    ],
)
def test_what_jira_refuses_is_refused_in_its_words(ask, body, complaint):
    answer = ask("POST", SEARCH, body)

    assert answer.status == 400
    assert complaint in answer.complaint


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_old_search_is_gone(ask, method):
    assert ask(method, "/search", {} if method == "POST" else None).status == 410


@pytest.mark.parametrize(
    ("jql", "expected"),
    [
        ("project in (PAY, FRAUD)", ["PAY-1", "PAY-2", "FRAUD-1"]),
        ('project = "Fraud checks"', ["FRAUD-1"]),
        ("project != PAY", ["FRAUD-1"]),
        ("key = PAY-2 OR id = FRAUD-1", ["PAY-2", "FRAUD-1"]),
        ("labels = Bug", ["PAY-1"]),
        ("labels is EMPTY", ["FRAUD-1"]),
        ("labels not in (bug)", ["PAY-2"]),
        ("statusCategory = Done", ["PAY-2"]),
        ('status = "In Progress"', ["FRAUD-1"]),
        ("NOT (statusCategory = Done OR project = FRAUD)", ["PAY-1"]),
        ("assignee = currentUser()", ["PAY-1"]),
        ("parent = PAY-1", ["PAY-2"]),
        ("issuetype in (Epic, Bug) AND project = PAY", ["PAY-1"]),
        ("summary ~ two", ["PAY-2"]),
        ('fixVersion = "26.12"', ["PAY-2"]),
        ("sprint = 1", ["PAY-2"]),
        ("resolution is not empty", ["PAY-2"]),
        ("priority = High", ["FRAUD-1"]),
    ],
)
def test_a_query_finds_what_it_says(ask, state, jql, expected):
    sprint = state.catalogue.add_sprint("Sprint 1")
    state.catalogue.add_version("PAY", "26.12")
    state.add_issue("PAY", "one", type="Epic", labels=["bug"], assignee="bot")
    state.add_issue(
        "PAY", "two", parent="PAY-1", labels=["x"], status="Done", fix_versions=["26.12"], sprints=[sprint.id]
    )
    state.add_issue("FRAUD", "three", status="In Progress", priority="High")
    state.catalogue.type_named("Bug")

    assert keys(searched(ask, f"({jql}) ORDER BY id ASC")) == expected


class TestTime:
    def test_minutes_back_are_counted_from_now_for_everybody(self, ask, state, clock):
        state.people.add("bot", email="bot@example.com", token="bot", time_zone="Asia/Tokyo")
        state.add_issue("PAY", "one")
        clock.set(clock.now() + timedelta(minutes=10))

        assert keys(searched(ask, 'project = PAY AND updated >= "-10m"')) == ["PAY-1"]
        assert keys(searched(ask, 'project = PAY AND updated >= "-9m"')) == []
        assert keys(searched(ask, 'project = PAY AND created >= "-1h 5m"')) == ["PAY-1"]

    def test_a_written_time_is_read_in_the_time_zone_of_the_profile(self, ask, state):
        state.people.add("bot", email="bot@example.com", token="bot", time_zone="Asia/Tokyo")
        state.add_issue("PAY", "one")  # at 10:00 in UTC, 19:00 in Tokyo

        assert keys(searched(ask, 'project = PAY AND updated >= "2026-11-24 19:00"')) == ["PAY-1"]
        assert keys(searched(ask, 'project = PAY AND updated >= "2026-11-24 19:01"')) == []

    def test_times_in_rows_have_the_offset_of_the_site(self, ask, state):
        state.time_zone = "Europe/Berlin"
        state.add_issue("PAY", "one")

        (row,) = searched(ask, PAY, "created").json["issues"]

        assert row["fields"] == {"created": "2026-11-24T11:00:00.000+0100"}

    def test_a_window_opens_at_its_minute_and_its_second(self, ask, state, clock):
        state.add_issue("PAY", "one")
        clock.set(clock.now() + timedelta(minutes=10, seconds=1))

        assert keys(searched(ask, 'project = PAY AND updated >= "-10m"')) == []


class TestLag:
    @pytest.fixture(autouse=True)
    def late(self, state):
        state.index.lag = timedelta(seconds=30)

    def test_a_search_sees_the_past_and_the_issue_itself_the_present(self, ask, state, clock):
        state.add_issue("PAY", "before")
        state.reindex()
        state.edit_issue("PAY-1", summary="after")

        def summaries():
            (row,) = searched(ask, PAY, "summary").json["issues"]
            return row["fields"]["summary"], ask("GET", "/issue/PAY-1").json["fields"]["summary"]

        assert summaries() == ("before", "after")
        clock.set(clock.now() + timedelta(seconds=30))
        assert summaries() == ("after", "after")

    def test_an_issue_that_is_gone_is_found_for_a_while(self, ask, state, clock):
        state.add_issue("PAY", "one")
        state.reindex()
        state.delete_issue("PAY-1")

        assert keys(searched(ask, PAY)) == ["PAY-1"]
        clock.set(clock.now() + timedelta(seconds=30))
        assert keys(searched(ask, PAY)) == []

    def test_reconciled_issues_are_seen_at_once(self, ask, state):
        issue = state.add_issue("PAY", "one")

        assert keys(searched(ask, PAY)) == []
        assert keys(searched(ask, PAY, reconcileIssues=[int(issue.id)])) == ["PAY-1"]


class TestSight:
    def test_an_issue_under_a_security_level_is_for_its_members(self, ask, state):
        state.catalogue.add_security_level("Board", ["ada"])
        state.add_issue("PAY", "secret", security="Board")

        assert ask("POST", SEARCH, {"jql": PAY}, who="ada").json["issues"] != []
        assert ask("POST", SEARCH, {"jql": PAY}).json["issues"] == []
        assert ask("GET", "/issue/PAY-1").status == 404
        assert ask("POST", "/issue/bulkfetch", {"issueIdsOrKeys": ["PAY-1"]}).json["issues"] == []
        assert ask("PUT", "/issue/PAY-1", {"fields": {"summary": "x"}}).status == 404

    def test_a_project_that_may_not_be_browsed_does_not_exist(self, ask, state):
        state.people.permit("bot", "FRAUD", ())

        assert searched(ask, "project = FRAUD").complaint == "The value 'FRAUD' does not exist for the field 'project'."

    def test_a_parent_is_shown_by_key_to_who_may_not_read_it_and_a_link_is_not(self, ask, state):
        state.add_issue("FRAUD", "hidden epic", type="Epic")
        state.add_issue("PAY", "one", parent="FRAUD-1")
        state.add_link("Blocks", "FRAUD-1", "PAY-1")
        state.people.permit("bot", "FRAUD", ())

        (row,) = searched(ask, PAY, "parent", "issuelinks").json["issues"]

        assert row["fields"]["parent"]["key"] == "FRAUD-1"
        assert row["fields"]["issuelinks"] == []


class TestBulkFetch:
    def test_issues_come_by_id_key_and_former_key(self, ask, state):
        one, _ = state.add_issue("PAY", "one"), state.add_issue("PAY", "two")
        state.move_issue("PAY-2", "FRAUD")

        answer = ask("POST", "/issue/bulkfetch", {"issueIdsOrKeys": [one.id, "PAY-2"], "fields": ["summary"]})

        assert keys(answer) == ["PAY-1", "FRAUD-1"]

    def test_what_is_not_there_is_left_out_without_a_word(self, ask, state):
        state.add_issue("PAY", "one")

        answer = ask("POST", "/issue/bulkfetch", {"issueIdsOrKeys": ["PAY-1", "PAY-99"]})

        assert keys(answer) == ["PAY-1"]
        assert answer.json["issueErrors"] == []

    @pytest.mark.parametrize(
        "body", [{}, {"issueIdsOrKeys": []}, {"issueIdsOrKeys": ["1"] * 101}, {"issueIdsOrKeys": [1]}]
    )
    def test_one_to_a_hundred_texts_are_taken(self, ask, body):
        assert ask("POST", "/issue/bulkfetch", body).status == 400


def test_a_row_shows_links_from_its_own_side(ask, state):
    state.add_issue("PAY", "blocker")
    state.add_issue("PAY", "blocked", status="Done")
    state.add_link("Blocks", "PAY-1", "PAY-2")

    first, second = searched(ask, PAY, "issuelinks").json["issues"]

    (out,), (back,) = first["fields"]["issuelinks"], second["fields"]["issuelinks"]
    assert (out["type"]["outward"], out["outwardIssue"]["key"], "inwardIssue" in out) == ("blocks", "PAY-2", False)
    assert (back["type"]["inward"], back["inwardIssue"]["key"], "outwardIssue" in back) == (
        "is blocked by",
        "PAY-1",
        False,
    )
    assert out["outwardIssue"]["fields"]["status"]["statusCategory"]["key"] == "done"


def test_the_get_form_answers_alike(ask, state):
    state.add_issue("PAY", "one")

    assert ask("GET", SEARCH, jql=PAY, fields="summary").json == searched(ask, PAY, "summary").json


MATCH = "/jql/match"


def matched(ask, ids, *jqls, **given):
    return ask("POST", MATCH, {"issueIds": [int(each) for each in ids], "jqls": list(jqls)}, **given)


def test_matching_says_of_each_query_which_issues_it_would_find(ask, state):
    one, two = state.add_issue("PAY", "one", labels=["goal"]), state.add_issue("FRAUD", "two")
    state.add_issue("PAY", "not asked about", labels=["goal"])

    answer = matched(ask, [one.id, two.id, "99999"], "project in (PAY, FRAUD)", "labels = goal", "broken = value", "x")

    assert answer.status == 200
    assert answer.json["matches"] == [
        {"matchedIssues": [int(one.id), int(two.id)], "errors": []},
        {"matchedIssues": [int(one.id)], "errors": []},
        {
            "matchedIssues": [],
            "errors": ["Field 'broken' does not exist or you do not have permission to view it."],
        },
        {
            "matchedIssues": [],
            "errors": ["Error in the JQL Query: Expecting operator but got the end of the query."],
        },
    ]


def test_matching_needs_no_bound_and_shows_nothing_that_is_hidden(ask, state):
    open_to_all, hidden = state.add_issue("PAY", "one"), state.add_issue("FRAUD", "two")
    state.people.permit("ada", "FRAUD", ())

    answer = matched(ask, [open_to_all.id, hidden.id], "", who="ada")

    assert answer.json["matches"] == [{"matchedIssues": [int(open_to_all.id)], "errors": []}]


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        pytest.param({"issueIds": ["10001"], "jqls": []}, "Invalid request payload", id="ids-as-text"),
        pytest.param({"issueIds": [1]}, "Invalid request payload", id="no-queries"),
        pytest.param({"issueIds": list(range(1_001)), "jqls": ["a"]}, "must not exceed 1000", id="too-many-issues"),
        pytest.param({"issueIds": [1], "jqls": ["a"] * 101}, "must not exceed 100", id="too-many-queries"),
    ],
)
def test_what_can_not_be_matched_is_refused(ask, body, complaint):
    answer = ask("POST", MATCH, body)

    assert answer.status == 400
    assert complaint in answer.complaint
