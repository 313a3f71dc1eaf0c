import json

import pytest

from syncd.simulator.bot import TOKEN
from tests.cli.running import syncd
from tests.e2e.town import LABEL, SIDES, GitHubSide, JiraSide


def run(town, *arguments):
    return syncd(*arguments, "--config", str(town.config))


@pytest.fixture
def sides(town):
    return [make(town) for make in SIDES.values()]


class TestPlan:
    def test_shows_what_would_be_written_and_writes_nothing(self, town, sides):
        ended = run(town, "plan")

        assert (ended.code, ended.err) == (0, "")
        assert "Read github (1 item, 1 new or changed) and jira (1 item, 1 new or changed)." in ended.out
        assert "2 findings told on 2 items: no-outcome 2." in ended.out
        assert ", stage comment: 4 changes on 2 items" in ended.out
        assert f"PAY-1  Load the card form once\n      + label    {LABEL}\n      + comment" in ended.out
        assert "Nothing was written. `syncd apply` writes it." in ended.out
        assert town.writes() == []

    def test_as_json(self, town, sides):
        ended = run(town, "plan", "--json")

        plan = json.loads(ended.out)
        assert [(each["key"], each["action"]) for each in plan["changes"]] == [
            ("PAY-1", "add_label"),
            ("PAY-1", "create_comment"),
            ("acme/checkout#1", "add_label"),
            ("acme/checkout#1", "create_comment"),
        ]
        assert plan["changes"][0]["label"] == LABEL
        assert plan["changes"][1]["comment"]["blocks"]
        assert plan["waiting"] == []
        assert json.loads(run(town, "plan", "--json").out)["plan"] == plan["plan"], "equal plans have equal ids"

    def test_ends_with_1_where_asked_and_something_is_to_be_written(self, town, sides):
        assert run(town, "plan", "--exit-code").code == 1
        assert run(town, "apply").code == 0
        assert run(town, "plan", "--exit-code").code == 0

    @pytest.mark.parametrize(
        ("stage", "actions"),
        [
            ("comment", {"add_label", "create_comment"}),
            ("labels", {"add_label"}),
            ("report", set()),
            ("off", set()),
        ],
    )
    def test_tries_a_stage(self, town, sides, stage, actions):
        town.configure(stage="report")

        plan = json.loads(run(town, "plan", "--json", "--stage", stage).out)

        assert {change["action"] for change in plan["changes"]} == actions

    def test_at_stage_report_says_how_to_see_more(self, town, sides):
        town.configure(stage="report")

        ended = run(town, "plan")

        assert (
            "The stage is report. `--stage labels` would write 2 labels; "
            "`--stage comment` would write 2 labels and 2 comments." in ended.out
        )

    def test_says_how_much_is_in_play_who_would_be_told_and_what_is_left_out(self, town, sides):
        town.configure(projects="{PAY: {stage: off}}", repositories="{acme/checkout: {team: web}}")

        out = run(town, "plan").out

        assert "2 open items: 0 in play." in out
        assert "jira:PAY is off: 1 open item, 1 finding, read and counted, never annotated." in out
        assert "  web                  1 item, 1 label, 1 comment\n" in out

    @pytest.mark.parametrize(
        ("narrow", "keys"),
        [
            (("--place", "PAY"), {"PAY-1"}),
            (("--place", "github:acme/checkout"), {"acme/checkout#1"}),
            (("--place", "PAY", "--place", "acme/checkout"), {"PAY-1", "acme/checkout#1"}),
            (("--rule", "no-outcome"), {"PAY-1", "acme/checkout#1"}),
        ],
    )
    def test_tries_a_part(self, town, sides, narrow, keys):
        plan = json.loads(run(town, "plan", "--json", *narrow).out)

        assert {change["key"] for change in plan["changes"]} == keys

    def test_tries_a_team(self, town, sides):
        town.configure(projects="{PAY: {team: payments}}", repositories="{acme/checkout: {team: web}}")

        plan = json.loads(run(town, "plan", "--json", "--team", "payments").out)

        assert {change["key"] for change in plan["changes"]} == {"PAY-1"}
        assert run(town, "plan", "--team", "payment").err == "no team 'payment'. Did you mean 'payments'?\n"

    @pytest.mark.parametrize(
        ("narrow", "complaint"),
        [
            (("--rule", "no-outcom"), "no rule 'no-outcom'. Did you mean 'no-outcome'?"),
            (("--place", "PAYS"), "no place 'PAYS'. Did you mean 'PAY'?"),
        ],
    )
    def test_a_part_that_there_is_not_is_told(self, town, narrow, complaint):
        ended = run(town, "plan", *narrow)

        assert (ended.code, ended.err) == (2, complaint + "\n")

    def test_leaves_the_tried_stage_untried_next_time(self, town, sides):
        town.configure(stage="report")
        run(town, "plan", "--stage", "comment")

        assert run(town, "plan", "--exit-code").code == 0
        assert run(town, "apply").code == 0
        assert town.writes() == []

    def test_refuses_a_stage_that_is_none(self, town):
        ended = run(town, "plan", "--stage", "comments")

        assert (ended.code, ended.out) == (2, "")
        assert "read 'comments'; expected one of off, report, labels, comment" in " ".join(
            ended.err.replace("│", " ").split()
        )


