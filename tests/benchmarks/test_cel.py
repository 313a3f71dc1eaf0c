"""The benchmark beside CEL compares like with like."""

import pytest

from benchmarks.cel import main


def test_the_same_conditions_in_cel_give_the_same_answers(capsys):
    pytest.importorskip("cel_expr_python", reason="cel-expr-python has no wheel for this machine")
    main(items=1_000, runs=1)

    assert "same answers" in capsys.readouterr().out
