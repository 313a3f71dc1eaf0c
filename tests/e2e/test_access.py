"""Credentials that are wrong, expired or may not do enough: told per tracker in one line, the others go on."""

import pytest

from syncd.simulator.bot import ACCOUNT_ID, LOGIN, TOKEN
from syncd.simulator.github import Role
from syncd.simulator.jira.people import BROWSE, COMMENT, EDIT
from tests.cli.running import syncd
from tests.e2e.town import LABEL, SIDES

WRONG = "a-secret-that-is-wrong"


def wrong_token(town, name, monkeypatch):
    monkeypatch.setenv(f"{name.upper()}_TOKEN", WRONG)


def expired_token(town, name, monkeypatch):
    if name == "jira":
        town.jira.people.expire_token(ACCOUNT_ID)
    else:
        town.github.people.expire_token(TOKEN)


def missing_permission(town, name, monkeypatch):
    if name == "jira":
        town.jira.people.permit(ACCOUNT_ID, "PAY", ())
    else:
        town.github.people.permit(LOGIN, town.github.catalogue.repository("acme/checkout"), Role.NONE)


def unknown_place(town, name, monkeypatch):
    if name == "jira":
        town.configure(projects="{NONE: {}}")
    else:
        town.configure(repositories="{acme/none: {}}")


CASES = {
    wrong_token: {
        "jira": "jira: the token is wrong or expired (401)",
        "github": "github: the token is wrong or expired (401)",
    },
    expired_token: {
        "jira": "jira: the token is wrong or expired (401)",
        "github": "github: the token is wrong or expired (401)",
    },
    missing_permission: {"jira": "jira:PAY: ", "github": "github:acme/checkout: "},
    unknown_place: {"jira": "jira:NONE: ", "github": "github:acme/none: "},
}


@pytest.fixture(params=SIDES)
def name(request):
    return request.param


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
@pytest.mark.parametrize("command", ["plan", "apply", "doctor"])
class TestWhoMayNotRead:
    def test_is_told_so_in_one_line_and_the_others_go_on(self, living_town, name, case, command, monkeypatch):
        town = living_town
        sides = {each: make(town) for each, make in SIDES.items()}
        case(town, name, monkeypatch)

        ended = syncd(command, "--config", str(town.config))

        assert ended.code == 3
        told = [line for line in ended.err.splitlines() if line.startswith(name)]
        assert len(told) == 1
        assert told[0].startswith(CASES[case][name])
        assert "Traceback" not in ended.out + ended.err
        assert WRONG not in ended.out + ended.err
        assert TOKEN not in ended.err
        other = next(side for each, side in sides.items() if each != name)
        assert [line for line in ended.err.splitlines() if line.startswith(other.tracker)] == []
        assert len(other.comments) == (1 if command == "apply" else 0)
        assert sides[name].comments == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_what_was_told_before_stays_until_the_tracker_can_be_read_again(town, side, case, monkeypatch):
    town.apply()
    told = side.comments
    town.writes()
    case(town, side.tracker, monkeypatch)

    for _ in range(3):
        town.pass_time(days=1)
        assert town.apply().results == ()

    assert (side.labels, side.comments) == ((LABEL,), told)


def forbid_labels(town, name):
    if name == "jira":
        town.jira.people.permit(ACCOUNT_ID, "PAY", {BROWSE, COMMENT})
    else:
        town.github.people.permit(LOGIN, town.github.catalogue.repository("acme/checkout"), Role.READ)


def test_who_may_not_label_is_told_for_each_change_and_no_secret_is(living_town, name):
    sides = {each: make(living_town) for each, make in SIDES.items()}
    forbid_labels(living_town, name)

    ended = syncd("apply", "--config", str(living_town.config))

    assert ended.code == 1
    (line,) = [line for line in ended.out.splitlines() if "refused" in line and LABEL in line]
    assert sides[name].key in line
    assert TOKEN not in ended.err
    other = next(side for each, side in sides.items() if each != name)
    assert other.labels == (LABEL,)


def test_a_doctor_says_what_is_missing(living_town, name):
    SIDES[name](living_town)
    if name == "jira":
        living_town.jira.people.permit(ACCOUNT_ID, "PAY", {BROWSE, EDIT})
    else:
        forbid_labels(living_town, name)

    ended = syncd("doctor", "--config", str(living_town.config))

    assert ended.code == 3
    missing = {"jira": "the account lacks Add Comments", "github": "this account may not label in acme/checkout"}
    assert missing[name] in ended.out


def test_a_doctor_says_that_the_jql_of_outcomes_is_refused(living_town):
    trackers = living_town.config / "default/trackers.yaml"
    outcomes = "    kind: jira\n    outcomes: {jql: Rank2 = 1}\n"
    trackers.write_text(trackers.read_text().replace("    kind: jira\n", outcomes))

    ended = syncd("doctor", "--config", str(living_town.config))

    assert ended.code == 3
    said = "trackers.yaml, trackers.jira.outcomes.jql: Jira refused the request (400): Field 'rank2' does not exist"
    assert [said in text for text in (ended.out, ended.err)] == [True, True]
    assert "PAY: may read, label, comment" in ended.out


def test_a_workspace_whose_trackers_all_fail_writes_nothing(living_town, monkeypatch):
    sides = [make(living_town) for make in SIDES.values()]
    for each in SIDES:
        wrong_token(living_town, each, monkeypatch)

    ended = syncd("apply", "--config", str(living_town.config))

    assert ended.code == 3
    assert len(ended.err.splitlines()) == 2
    assert [side.labels for side in sides] == [(), ()]