class TestApply:
    def test_writes_and_tells_what_became_of_it(self, town, sides):
        ended = run(town, "apply")

        assert (ended.code, ended.err) == (0, "")
        assert ended.out.endswith("4 changes applied.\n")
        assert [(side.labels, len(side.comments)) for side in sides] == [((LABEL,), 1)] * 2

    def test_again_writes_nothing(self, town, sides):
        run(town, "apply")
        town.writes()

        ended = run(town, "apply")

        assert (ended.code, town.writes()) == (0, [])
        assert "Nothing to write." in ended.out

    def test_a_change_that_is_refused_is_told_and_ends_with_1(self, town, sides):
        town.fault(tracker="jira", method="PUT", status=400, body='{"errorMessages": ["No."]}', count=None)

        ended = run(town, "apply")

        assert ended.code == 1
        assert f"PAY-1  + label    {LABEL}  refused: refused the request (400): No." in ended.out
        assert len(sides[1].comments) == 1

    def test_a_lost_answer_is_told_and_ends_with_3_and_is_looked_for_next_time(self, town, sides):
        town.fault(tracker="github", method="POST", path="/comments", drop=True, work=True)

        ended = run(town, "apply")
        assert ended.code == 3
        assert "unknown: the connection broke; the write may have been done" in ended.out

        ended = run(town, "apply")
        assert ended.code == 0
        assert "Looking for 1 write whose answer was lost; this can take a minute." in ended.out
        assert [len(side.comments) for side in sides] == [1, 1]


class TestStatus:
    def test_before_anything_was_read(self, town):
        ended = run(town, "status")

        assert (ended.code, ended.err) == (0, "")
        assert "default: stage comment" in ended.out
        assert ended.out.count("never read") == 2

    def test_after_a_pass(self, town, sides):
        run(town, "apply")
        town.writes()

        ended = run(town, "status")

        assert "jira  1 item in 1 place, read " in ended.out
        assert "findings   no-outcome 2; 0 not yet for long enough" in ended.out
        assert "annotated  2 items with labels, 2 comments" in ended.out

    def test_tells_what_could_not_be_read_what_waits_and_what_is_on_its_way(self, town, sides):
        town.configure(settings="limits: {new_comments: 1}\n")
        town.fault(tracker="jira", method="POST", path="/comment", drop=True, work=True)
        run(town, "apply")

        ended = run(town, "status")
        assert "waiting    2 changes: over the limit of 1 new comments in 24 hours" in ended.out
        assert "in flight  1 write whose answer is not known yet" in ended.out

        town.fault(tracker="github", status=401, count=None)
        run(town, "plan")
        assert "acme/checkout: the token is wrong or expired (401)" in run(town, "status").out

    def test_asks_no_tracker(self, town, sides):
        run(town, "apply")
        town.server.journal.clear()

        run(town, "status")

        assert town.server.journal.entries() == []

    def test_as_json(self, town, sides):
        run(town, "apply")

        document = json.loads(run(town, "status", "--json").out)["default"]

        assert document["items"] == 2
        assert document["findings"] == {"no-outcome": 2}
        assert document["annotated"] == {"labels": 2, "comments": 2, "removed_by_people": 0}
        assert set(document["places"]) == {"jira:PAY", "github:acme/checkout"}


