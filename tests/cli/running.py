"""Runs `syncd` in this process, as its console script does."""

import io
import sys
from contextlib import redirect_stderr, redirect_stdout
from typing import NamedTuple

import pytest

from syncd.cli import main


class Ended(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


def syncd(*arguments: str) -> Ended:
    """Run a command to its end; an exception that it lets through is a traceback to its user, and fails the test."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["syncd", *arguments])
        try:
            main()
        except SystemExit as end:
            code = end.code
        else:
            code = 0
    assert isinstance(code, int | None), code
    return Ended(code or 0, out.getvalue(), err.getvalue())
