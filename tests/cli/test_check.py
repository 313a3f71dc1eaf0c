import json
import re

import pytest

from syncd.cli.problems import Problem, github_lines, sarif
from tests.cli.running import syncd

RULE = "{id: some-rule, title: T, message: M,"
PLACE = r"^(?:syncd\.yaml|default/[\w/]+\.yaml):\d+:\d+: \S"


def check(town):
    return syncd("check", "--config", str(town.config))


def test_a_good_configuration(config):
    ended = check(config)

    assert (ended.code, ended.err) == (0, "")
    *warnings, last = ended.out.splitlines()
    assert last == "default: jira (1 place) and github (1 place), 1 outcome, 2 rules, stage comment. 3 warnings."
    assert len(warnings) == 3
    assert all(line.startswith("warning: default/roadmap.yaml:3:10: outcome 'checkout-latency'") for line in warnings)


def test_the_configuration_that_ships_with_it_is_good():
    assert syncd("check").code == 0


def test_all_errors_of_all_files_are_told_at_once_each_with_its_place(config):
    config.write("syncd.yaml", "stor: x\npoll: {interval: soon}\n")
    config.write("default/trackers.yaml", "stage: comments\ntrackers:\n  jira: {kind: jria}\n")
    config.write("default/roadmap.yaml", "outcomes:\n  - {id: a, title: A}\n  - {id: a, title: B}\n")
    config.write(
        "default/rules/rules.yaml",
        "rules:\n  - {id: r, title: R, when: {item.stauts: open}, message: m}\n  - {id: s, title: S, message: m}\n",
    )

    ended = check(config)

    assert (ended.code, ended.out) == (2, "")
    lines = ended.err.splitlines()
    assert [line for line in lines if not re.match(PLACE, line)] == []
    files = {line.partition(":")[0] for line in lines}
    assert files == {"syncd.yaml", "default/trackers.yaml", "default/roadmap.yaml", "default/rules/rules.yaml"}
    assert any("item.stauts" in line and "Did you mean 'item.status'?" in line for line in lines)
    assert any(line.startswith("default/trackers.yaml:3:16:") and "jria" in line for line in lines)


def test_a_file_that_is_no_yaml_does_not_make_others_wrong(config):
    config.write("default/rules/a.yaml", "sets: {mine: {item.kind: bug}}\nrules: [\n")
    config.write(
        "default/rules/b.yaml", f"rules:\n  - {RULE} when: {{set: mine}}}}\n  - {RULE} when: {{item.knd: x}}}}\n"
    )

    lines = check(config).err.splitlines()

    assert [line.split(": ")[0] for line in lines] == [
        "default/rules/a.yaml:3:1",
        "default/rules/b.yaml:3:10",
        "default/rules/b.yaml:3:50",
    ]
    assert "unknown fact 'item.knd'" in lines[2]


@pytest.mark.parametrize("written", ["owner: a\nowner: b\n", "owner: &here a\n", "<<: {x: 1}\n", "? {a: b}\n: c\n"])
def test_what_can_not_stand_in_yaml_of_ours_hides_no_other_error_of_its_file(config, written):
    config.write("default/rules/a.yaml", f"{written}rules:\n  - {RULE} when: {{item.knd: x}}, sverity: info}}\n")

    lines = check(config).err.splitlines()

    assert len(lines) == 3
    assert ["item.knd" in line for line in lines].count(True) == 1
    assert ["sverity" in line for line in lines].count(True) == 1


def test_an_alias_is_one_mistake(config):
    config.write("default/rules/a.yaml", f"rules:\n  - {RULE} when: *mine, severity: {{item.kind: *x}}}}\n")

    lines = check(config).err.splitlines()

    assert ["alias" in line for line in lines] == [True, False, True]
    assert "expected 'info', 'warning' or 'critical'" in lines[1]


@pytest.mark.parametrize(
    "name", ["syncd.yaml", "default/trackers.yaml", "default/roadmap.yaml", "default/rules/rules.yaml"]
)
@pytest.mark.parametrize(
    "text",
    ["a: [", "a: 1\na: 2\n", "a: &x 1\nb: *x\n", "- just\n- a list\n", "\x00", "a: !!python/object:os.system x\n"],
)
def test_a_file_that_is_no_yaml_of_ours_is_told_in_a_line_with_its_place(config, name, text):
    config.write(name, text)

    ended = check(config)

    assert (ended.code, ended.out) == (2, "")
    assert [line for line in ended.err.splitlines() if not re.match(PLACE, line)] == []
    assert {line.partition(":")[0] for line in ended.err.splitlines()} == {name}


def test_a_file_that_is_no_text_is_told_in_one_line(config):
    (config.config / "default/trackers.yaml").write_bytes(b"\xff\xfe\x00stage")

    ended = check(config)

    assert ended.code == 2
    assert ended.err.startswith("default/trackers.yaml")
    assert ended.err.count("\n") == 1


