"""syncd: keeps the work in Jira and GitHub traceable to the roadmap."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("syncd")
except PackageNotFoundError:  # a source tree that was never installed
    __version__ = "0.0.0"