COMMANDS = (["plan"], ["apply"], ["status"], ["doctor"], ["check"], ["run"])


@pytest.mark.parametrize("command", [["plan"], ["apply"], ["status"], ["doctor"], ["run"]])
def test_a_workspace_that_is_not_there_is_told_with_those_that_are(town, command):
    ended = run(town, *command, "--workspace", "payments")

    assert (ended.code, ended.out) == (2, "")
    assert ended.err == f"no workspace 'payments' in {town.config}; there is: default\n"


def test_of_several_workspaces_one_must_be_named(town):
    for name in ("trackers", "roadmap"):
        town.write(f"other/{name}.yaml", (town.config / f"default/{name}.yaml").read_text())

    ended = run(town, "plan")

    assert (ended.code, ended.out) == (2, "")
    assert ended.err == "there are several workspaces: name one with --workspace (default, other)\n"
    assert run(town, "plan", "--workspace", "other").code == 0
    assert run(town, "status").out.count("stage comment") == 2


@pytest.mark.parametrize("command", [["plan"], ["apply"], ["doctor"], ["run"]])
def test_a_secret_that_is_not_there_is_told_by_its_name(town, command, monkeypatch):
    monkeypatch.delenv("JIRA_TOKEN")
    monkeypatch.setenv("GITHUB_TOKEN", "")

    ended = run(town, *command)

    assert (ended.code, ended.out) == (2, "")
    assert "tracker 'jira': environment variable JIRA_TOKEN is not set" in ended.err
    assert "GITHUB_TOKEN" in ended.err
    assert ended.err.count("\n") == 2


@pytest.mark.parametrize("command", COMMANDS)
def test_a_folder_that_is_not_there_is_told_in_one_line(command, tmp_path):
    ended = syncd(*command, "--config", str(tmp_path / "nowhere"))

    assert (ended.code, ended.out) == (2, "")
    assert ended.err == f"no configuration folder '{tmp_path / 'nowhere'}'; `syncd init` writes one\n"


@pytest.mark.parametrize("command", [["plan"], ["apply"], ["status"], ["run"]])
def test_a_store_that_can_not_be_opened_is_told_in_one_line(town, command):
    town.write("syncd.yaml", f"store: sqlite:///{town.config}\n")

    ended = run(town, *command)

    assert (ended.code, ended.out) == (3, "")
    assert ended.err.startswith(f"store {town.config}")
    assert ended.err.count("\n") == 1


@pytest.mark.parametrize("arguments", [["plan", "--nonsense"], ["apply", "--stage"], ["nonsense"]])
def test_wrong_usage_ends_with_2(arguments):
    ended = syncd(*arguments)

    assert (ended.code, ended.out) == (2, "")
    assert ended.err
    assert TOKEN not in ended.err


def test_hostile_words_of_others_can_not_move_the_cursor(town):
    title = "\x1b[2J\x1b]0;evil\x07 \u202eevil\r\nREFUSED: all"
    JiraSide(town, title)
    GitHubSide(town, title)

    ended = run(town, "plan")

    assert [each for each in ended.out if not each.isprintable() and each != "\n"] == []
    assert not any(line.startswith("REFUSED") for line in ended.out.splitlines())
