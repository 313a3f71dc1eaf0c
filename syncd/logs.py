"""Logging: constant sentences with data beside them, to standard error; JSON unless it is a terminal."""

import logging
import sys
from typing import TextIO

import structlog


def configure_logs(level: str = "info", style: str = "auto", stream: TextIO | None = None) -> None:
    """Send all log lines to ``stream`` (standard error), as JSON or for a console; ``auto`` asks whether it is a
    terminal.
    """
    stream = stream or sys.stderr
    console = style == "console" or (style == "auto" and stream.isatty())
    renderer = structlog.dev.ConsoleRenderer() if console else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
