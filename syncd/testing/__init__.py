"""Cases that stand beside the rules: a few items and outcomes, a moment, and what the rules shall say of them."""

from syncd.testing.cases import Case, load_cases
from syncd.testing.comparing import Mismatch, Verdict, judge_case
from syncd.testing.ground import Ground
from syncd.testing.texts import case_schema

__all__ = ["Case", "Ground", "Mismatch", "Verdict", "case_schema", "judge_case", "load_cases"]