def test_a_folder_in_place_of_a_file_is_told_in_one_line(config):
    (config.config / "default/trackers.yaml").unlink()
    (config.config / "default/trackers.yaml").mkdir()

    ended = check(config)

    assert ended.code == 2
    assert "default/trackers.yaml" in ended.err
    assert ended.err.count("\n") == 1


def test_a_folder_without_a_workspace(config):
    (config.config / "default/trackers.yaml").unlink()

    ended = check(config)

    assert ended.code == 2
    assert ended.err == (f"no workspace in '{config.config}': it needs a folder with a trackers.yaml (`syncd init`)\n")


def test_a_folder_that_is_not_there(tmp_path, monkeypatch):
    missing = tmp_path / "nowhere"
    told = f"no configuration folder '{missing}'; `syncd init` writes one\n"

    assert syncd("check", "--config", str(missing)) == (2, "", told)
    monkeypatch.setenv("SYNCD_CONFIG", str(missing))
    assert syncd("check") == (2, "", told)


def test_the_environment_is_checked_too(config, monkeypatch):
    monkeypatch.setenv("SYNCD_POLL__INTERVAL", "soon")

    ended = check(config)

    assert ended.code == 2
    assert ended.err.startswith("environment variable SYNCD_POLL__INTERVAL: read 'soon'")
    assert ended.err.count("\n") == 1


