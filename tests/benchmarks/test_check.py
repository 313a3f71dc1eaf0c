"""What the time of `syncd check` is measured on is a good configuration, and the measurement runs."""

from benchmarks.check import main, write_configuration
from syncd.cli.doubts import doubts_of
from syncd.configuration import load_configuration


def test_the_configuration_is_good_and_as_large_as_it_says(tmp_path):
    write_configuration(tmp_path, 40, 7)

    (workspace,) = load_configuration(tmp_path, {}).workspaces

    assert (len(workspace.rules.rules), len(workspace.roadmap.outcomes)) == (40, 7)
    assert doubts_of(workspace) == []


def test_it_is_measured(capsys):
    ratio = main(5, 2, 1)

    assert ratio > 0
    assert "goal <= 3" in capsys.readouterr().out
