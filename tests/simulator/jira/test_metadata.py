import pytest

from syncd.simulator.jira.people import BROWSE


class TestSigningIn:
    def test_nobody_is_let_in_without_a_login(self, ask):
        answer = ask("GET", "/myself", who="")

        assert answer.status == 401
        assert answer.headers["www-authenticate"].startswith("Basic")
        assert answer.complaint == "Client must be authenticated to access this resource."

    def test_a_wrong_expired_or_closed_login_is_refused(self, ask, state):
        state.people.add("gone", email="gone@example.com", token="gone", active=False)

        assert ask("GET", "/myself", who="nobody").status == 401
        assert ask("GET", "/myself", who="gone").status == 401
        state.people.expire_token("bot")
        assert ask("GET", "/myself").status == 401
        assert ask("POST", "/search/jql", {"jql": "project = PAY"}).status == 401

    def test_the_site_tells_what_it_is_to_anybody(self, ask):
        assert ask("GET", "/serverInfo", who="").json["deploymentType"] == "Cloud"

    def test_who_is_signed_in_is_told_with_the_time_zone(self, ask):
        found = ask("GET", "/myself").json

        assert (found["accountId"], found["displayName"], found["timeZone"]) == ("bot", "Bot", "UTC")


def test_json_that_is_none_is_refused(ask):
    assert "There was an error parsing JSON" in ask("POST", "/search/jql", raw=b"{").complaint


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nothing", 404), ("DELETE", "/field", 405)])
def test_what_is_not_there_is_said_in_jiras_form(ask, method, path, status):
    answer = ask(method, path)

    assert answer.status == status
    assert answer.complaint


def test_fields_have_their_schema(ask, state):
    state.catalogue.add_field("Squad", "option")

    found = {row["name"]: row for row in ask("GET", "/field").json}

    assert found["Sprint"]["schema"]["custom"] == "com.pyxis.greenhopper.jira:gh-sprint"
    assert found["Summary"]["schema"] == {"type": "string", "system": "summary"}
    assert found["Squad"]["custom"]
    assert found["Squad"]["schema"]["type"] == "option"


class TestProjects:
    def test_they_come_by_pages_and_only_those_that_may_be_browsed(self, ask, state):
        for number in range(60):
            state.catalogue.add_project(f"P{number:02}")
        state.people.permit("bot", "PAY", ())

        first = ask("GET", "/project/search", maxResults=50).json
        rest = ask("GET", "/project/search", maxResults=50, startAt=50).json

        assert (first["total"], first["isLast"], rest["isLast"]) == (61, False, True)
        assert [row["key"] for row in rest["values"]] == [f"P{number:02}" for number in range(49, 60)]

    def test_they_are_found_by_keys(self, ask):
        found = ask("GET", "/project/search", keys=["PAY", "NOPE"]).json["values"]

        assert [row["key"] for row in found] == ["PAY"]

    def test_one_has_its_type_its_issue_types_and_its_versions(self, ask, state):
        state.catalogue.add_project("DESK", type_key="service_desk")
        state.catalogue.add_version("PAY", "26.12")
        state.add_issue("PAY", "one", type="Bug")

        found = ask("GET", "/project/PAY").json

        assert ask("GET", "/project/DESK").json["projectTypeKey"] == "service_desk"
        assert [row["name"] for row in found["issueTypes"]] == ["Bug"]
        assert [row["name"] for row in found["versions"]] == ["26.12"]
        assert ask("GET", "/project/NOPE").status == 404


class TestPermissions:
    def test_they_are_told_for_a_project(self, ask, state):
        state.people.permit("bot", "FRAUD", {BROWSE})

        def has(**query):
            rows = ask("GET", "/mypermissions", permissions="BROWSE_PROJECTS,EDIT_ISSUES", **query).json["permissions"]
            return {name: row["havePermission"] for name, row in rows.items()}

        assert has(projectKey="PAY") == {"BROWSE_PROJECTS": True, "EDIT_ISSUES": True}
        assert has(projectKey="FRAUD") == {"BROWSE_PROJECTS": True, "EDIT_ISSUES": False}

    @pytest.mark.parametrize(
        ("query", "status"),
        [({}, 400), ({"permissions": "FLY"}, 400), ({"permissions": "EDIT_ISSUES", "projectKey": "NOPE"}, 404)],
    )
    def test_they_must_be_named_and_known(self, ask, query, status):
        assert ask("GET", "/mypermissions", **query).status == status


def test_words_are_those_in_use(ask, state):
    state.add_issue("PAY", "one", type="Bug", status="In Progress")
    state.add_issue("PAY", "two")
    state.add_link("Blocks", "PAY-1", "PAY-2")

    assert [row["name"] for row in ask("GET", "/issuetype").json] == ["Bug", "Story"]
    assert [(row["name"], row["statusCategory"]["key"]) for row in ask("GET", "/status").json] == [
        ("In Progress", "indeterminate"),
        ("To Do", "new"),
    ]
    assert [row["name"] for row in ask("GET", "/issueLinkType").json["issueLinkTypes"]] == ["Blocks"]
