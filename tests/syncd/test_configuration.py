"""A configuration folder, read; what is wrong in the files is tested with `syncd check`."""

import pytest

from syncd.configuration import config_folder, load_configuration, packaged_config
from syncd.model.errors import ConfigError, ConfigErrors


def test_a_workspace_is_a_folder_with_a_trackers_file(folder):
    (folder / "schema").mkdir()
    (folder / "other").mkdir()
    (folder / "other/trackers.yaml").write_text((folder / "default/trackers.yaml").read_text())

    configuration = load_configuration(folder, {})

    assert [workspace.name for workspace in configuration.workspaces] == ["default", "other"]
    assert configuration.workspace("other").name == "other"
    with pytest.raises(ConfigError, match="several workspaces"):
        configuration.workspace(None)


def test_without_a_roadmap_or_rules_a_workspace_has_none(folder):
    (folder / "default/roadmap.yaml").unlink()

    (workspace,) = load_configuration(folder, {}).workspaces

    assert workspace.roadmap.outcomes == ()
    assert len(workspace.rules.rules) == 0


def test_a_roadmap_may_be_many_files(folder):
    (folder / "default/roadmap").mkdir()
    (folder / "default/roadmap/b.yaml").write_text("outcomes: [{id: b, title: B, horizon: next}]\n")

    (workspace,) = load_configuration(folder, {}).workspaces

    assert [outcome.id for outcome in workspace.roadmap.outcomes] == ["a", "b"]


RULE = "rules: [{id: ID, title: T, message: M., when: {trace.state: unlinked}}]\n"


def with_a_long_label(folder, prefix):
    (folder / "syncd.yaml").write_text(f"prefix: '{prefix}'\n")
    (folder / "default/rules").mkdir(exist_ok=True)
    (folder / "default/rules/a.yaml").write_text(RULE.replace("ID", "x" * 40))
    return folder


def test_a_label_that_is_longer_than_github_takes_is_refused(folder):
    assert load_configuration(with_a_long_label(folder, "ninechars:"), {}).settings.prefix == "ninechars:"
    with pytest.raises(ConfigErrors, match=r"rules/a.yaml: the label 'tencharsss:x+' has 51 characters and GitHub"):
        load_configuration(with_a_long_label(folder, "tencharsss:"), {})


def test_a_label_for_jira_alone_may_be_longer(folder):
    trackers = folder / "default/trackers.yaml"
    trackers.write_text(trackers.read_text().partition("  github:")[0])
    assert load_configuration(with_a_long_label(folder, "tencharsss:"), {}).workspaces


def test_every_error_of_every_file_is_told_at_once(folder):
    (folder / "syncd.yaml").write_text("x: 1\n")
    (folder / "default/trackers.yaml").write_text("a: [\n")
    (folder / "default/roadmap.yaml").write_text("outcomes: 7\n")
    (folder / "other").mkdir()
    (folder / "other/trackers.yaml").write_text("trackers: {}\n")

    with pytest.raises(ConfigErrors) as found:
        load_configuration(folder, {})

    files = [error.file for error in found.value.errors]
    assert list(dict.fromkeys(files)) == [
        "syncd.yaml",
        "default/roadmap.yaml",
        "default/trackers.yaml",
        "other/trackers.yaml",
    ]


class TestWhichFolder:
    def test_the_one_that_is_named(self, folder, tmp_path):
        assert config_folder(folder, {"SYNCD_CONFIG": "elsewhere"}) == folder
        assert config_folder(None, {"SYNCD_CONFIG": str(folder)}) == folder

    def test_else_the_one_here_else_the_one_that_ships(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        assert config_folder(None, {}) == packaged_config()
        (tmp_path / "config").mkdir()
        assert config_folder(None, {}).resolve() == (tmp_path / "config").resolve()

    def test_one_that_is_named_and_is_not_there(self, tmp_path):
        with pytest.raises(ConfigError, match="no configuration folder"):
            config_folder(tmp_path / "nowhere", {})


def test_what_an_editor_hides_beside_a_file_is_not_read(folder):
    (folder / "default/rules").mkdir()
    (folder / "default/rules/.#open-in-emacs.yaml").symlink_to("somebody@somewhere.1234")

    assert len(load_configuration(folder, {}).workspaces) == 1
