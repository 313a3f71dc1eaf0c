"""What is found after some items became others is what a full sweep finds."""

import os
from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.daily import take_snapshot
from rules.engine import Judgments, RuleSet
from rules.incremental.judging import Judging
from rules.language.calendar import Calendar
from rules.world import World, WorldInput, build_world
from syncd.model.snapshots import Snapshot
from tests.rules.incremental.every_fact import every_fact
from tests.rules.incremental.test_judging import RULES, found
from tests.rules.random_worlds import ALONE, FIELDS, Story

CALENDAR = Calendar()
EVERY = every_fact()
EXAMPLES = int(os.environ.get("SYNCD_WORLDS", "40"))


class Follower:
    """Judges a story as a daemon does: in place where it can, else a World that is built anew."""

    def __init__(self, rules: RuleSet, snapshot: Snapshot) -> None:
        self.judging = Judging(rules, CALENDAR, many=2)  # never all
        self.patched_count = 0
        self._snapshot = snapshot
        self._last: WorldInput | None = None

    def judge(self, story: Story, heard: Sequence[Any]) -> Judgments:
        given = story.given()
        judged = self._changed(given, heard, story)
        self._last = given
        if judged is not None:
            self.patched_count += 1
            return judged
        return self.judging.judge(self.world(given), story.now, heard)

    def _changed(self, given: WorldInput, heard: Sequence[Any], story: Story) -> Judgments | None:
        last = self._last
        if last is None or last.items.keys() != given.items.keys() or last.containers != given.containers:
            return None
        if last.veiled != given.veiled or last.gone != given.gone:
            return None
        changed = [item for item in given.items.values() if item != last.items[item.id]]
        world = self.judging.world
        assert world is not None
        world.histories = given.histories
        return self.judging.judge_changed(changed, heard, story.now)

    def world(self, given: WorldInput) -> World:
        world = build_world(given)
        world.keep(self._snapshot)
        return world


def follow(chance: Any, rules: RuleSet, *, fields: Sequence[str], steps: int, goes_on: bool) -> int:
    story = Story(chance, has_past=True)
    snapshot = take_snapshot(build_world(story.given()), story.now, CALENDAR)
    follower = Follower(rules, snapshot)
    heard: Sequence[Any] = ()
    for _ in range(steps + 1):
        judged = follower.judge(story, heard)
        whole = rules.evaluate(follower.world(story.given()), story.now, calendar=CALENDAR)
        assert found(judged) == found(whole)
        heard = story.edit(fields)
        if goes_on and chance.random() < 0.3:
            story.go_on()
    return follower.patched_count


@given(st.randoms(use_true_random=False), st.integers(min_value=1, max_value=4))
@settings(max_examples=EXAMPLES, deadline=None)
def test_passes_find_what_a_full_sweep_finds(chance: Any, steps: int) -> None:
    follow(chance, RULES, fields=(*ALONE, *FIELDS), steps=steps, goes_on=True)


@given(st.randoms(use_true_random=False), st.integers(min_value=1, max_value=4))
@settings(max_examples=EXAMPLES, deadline=None)
def test_passes_find_what_a_full_sweep_finds_whatever_fact_is_asked_for(chance: Any, steps: int) -> None:
    follow(chance, EVERY, fields=(*ALONE, *FIELDS), steps=steps, goes_on=True)


@given(st.randoms(use_true_random=False), st.sets(st.sampled_from([each.terms.id for each in EVERY.rules]), max_size=3))
@settings(max_examples=EXAMPLES, deadline=None)
def test_what_is_not_asked_for_reaches_nobody_and_is_missed_by_nobody(chance: Any, ids: set[str]) -> None:
    """A rule set that reads little judges little: no more than it must."""
    follow(chance, EVERY.with_rules(ids), fields=ALONE, steps=3, goes_on=False)
