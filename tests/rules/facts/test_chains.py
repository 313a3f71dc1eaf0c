"""Whatever waits for what: chains, roots, counts, needs, risks and cuts are as one finds them by trying everything."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.facts.dependencies.chains import CHAIN
from syncd.model.items import StatusCategory
from syncd.model.snapshots import Snapshot
from tests.builders import NOW, blocked_by, make_item, make_outcome, make_world
from tests.rules.facts.asking import fact, keys, of

DONE, TODO = StatusCategory.DONE, StatusCategory.TODO
KEYS = tuple(f"PAY-{number}" for number in range(1, 8))
TODAY = NOW.date()
TARGET = TODAY + timedelta(days=14)
FAST = make_outcome("fast", target_date=TARGET)
NO_FORECASTS = Snapshot(day=TODAY, taken_at=NOW)


class Company:
    """Items, who blocks whom (blocker, waiting), when they are due, which serve the outcome, which are done."""

    def __init__(self, edges, due, serving, done):
        self.edges = {edge for edge in edges if edge[0] != edge[1]}
        self.due, self.serving, self.done = due, serving, done
        self.open = [key for key in KEYS if key not in done]
        self.open_edges = sorted(edge for edge in self.edges if not done & set(edge))
        items = [
            make_item(
                key,
                links=tuple(blocked_by(source) for source, target in sorted(edges) if target == key != source),
                due_on=TODAY + timedelta(days=due[key]) if due.get(key) is not None else None,
                labels=("outcome:fast",) if key in serving else (),
                status_category=DONE if key in done else TODO,
            )
            for key in KEYS
        ]
        self.world = make_world(items, [FAST])
        self.world.keep(NO_FORECASTS)

    def blockers(self, key):
        return [source for source, target in self.open_edges if target == key]

    def waiting(self, key):
        return [target for source, target in self.open_edges if source == key]

    def above(self, key):
        """Return all that an item waits for; in a ring itself, too."""
        return self._all(key, self.blockers)

    def below(self, key):
        return self._all(key, self.waiting)

    def _all(self, key, near):
        found, stack = set(), list(near(key))
        while stack:
            each = stack.pop()
            if each not in found:
                found.add(each)
                stack += near(each)
        return found

    def ring(self, key):
        """Return the items that wait for an item and that it waits for, itself among them."""
        return frozenset({key, *(self.above(key) & self.below(key))})

    def ways(self, key):
        """Return all ways from one ring (or single item) to another above an item, as rings."""
        own = self.ring(key)
        onward = {self.ring(blocker) for member in own for blocker in self.blockers(member)} - {own}
        return [()] if not onward else [(ring, *way) for ring in onward for way in self.ways(min(ring))]

    def own_day(self, key):
        if self.due.get(key) is not None:
            return TODAY + timedelta(days=self.due[key])
        return TARGET if key in self.serving else None


EDGES = st.sets(st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS)), max_size=10)
DUE = st.dictionaries(st.sampled_from(KEYS), st.integers(-8, 20))
SOME = st.sets(st.sampled_from(KEYS), max_size=3)
COMPANIES = st.builds(Company, EDGES, DUE, SOME, SOME)


@settings(max_examples=120, deadline=None)
@given(COMPANIES)
def test_a_chain_is_the_longest_there_is(company):
    for key in company.open:
        ways, chain = company.ways(key), keys(fact(company.world, "deps.chain", key))
        assert len(chain) == fact(company.world, "deps.chain_length", key) == max(map(len, ways))
        assert tuple(map(company.ring, chain)) in set(ways)


@settings(max_examples=120, deadline=None)
@given(COMPANIES)
def test_roots_are_the_ends_of_all_chains(company):
    for key in company.open:
        ends = {min(way[-1]) for way in company.ways(key) if way}
        assert keys(fact(company.world, "deps.root_blockers", key)) == sorted(ends)


@settings(max_examples=120, deadline=None)
@given(COMPANIES)
def test_all_that_wait_are_counted_once(company):
    for key in company.open:
        assert fact(company.world, "deps.blocks_in_all_count", key) == len(company.below(key) - {key})


@settings(max_examples=120, deadline=None)
@given(COMPANIES)
def test_an_item_is_needed_by_the_first_day_of_all_that_wait_for_it(company):
    for key in company.open:
        days = {each: company.own_day(each) for each in (key, *company.below(key))}
        known = {each: day for each, day in days.items() if day is not None}
        assert fact(company.world, "item.needed_by", key) == min(known.values(), default=None)
        (by,) = keys(fact(company.world, "item.needed_by_item", key)) or [""]
        assert (known[by] == min(known.values())) if known else by == ""


def worked(after, until):
    days = (after + timedelta(days=each) for each in range(1, (until - after).days + 1))
    return sum(day.weekday() < 5 for day in days)


def late(expected, need):
    """Return by how many working days, and why, as the docs say it."""
    if expected is None:
        return None
    if worked(expected, TODAY):
        return worked(min(expected, need or expected), TODAY), "overdue"
    by = worked(need, expected) if need is not None else 0
    return (by, "due_date") if by else None


def planned(company, key):
    return TODAY + timedelta(days=company.due[key]) if company.due.get(key) is not None else None


@settings(max_examples=120, deadline=None)
@given(COMPANIES)
def test_late_is_what_comes_after_it_is_needed_or_is_overdue(company):
    for key in company.open:
        need = fact(company.world, "item.needed_by", key)
        found = {each.key: (each.late_by, each.late_because) for each in fact(company.world, "deps.late_blockers", key)}
        lates = {each: late(planned(company, each), need) for each in company.blockers(key)}
        assert found == {each: how for each, how in lates.items() if how is not None}


def distances(company):
    """Return, by item, how many steps it is above the nearest open item of the outcome."""
    found: dict[str, int] = {}
    layer, steps = {key for key in company.serving if key not in company.done}, 0
    while layer:
        steps += 1
        layer = {blocker for key in layer for blocker in company.blockers(key)} - found.keys()
        found.update(dict.fromkeys(layer, steps))
    return found


def soonest(company, key, steps):
    """Return the earliest day that any chain of so few steps, and the outcome, is needed by."""
    if not steps:
        return TARGET
    reached = distances(company)
    onward = [target for source, target in company.open_edges if source == key]
    if steps == 1:
        onward = [each for each in onward if each in company.serving]
    else:
        onward = [each for each in onward if reached.get(each) == steps - 1]
    return min(min(soonest(company, each, steps - 1), planned(company, each) or date.max) for each in onward)


@settings(max_examples=150, deadline=None)
@given(COMPANIES)
def test_an_outcome_waits_for_an_item_through_the_shortest_chain(company):
    steps = distances(company)
    for key in company.open:
        found = fact(company.world, "deps.outcomes_waiting", key)
        assert [each.id for each in found] == (["fast"] if key in steps else [])
        for each in found:
            chain = list(each.chain)
            assert (each.steps, len(chain)) == (steps[key], steps[key] + 1)
            assert chain[0] == key
            assert chain[-1] in company.serving
            assert all(pair in company.open_edges for pair in pairwise(chain))
            days = [day for one in chain[1:] if (day := planned(company, one)) is not None]
            assert each.needed_by == min([*days, TARGET]) == soonest(company, key, steps[key])
            assert (each.late_by, each.late_because) == (late(planned(company, key), each.needed_by) or (None, None))
            at_risk = fact(company.world, "deps.outcomes_at_risk", key)
            assert [one.id for one in at_risk] == (["fast"] if each.late_because else [])


@settings(max_examples=120, deadline=None)
@given(COMPANIES)
def test_an_outcome_sees_the_same_as_what_it_waits_for(company):
    waiting = {key for key in company.open if fact(company.world, "deps.outcomes_waiting", key)}
    at_risk = {key for key in company.open if fact(company.world, "deps.outcomes_at_risk", key)}
    blocked = of(company.world, "outcome.blocked_by", "fast")
    assert set(keys(blocked)) == waiting - company.serving
    assert [each.steps for each in blocked] == sorted(each.steps for each in blocked)
    assert set(keys(of(company.world, "outcome.late_blockers", "fast"))) == at_risk


@settings(max_examples=120, deadline=None)
@given(COMPANIES)
def test_the_chain_that_sets_a_date_ends_with_what_comes_last(company):
    own = [key for key in company.open if key in company.serving]
    chain = keys(of(company.world, "outcome.date_chain", "fast"))
    assert bool(chain) == bool(own)
    if chain:

        def latest(key):
            return max((planned(company, each) or date.min for each in {key, *company.above(key)}), default=date.min)

        assert chain[-1] in own
        assert latest(chain[-1]) == max(map(latest, own))
        assert not [each for each in company.above(chain[0]) if each not in company.ring(chain[0])]
        assert max(latest(each) for each in chain) == latest(chain[-1])


@settings(max_examples=150, deadline=None)
@given(COMPANIES)
def test_the_cut_leaves_as_few_waiting_for_themselves_as_any_one_cut_can(company):
    for key in company.open:
        ring = company.ring(key)
        ends = keys(fact(company.world, "deps.cycle_cut", key))
        assert bool(ends) is (len(ring) > 1)
        if ends:
            inside = [edge for edge in company.open_edges if set(edge) <= ring]
            rests = {edge: rest_without(company, edge, ring) for edge in inside}
            assert rests[tuple(ends)] == min(rests.values()) == fact(company.world, "deps.cycle_rest_count", key)
            if len(inside) == len(ring):
                assert min(rests.values()) == 0


def rest_without(company, edge, ring):
    left = Company(company.edges - {edge}, company.due, company.serving, company.done)
    return sum(key in left.above(key) for key in ring)


def test_a_very_long_chain_is_counted_whole_and_listed_in_part():
    count = 3000
    items = [make_item(f"PAY-{n:05}", links=(blocked_by(f"PAY-{n + 1:05}"),)) for n in range(count)]
    items[0] = make_item("PAY-00000", links=items[0].links, labels=("outcome:fast",), due_on=date(2026, 12, 1))
    last = make_item(f"PAY-{count:05}", due_on=date(2026, 12, 9))
    world = make_world([*items, last], [FAST])
    world.keep(NO_FORECASTS)
    first = "PAY-00000"
    assert fact(world, "deps.chain_length", first) == count
    listed = keys(fact(world, "deps.chain", first))
    assert (len(listed), listed[0], listed[-1]) == (CHAIN, "PAY-00001", last.key)
    assert keys(fact(world, "deps.root_blockers", first)) == [last.key]
    assert fact(world, "deps.blocks_in_all_count", last.key) == 100
    assert fact(world, "item.needed_by", last.key) == date(2026, 12, 1)
    (risk,) = fact(world, "deps.outcomes_at_risk", last.key)
    assert (risk.steps, risk.chain[0], risk.chain[-1], risk.late_by) == (count, last.key, first, 6)
    assert keys(of(world, "outcome.late_blockers", "fast")) == [last.key]
    assert keys(of(world, "outcome.date_chain", "fast"))[0] == last.key
