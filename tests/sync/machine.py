"""Makes histories up: what people, admins, trackers and the machine room do to syncd, in any order, at any moment."""

import shutil
import tempfile
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from syncd.model.items import Stage
from syncd.model.outcomes import OutcomeStatus
from tests.sync.charters import NARROW, OUTCOMES, PREFIX, RULES, WIDE
from tests.sync.land import Land
from tests.sync.seams import Trouble
from tests.sync.settling import settle, take_back

PLACES = st.integers(0, 3)
TRACKERS = st.integers(0, 1)
STATUSES = st.sampled_from([OutcomeStatus.ACTIVE, OutcomeStatus.PAUSED])
NUMBERS = st.integers(0, 11)
OTHERS = st.none() | NUMBERS
TITLES = st.sampled_from(["slow", "slower", "fast", f"{PREFIX}x <!-- -->"])
OWN_LABELS = [f"{PREFIX}Unlinked", *(PREFIX + each for each in RULES)]
LABELS = st.sampled_from(["outcome:one", "outcome:two", "urgent", "quiet", "mine", *OWN_LABELS])
STAGES = st.sampled_from(list(Stage))
RULE_IDS = st.sampled_from(list(RULES))
BROKEN = st.integers(0, 99)
MOMENTS = st.integers(0, 80)
SPANS = st.sampled_from([timedelta(minutes=10), timedelta(hours=3), timedelta(hours=25), timedelta(days=8)])
ERRORS = st.sampled_from([timedelta(0), timedelta(seconds=-70), timedelta(seconds=90), timedelta(minutes=-4)])
TROUBLES = st.lists(st.sampled_from(list(Trouble)), min_size=1, max_size=4)

Deed = tuple[str, tuple[object, ...]]
DEEDS: st.SearchStrategy[Deed] = st.one_of(
    st.tuples(st.just("retitle"), st.tuples(NUMBERS, TITLES)),
    st.tuples(st.just("close_item"), st.tuples(NUMBERS)),
    st.tuples(st.just("reopen"), st.tuples(NUMBERS)),
    st.tuples(st.just("put_below"), st.tuples(NUMBERS, OTHERS)),
    st.tuples(st.just("block"), st.tuples(NUMBERS, OTHERS)),
    st.tuples(st.just("label"), st.tuples(NUMBERS, LABELS)),
    st.tuples(st.just("unlabel"), st.tuples(NUMBERS, st.integers(0, 3))),
    st.tuples(st.just("write"), st.tuples(NUMBERS, st.just("me too"), st.booleans())),
    st.tuples(st.just("rewrite_ours"), st.tuples(NUMBERS, st.sampled_from(["We know.", "Leave it."]), st.booleans())),
    st.tuples(st.just("erase_ours"), st.tuples(NUMBERS)),
    st.tuples(st.just("move"), st.tuples(NUMBERS, st.integers(0, 2))),
    st.tuples(st.just("delete"), st.tuples(NUMBERS)),
)
"""What a person does: the name of a method of Land, and what it is given."""


JOBS: st.SearchStrategy[Deed] = st.one_of(
    st.tuples(st.just("poll"), st.tuples(TRACKERS)),
    st.tuples(st.just("survey"), st.tuples(TRACKERS)),
    st.tuples(st.just("write_down"), st.just(())),
)
"""What syncd does on threads of their own."""

CHANGES: st.SearchStrategy[Deed] = st.one_of(
    st.tuples(st.just("set_rule"), st.tuples(RULE_IDS, st.none() | STAGES)),
    st.tuples(st.just("set_place"), st.tuples(PLACES, STAGES)),
    st.tuples(st.just("set_stage"), st.tuples(STAGES)),
    st.tuples(st.just("set_outcome"), st.tuples(st.sampled_from(OUTCOMES), st.none() | STATUSES)),
    st.tuples(st.just("set_limits"), st.tuples(st.sampled_from([NARROW, WIDE]))),
)
"""What an admin edits."""

