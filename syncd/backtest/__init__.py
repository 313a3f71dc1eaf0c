"""History replayed: what rules would have said, day by day, and what telling it would have cost."""

from syncd.backtest.days import working_days
from syncd.backtest.replay import Backtest, Variant, VariantRun, run

__all__ = ["Backtest", "Variant", "VariantRun", "run", "working_days"]
