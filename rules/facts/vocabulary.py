"""All the facts there are, joined in one place; what a fact is stands in ``rules.facts.fact``."""

from rules.facts.containers import CONTAINER_FACTS
from rules.facts.dependencies import DEPENDENCY_FACTS
from rules.facts.dependencies.outcomes import OUTLOOK_FACTS
from rules.facts.fact import Fact
from rules.facts.flow.forecasts import FORECAST_FACTS
from rules.facts.flow.items import ITEM_FLOW_FACTS
from rules.facts.flow.measured import MEASURED_FACTS
from rules.facts.item import ITEM_FACTS
from rules.facts.outcomes.facts import STATED_FACTS
from rules.facts.outcomes.risk import RISK_FACTS
from rules.facts.outcomes.work import WORK_FACTS
from rules.facts.parent import PARENT_FACTS
from rules.facts.period import PERIOD_FACTS
from rules.facts.scope.facts import SCOPE_FACTS
from rules.facts.team_period import TEAM_PERIOD_FACTS
from rules.facts.teams import TEAM_FACTS
from rules.facts.trace.facts import TRACE_FACTS
from rules.facts.trace.suggestions import SUGGESTION_FACTS


def all_facts() -> tuple[Fact, ...]:
    """Return every declared fact, family by family."""
    of_items = (*ITEM_FACTS, *PARENT_FACTS, *TRACE_FACTS, *SUGGESTION_FACTS, *DEPENDENCY_FACTS)
    of_others = (*STATED_FACTS, *WORK_FACTS, *RISK_FACTS, *OUTLOOK_FACTS, *CONTAINER_FACTS)
    of_teams = (*TEAM_FACTS, *TEAM_PERIOD_FACTS)
    of_flow = (*ITEM_FLOW_FACTS, *MEASURED_FACTS, *FORECAST_FACTS)
    return (*of_items, *of_others, *of_teams, *SCOPE_FACTS, *of_flow, *PERIOD_FACTS)
