"""How the work of each team is shared out between standing work and the rest, beside what the roadmap agreed."""

import msgspec

from syncd.model.truth import Unknown
from syncd.web.report.given import Facts, records_in

_FACTS = (("team.period_budgets", "this period"), ("team.budgets", "in play now"))


class Share(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Standing work of a team beside its budget, shares from 0 to 1; ``over`` and ``short`` as the roadmap says it."""

    team: str
    name: str
    over_what: str
    count: int | None
    share: float | None
    least: float | None = None
    most: float | None = None
    short: bool = False
    over: bool = False


def shares(facts: Facts) -> tuple[Share, ...]:
    """Return the standing work of all teams that have a budget and work; over the period where that is known."""
    found: list[Share] = []
    for number, team in enumerate(facts.teams):
        for name, over_what in _FACTS:
            records, _ = records_in(facts.team(name, number)) if facts.has(name) else ((), "")
            told = [_share(team, over_what, record) for record in records]
            if any(each.share is not None for each in told):
                found += [each for each in told if each.least is not None or each.most is not None]
                break
    return tuple(found)


def _share(team: str, over_what: str, record: msgspec.Struct) -> Share:
    count = getattr(record, "count", None)
    return Share(
        team=team,
        name=str(getattr(record, "name", "")),
        over_what=over_what,
        count=count if isinstance(count, int) else None,
        share=_number(getattr(record, "share", None)),
        least=_number(getattr(record, "least", None)),
        most=_number(getattr(record, "most", None)),
        short=getattr(record, "short", False) is True,
        over=getattr(record, "over", False) is True,
    )


def _number(value: float | Unknown | None) -> float | None:
    return float(value) if isinstance(value, int | float) else None
