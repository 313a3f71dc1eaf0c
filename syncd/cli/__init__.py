"""The command line: parses, calls, renders for a terminal, sets the exit code."""

from syncd.cli.app import main

__all__ = ["main"]
