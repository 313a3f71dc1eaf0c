"""The benchmark of judging compares like with like."""

from benchmarks.evaluate import main


def test_the_rules_by_hand_give_the_same_answers(capsys):
    main(items=3_000, runs=1)

    out = capsys.readouterr().out
    assert "same answers" in out
    assert "by hand" in out
