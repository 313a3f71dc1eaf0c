"""Texts of a made-up company's items, as long as those of real trackers: half below 450 signs, a tenth over 1,800."""

import numpy as np

_SENTENCES = (
    "Shoppers wait on the payment step while the token is fetched, and the parent service answers late.",
    "Currently the list of orders is loaded whole, which takes very long for accounts with many of them.",
    "We saw this twice last week in the logs of the gateway; the trace is attached below.",
    "The vendor says that their interface will change in spring, so we can't put it off for ever.",
    "Support gets about ten calls a week from merchants who don't find the export.",
    "It is not clear to anybody which of the two settings wins when both are given.",
    "Nobody has looked at the dashboards since they were moved, and two of them are empty.",
    "For now a retry hides the cause; the queue grows at night and is empty again in the morning.",
    "The service keeps sessions in memory, so that a restart signs everybody out.",
    "Legal asked for the wording to be the same in all languages before it goes out.",
    "This came up while we were working on the migration of the ledger.",
    "When the card is refused, the page says that something went wrong and nothing else.",
    "The tests pass on a fast machine and fail on a slow one, as the wait is fixed at two seconds.",
    "Design has a sketch of it; see https://wiki.example/pages/4711 for the latest one.",
    "On a phone the button lies under the keyboard, and people think that the form is broken.",
    "The nightly job reads every row though hardly any of them has changed.",
)
_PROBLEMS = (
    "As a merchant, I want to see which payouts are held back, so that I can plan my purchases.",
    "## Problem\n\nCustomers cannot tell whether their refund has been made, and they call us.",
    "## Background\n\nThe old gateway is switched off at the end of the year.",
    "h3. Why\n\nA tenth of the carts is lost on this step.",
)
_CRITERIA = (
    "## Acceptance criteria\n\n- The list shows amount, day and reason\n- It loads in a second\n- Empty, it says so",
    "h3. Acceptance Criteria\n\n* Refunds show within a minute\n* The mail says which card",
    "- [ ] measured before and after\n- [x] documented\n- [ ] switched on for a tenth",
    "Given a shopper with a saved card\nWhen they pay\nThen no form is shown",
    "**Expected result:** the receipt has the tax on a line of its own.",
)
_STEPS = "## Steps to reproduce\n\n1. Open the cart\n2. Pay\n\n```\nPOST /v2/payments 500\n  at Gateway.send\n```"
_TITLES = (
    *("Show held payouts", "Speed up the list of orders", "Refund mails name the card", "Retire the old gateway"),
    *("Sign-in survives a restart", "Export of orders by day", "Message for refused cards", "Empty dashboards"),
    *("Wording of terms in all languages", "Button hidden by the keyboard", "Queue grows at night", "Slow nightly job"),
    *("Two settings contradict each other", "Flaky test of the ledger", "Tax on its own line", "Search by reference"),
)
_MEDIAN, _SPREAD = 450, 1.05
_SYLLABLES = (
    "ka",
    "lor",
    "mi",
    "ten",
    "du",
    "sar",
    "vel",
    "po",
    "gri",
    "nas",
    "tu",
    "rem",
    "bal",
    "ison",
    "qua",
    "fex",
)
_WORDS = tuple(a + b + c for a in _SYLLABLES for b in _SYLLABLES for c in _SYLLABLES)
"""Words of the trade: few are used all the time, most hardly ever."""
_ZIPF = 1.3


class Texts:
    """Makes titles and bodies; the same seed makes the same ones."""

    def __init__(self, seed: int) -> None:
        self._rng = np.random.default_rng(seed)
        self._lengths: list[int] = []
        self._numbers: list[int] = []
        self._words: list[str] = []

    def title(self, number: int) -> str:
        """Return a title."""
        return f"{_TITLES[self._number() % len(_TITLES)]}: {self._word()} {self._word()} ({number % 977})"

    def body(self, *, is_bug: bool, end: str = "") -> str:
        """Return a body: one in three says what the problem is, one in four when it is done, one in nine nothing."""
        drawn = self._number()
        length = self._length()
        if drawn % 9 == 0:
            return end.strip()
        parts = [_PROBLEMS[drawn % len(_PROBLEMS)]] if drawn % 3 == 0 else []
        said = 0
        while said < length:
            drawn = drawn * 1_103_515_245 + 12_345 & 0x7FFFFFFF
            sentence = f"{_SENTENCES[(drawn >> 8) % len(_SENTENCES)]} See {self._word()} and {self._word()}."
            said += len(sentence) + 1
            parts.append(f"{sentence}\n" if drawn >> 20 & 3 == 0 else sentence)
        if is_bug and drawn >> 4 & 1:
            parts.append(f"\n{_STEPS}")
        if drawn >> 5 & 3 == 0:
            parts.append(f"\n{_CRITERIA[(drawn >> 7) % len(_CRITERIA)]}")
        return "\n".join([*parts, end]) if end else "\n".join(parts)

    def _length(self) -> int:
        if not self._lengths:
            drawn = self._rng.lognormal(np.log(_MEDIAN), _SPREAD, size=4096)
            self._lengths = np.clip(drawn, 20, 12_000).astype(int).tolist()
        return self._lengths.pop()

    def _word(self) -> str:
        if not self._words:
            drawn = np.minimum(self._rng.zipf(_ZIPF, size=16_384), 1 << 40) % len(_WORDS)
            self._words = [_WORDS[each] for each in drawn.tolist()]
        return self._words.pop()

    def _number(self) -> int:
        if not self._numbers:
            self._numbers = self._rng.integers(0, 1 << 30, size=8192).tolist()
        return self._numbers.pop()
