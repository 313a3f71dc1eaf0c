"""The demo's payments company: some 250 items of one Jira site and two repositories, and its configuration."""

from syncd.simulator.scenario.company import company, payments_company
from syncd.simulator.scenario.configuration import TOKENS, write_config

__all__ = ["TOKENS", "company", "payments_company", "write_config"]
