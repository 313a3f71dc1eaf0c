import re

import pytest

from tests.cli.running import syncd

RULE = "{id: some-rule, title: T, message: M,"
PLACE = r"^(?:syncd\.yaml|default/[\w/]+\.yaml):\d+:\d+: \S"


def check(town):
    return syncd("check", "--config", str(town.config))


def test_a_good_configuration(config):
    ended = check(config)

    assert (ended.code, ended.err) == (0, "")
    *warnings, last = ended.out.splitlines()
    assert last == "default: jira (1 place) and github (1 place), 1 outcome, 2 rules, stage comment. All is well."
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

    assert ["alias" in line for line in lines] == [True, True, False]
    assert "expected 'info', 'warning' or 'critical'" in lines[2]


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

    def test_one_is_told_whole(self):
        ended = syncd("facts", "trace.state")

        assert "values: exempt" in ended.out
        assert "about: item" in ended.out

    def test_as_json(self):
        import json

        rows = json.loads(syncd("facts", "--json").out)

        assert {"name", "type", "meaning", "about", "values", "fields", "unknown_when"} == set(rows[0])

    def test_a_name_that_is_none_is_told_with_one_that_is(self):
        ended = syncd("facts", "trace.stat_e")

        assert (ended.code, ended.out) == (2, "")
        assert ended.err == "no fact 'trace.stat_e'. Did you mean 'trace.state'?\n"