MISHAPS: st.SearchStrategy[Deed] = st.one_of(
    st.tuples(st.just("trouble"), st.tuples(TRACKERS, st.sampled_from(list(Trouble)))),
    st.tuples(st.just("fail"), st.tuples(PLACES)),
    st.tuples(st.just("fail_reading"), st.tuples(TRACKERS, st.integers(0, 6))),
    st.tuples(st.just("spoil"), st.tuples(NUMBERS)),
    st.tuples(st.just("break_next"), st.tuples(TRACKERS, BROKEN)),
    st.tuples(st.just("heal"), st.just(())),
    st.tuples(st.just("kill_soon"), st.tuples(MOMENTS)),
    st.tuples(st.just("stop_soon"), st.tuples(st.integers(0, 6))),
    st.tuples(st.just("set_clock_wrong"), st.tuples(ERRORS)),
)
"""What goes wrong in trackers, networks and clocks."""


def step(act: Callable[..., None]) -> Callable[..., None]:
    """Let nothing be checked at the end of a history that failed before."""

    @wraps(act)
    def careful(self: "SyncMachine", **given: object) -> None:
        self.is_broken = True
        act(self, **given)
        self.is_broken = False

    return careful


class SyncMachine(RuleBasedStateMachine):
    """A history over the trackers that ``land`` brings."""

    make_land: Callable[[Path], Land]

    def __init__(self) -> None:
        super().__init__()
        self._folder = Path(tempfile.mkdtemp(prefix="syncd-sync-"))
        self.land = type(self).make_land(self._folder)
        self.is_broken = False

    def teardown(self) -> None:
        try:
            if not self.is_broken:
                settle(self.land)
                take_back(self.land)
        finally:
            self.land.close()
            shutil.rmtree(self._folder, ignore_errors=True)

    # people

    @initialize(places=st.lists(PLACES, max_size=4), labels=st.lists(LABELS, min_size=4, max_size=4))
    @step
    def begin(self, places: list[int], labels: list[str]) -> None:
        for place, label in zip(places, labels, strict=False):
            self.land.add_item(place, "made", label)

    @rule(place=PLACES, label=LABELS | st.just(""))
    @step
    def add_item(self, place: int, label: str) -> None:
        self.land.add_item(place, "new", label)

    @rule(deed=DEEDS)
    @step
    def act(self, deed: Deed) -> None:
        self._do(deed)

    @rule(deed=DEEDS | JOBS, moment=MOMENTS)
    @step
    def act_meanwhile(self, deed: Deed, moment: int) -> None:
        """Let a person act, or another thread, while syncd is at work."""
        self.land.seams.meanwhile(moment, lambda: self._do(deed))

    def _do(self, deed: Deed) -> None:
        name, given = deed
        getattr(self.land, name)(*given)

    # admins and the machine room

    @rule(change=CHANGES)
    @step
    def administer(self, change: Deed) -> None:
        self._do(change)

    @rule(trouble=MISHAPS)
    @step
    def mishap(self, trouble: Deed) -> None:
        self._do(trouble)

    @rule(span=SPANS)
    @step
    def pass_time(self, span: timedelta) -> None:
        self.land.pass_time(span)

    # syncd

    @rule(tracker=TRACKERS)
    @step
    def poll(self, tracker: int) -> None:
        self.land.poll(tracker)

    @rule()
    @step
    def write_down(self) -> None:
        self.land.write_down()

    @rule()
    @step
    def whole_pass(self) -> None:
        self.land.poll_all()
        self.land.write_down()

    @rule(
        troubles=TROUBLES,
        deed=st.none() | DEEDS | JOBS,
        moment=MOMENTS,
        killed=st.none() | MOMENTS,
        broken=st.none() | BROKEN,
    )
    @step
    def rough_pass(
        self, troubles: list[Trouble], deed: Deed | None, moment: int, killed: int | None, broken: int | None
    ) -> None:
        """Read and write while trackers have their troubles, somebody acts, and the process may be killed."""
        for tracker in range(len(self.land.trackers)):
            self.land.trouble(tracker, *troubles)
            if broken is not None:
                self.land.break_next(tracker, broken)
        if deed is not None:
            self.act_meanwhile(deed=deed, moment=moment)
        if killed is not None:
            self.land.kill_soon(killed)
        self.land.poll_all()
        self.land.write_down()

    @rule(tracker=TRACKERS)
    @step
    def survey(self, tracker: int) -> None:
        self.land.survey(tracker)

    @rule(place=PLACES)
    @step
    def darken(self, place: int) -> None:
        """Assert that a place that can't be read any more makes nothing be taken back."""
        self.land.check_darkness(place)

    @rule()
    @step
    def settle(self) -> None:
        settle(self.land)