class TestFormats:
    """Places are relative to the working folder, for that is where a pull request's checks run."""

    @pytest.fixture
    def broken(self, config, monkeypatch):
        monkeypatch.chdir(config.config.parent)
        config.write(
            "default/rules/rules.yaml", f"rules:\n  - {RULE} when: {{'item.100%,x': 1, item.kind: {{gt: 1}}}}}}\n"
        )
        return config.config.name

    def test_annotations_of_a_pull_request(self, broken):
        ended = syncd("check", "--format", "github", "--config", broken)

        assert (ended.code, ended.err) == (2, "")
        first, second = ended.out.splitlines()
        place = f"file={broken}/default/rules/rules.yaml,line=2,col=50,title=syncd error"
        assert first.startswith(f"::error {place}::unknown fact 'item.100%25,x'.")
        assert second.startswith("::error file=")

    def test_what_could_end_a_property_or_a_command_is_escaped(self):
        problem = Problem(severity="warning", message="a: 5%\nb, c", file="a,b:c.yaml", line=1, column=2)

        (line,) = github_lines([problem])

        assert line == "::warning file=a%2Cb%3Ac.yaml,line=1,col=2,title=syncd warning::a: 5%25%0Ab, c"

    def test_json(self, broken):
        ended = syncd("check", "--format", "json", "--config", broken)

        assert ended.code == 2
        found = json.loads(ended.out)
        assert (found["errors"], found["warnings"], len(found["problems"])) == (2, 0, 2)
        first = found["problems"][0]
        assert first["file"] == f"{broken}/default/rules/rules.yaml"
        assert (first["severity"], first["line"], first["column"]) == ("error", 2, 50)

    def test_sarif(self, broken):
        ended = syncd("check", "--format", "sarif", "--config", broken)

        assert ended.code == 2
        log = json.loads(ended.out)
        assert log["version"] == "2.1.0"
        (run,) = log["runs"]
        known = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
        assert {result["ruleId"] for result in run["results"]} <= known
        (place,) = run["results"][0]["locations"]
        assert place["physicalLocation"] == {
            "artifactLocation": {"uri": f"{broken}/default/rules/rules.yaml"},
            "region": {"startLine": 2, "startColumn": 50},
        }

    def test_sarif_names_files_as_addresses_and_leaves_out_places_that_are_none(self):
        named = Problem(severity="error", message="m", file="a b/ä.yaml", line=3)
        nameless = Problem(severity="warning", message="m")

        first, second = sarif([named, nameless], "1")["runs"][0]["results"]

        assert first["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%20b/%C3%A4.yaml"
        assert first["locations"][0]["physicalLocation"]["region"]["startColumn"] == 1
        assert "locations" not in second

    @pytest.mark.parametrize("form", ["github", "sarif", "json"])
    def test_nothing_wrong_ends_with_0_and_warnings_with_1_where_asked_for(self, config, form):
        assert syncd("check", "--format", form, "--config", str(config.config)).code == 0
        assert syncd("check", "--format", form, "--strict", "--config", str(config.config)).code == 1
        assert syncd("check", "--format", form, "--strict").code == 0

    def test_warnings_are_annotations_too(self, config):
        lines = syncd("check", "--format", "github", "--config", str(config.config)).out.splitlines()

        assert [line.split(" ")[0] for line in lines] == ["::warning"] * 3 + ["default:"]

    @pytest.mark.parametrize("form", ["github", "sarif", "json"])
    def test_a_folder_that_is_not_there_is_told_in_every_format(self, tmp_path, form):
        ended = syncd("check", "--format", form, "--config", str(tmp_path / "nowhere"))

        assert (ended.code, ended.err) == (2, "")
        assert "no configuration folder" in ended.out

    def test_a_format_that_is_none(self):
        told = "read 'sariff'; --format is text, github, sarif or json. Did you mean 'sarif'?\n"
        assert syncd("check", "--format", "sariff") == (2, "", told)


class TestWarnings:
    def test_what_is_dead_is_told_beside_the_trackers_map(self, config):
        config.write(
            "default/rules/a.yaml",
            f"sets: {{idle: {{item.idle_for: {{gt: 3w}}}}}}\nrules:\n  - {RULE} when: {{item.kind: bgu}}}}\n",
        )

        lines = [line for line in check(config).out.splitlines() if "rules/a.yaml" in line]
        gives = "rule 'some-rule' asks for 'item.kind' 'bgu', which trackers.yaml never gives. Did you mean 'bug'?"

        assert lines == [
            "warning: default/rules/a.yaml:1:8: the set 'idle' is used by no rule",
            f"warning: default/rules/a.yaml:3:61: {gives}",
        ]

    def test_a_fact_that_no_configured_tracker_provides(self, config):
        trackers = (config.config / "default/trackers.yaml").read_text()
        start, end = trackers.index("  jira:"), trackers.index("  github:")
        config.write("default/trackers.yaml", trackers[:start] + trackers[end:])
        config.write("default/roadmap.yaml", "outcomes: [{id: a, title: A, horizon: next}]\n")
        config.write("default/rules/a.yaml", f"rules:\n  - {RULE} when: {{item.sprints: {{empty: false}}}}}}\n")

        ended = check(config)

        assert (
            "warning: default/rules/a.yaml:2:50: rule 'some-rule' asks for 'item.sprints', which no configured tracker "
            "provides: github has none\n"
        ) in ended.out

    def test_an_outcome_that_is_not_on_the_roadmap(self, config):
        config.write("default/rules/a.yaml", f"rules:\n  - {RULE} when: {{trace.outcome.id: checkout-latancy}}}}\n")

        assert (
            "rule 'some-rule' asks for 'trace.outcome.id' 'checkout-latancy', which the roadmap never gives. "
            "Did you mean 'checkout-latency'?\n"
        ) in check(config).out

    def test_outcomes_that_live_in_a_tracker_may_have_any_id(self, config):
        trackers = (config.config / "default/trackers.yaml").read_text()
        config.write(
            "default/trackers.yaml", trackers.replace("  jira:\n", "  jira:\n    outcomes: {labels: [goal]}\n", 1)
        )
        config.write("default/rules/a.yaml", f"rules:\n  - {RULE} when: {{trace.outcome.id: theirs}}}}\n")

        assert "trace.outcome.id" not in check(config).out

    def test_a_file_that_nothing_reads(self, config):
        unread = ("syncd.yml", "default/rules/mine.yml", "default/rules/more/a.yaml", "other/roadmap.yaml")
        for name in (*unread, "compose.yaml", "somewhere/else.yaml"):
            config.write(name, "x: 1\n")

        warnings = [line for line in check(config).out.splitlines() if "nothing reads" in line]

        reads = (
            "syncd reads trackers.yaml, roadmap.yaml, roadmap/*.yaml, rules/*.yaml, rules/tests/*.yaml of a workspace"
        )
        assert warnings == [
            f"warning: default/rules/mine.yml: nothing reads this file: {reads}",
            f"warning: default/rules/more/a.yaml: nothing reads this file: {reads}",
            "warning: other/roadmap.yaml: nothing reads this file: other is no workspace, as it has no trackers.yaml",
            "warning: syncd.yml: nothing reads this file: syncd reads syncd.yaml",
        ]


class TestFacts:
    def test_all_are_listed_with_their_meaning(self):
        ended = syncd("facts")

        assert ended.code == 0
        names = [line.split()[0] for line in ended.out.splitlines()]
        assert {"item.key", "trace.state", "deps.open_blockers", "period.id"} <= set(names)
        assert all(len(line.split()) > 2 for line in ended.out.splitlines())

    def test_those_that_begin_with_a_name(self):
        ended = syncd("facts", "trace.")

        assert all(line.startswith("trace.") for line in ended.out.splitlines())

    def test_the_list_says_the_values_of_a_short_closed_set_that_the_meaning_does_not(self):
        lines = {line.split()[0]: line for line in syncd("facts").out.splitlines()}
        assert lines["outcome.status"].endswith("in its life. One of: active, paused, achieved, dropped.")
        assert "One of" not in lines["item.status_category"]

    def test_one_is_told_whole(self):
        ended = syncd("facts", "trace.state")

        assert "values: exempt" in ended.out
        assert "about: item" in ended.out

    def test_as_json(self):
        rows = json.loads(syncd("facts", "--json").out)

        assert {"name", "type", "meaning", "about", "values", "fields", "unknown_when"} == set(rows[0])

    def test_a_name_that_is_none_is_told_with_one_that_is(self):
        ended = syncd("facts", "trace.stat_e")

        assert (ended.code, ended.out) == (2, "")
        assert ended.err == "no fact 'trace.stat_e'. Did you mean 'trace.state'?\n"
