"""A backtest as rows of words, for a terminal and for Markdown alike."""

from collections.abc import Iterator, Sequence

import msgspec

from rules.past.asof import Share
from syncd.backtest.costs import Cost, Costs
from syncd.backtest.episodes import Figures
from syncd.backtest.replay import Backtest, RuleDifference, VariantRun

HEAD = ("rule", "team", "first day", "added", "resolved", "open", "flapping", "median days", "longest")
_SHOWN = 8


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of words under a head; all but the first ``words`` columns are numbers."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: int = 1


def headline(found: Backtest) -> str:
    """Return what was replayed, in a sentence."""
    first, last = found.shares[0], found.shares[-1]
    days = len(found.shares)
    when = f"{found.since:%Y-%m-%d} to {found.until:%Y-%m-%d}"
    return f"{days} {'day' if days == 1 else 'days'}, {when}: {first.item_count:,} items then, {last.item_count:,} now."


def honesty(shares: Sequence[Share]) -> Iterator[str]:
    """Yield what of the past is not known, each in a sentence."""
    worst = max(shares, key=lambda share: share.unknown)
    if worst.unknown_count:
        part = _percent(worst.unknown_count, worst.item_count)
        yield f"{part} of items could not be known on {worst.at:%Y-%m-%d}; no rule was judged for them."
    else:
        yield "Every item could be known on every day."
    texts = max(shares, key=lambda share: share.new_text_count)
    if texts.new_text_count:
        part = _percent(texts.new_text_count, texts.item_count)
        yield f"{part} of items had another text on {texts.at:%Y-%m-%d}; today's stands for it."
    todays = [share for share in shares if share.is_roadmap_todays]
    if len(todays) == len(shares):
        yield "Nobody noted what the roadmap was; today's stands for it on every day."
    elif todays:
        yield f"Nobody noted what the roadmap was until {todays[-1].at:%Y-%m-%d}; today's stands for it until then."


def tables(found: Backtest) -> Iterator[Table]:
    """Yield all tables of a backtest: what differs first."""
    if found.old is not None:
        yield Table(
            title=f"What {found.new.name} would say otherwise than {found.old.name}",
            head=("rule", "", "added", "resolved", "as before", "examples"),
            rows=tuple(_difference_row(each) for each in found.differences),
            words=2,
        )
    runs = [found.new] if found.old is None else [found.new, found.old]
    for each in runs:
        yield _figures(each)
    yield Table(
        title="What it would have cost at the stage comment",
        head=("", "labels added", "removed", "new comments", "edited", "writes", "most new comments on one day"),
        rows=tuple(row for each in runs for row in _cost_rows(each)),
    )


def _figures(run: VariantRun) -> Table:
    found = [each for each in run.figures if each.first_day_count or each.added_count]
    rows = [_row(each) for each in found if each.team is None]
    rows += [_row(each) for each in found if each.team is not None]
    silent = len({each.rule_id for each in run.figures} - {each.rule_id for each in found})
    nothing = f"; {silent:,} of the rules found nothing" if silent else ""
    return Table(title=f"Findings of {run.name}{nothing}", head=HEAD, rows=tuple(rows), words=2)


def _row(each: Figures) -> tuple[str, ...]:
    counts = (each.first_day_count, each.added_count, each.resolved_count, each.open_count, len(each.flapping))
    days = (each.median_days, each.longest_days)
    team = "all" if each.team is None else each.team or "no team"
    return (
        each.rule_id,
        team,
        *(f"{count:,}" for count in counts),
        *("-" if count is None else f"{count:,}" for count in days),
    )


def _difference_row(each: RuleDifference) -> tuple[str, ...]:
    keys = [*(f"+{key}" for key in each.added), *(f"-{key}" for key in each.resolved)]
    rest = [f"and {len(keys) - _SHOWN:,} more"] if len(keys) > _SHOWN else []
    counts = (len(each.added), len(each.resolved), each.both_count)
    return each.rule_id, each.how, *(f"{count:,}" for count in counts), ", ".join([*keys[:_SHOWN], *rest])


def _cost_rows(run: VariantRun) -> Iterator[tuple[str, ...]]:
    costs: Costs = run.costs
    yield _cost_row(f"{run.name}, on the first day", costs.first_day, "")
    most = f"{costs.most.comments_new:,} on {costs.most_at:%Y-%m-%d}" if costs.most_at else "-"
    yield _cost_row(f"{run.name}, on all days after it", costs.later, most)


def _cost_row(name: str, cost: Cost, most: str) -> tuple[str, ...]:
    counts = (cost.labels_added, cost.labels_removed, cost.comments_new, cost.comments_edited, cost.writes)
    return name, *(f"{count:,}" for count in counts), most


def _percent(part: int, whole: int) -> str:
    share = 100 * part / whole if whole else 0.0
    return "less than 1 %" if 0 < share < 1 else f"{share:.0f} %"
