"""What always holds, whatever is there and whatever people do in between."""

import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from rules.engine import Judgments
from rules.subjects import container_subject, outcome_subject, team_subject
from syncd.model.changes import Action, Plan
from syncd.model.comments import Leaf, Quote, Reference, Text
from syncd.model.findings import About, Judgment, Severity, Span, Subject, ToldOn
from syncd.model.items import Audience, AudienceKind, Place, Stage, StatusCategory
from syncd.model.outcomes import OutcomeStatus
from syncd.planner.reconcile import reconcile
from tests.builders import item_id, make_container, make_item, make_outcome, make_place, place_id
from tests.planner.small_world import (
    OWNER,
    Desk,
    SmallWorld,
    make_judgment,
    make_judgments,
    make_policy,
    make_rule,
    subject_of,
    words_of,
)

PLACES = ("jira:PAY", "jira:OPS", "acme/open", "acme/shop")
KEYS = tuple(f"{place.partition(':')[2] or place}{'#' if '/' in place else '-'}{n}" for place in PLACES for n in (1, 2))
OPS_NEXT = (("jira:OPS", "Next"),)
RULES = (
    make_rule("no-outcome", told_on=ToldOn.TOPMOST),
    make_rule("blocked", told_on=ToldOn.BLOCKER),
    make_rule("idle", clear_after=Span(working_days=1)),
    make_rule("quiet", stage=Stage.LABELS),
)
OUTCOMES = (
    make_outcome("fast", title="secret plan", items=("PAY-1", "acme/open#1")),
    make_outcome("open", title="Open plan", visibility="public", items=("acme/shop#2",), milestones=OPS_NEXT),
    make_outcome("over", title="secret plan B", status=OutcomeStatus.DROPPED, items=("acme/open#2", "OPS-2")),
)
CONTAINER = make_container("Next", place="jira:OPS")
OTHERS = {
    make_rule("measured", told_on=ToldOn.TRACKED_IN): [outcome_subject(each.id) for each in OUTCOMES],
    make_rule("crowded", told_on=ToldOn.TRACKED_IN): [container_subject(CONTAINER.id)],
    make_rule("budget"): [team_subject("payments"), team_subject("risk")],
    make_rule("ring", told_on=ToldOn.EDGE): [Subject(About.DEPENDENCY.value, item_id("PAY-1"))],
    make_rule("late", told_on=ToldOn.TRACKED_IN): [subject_of("PAY-2"), subject_of("acme/open#2")],
}
"""Rules about what is no item, or told where their item's outcome is tracked, and what they judge."""
ALL_RULES = (*RULES, *OTHERS)
AUDIENCES = st.one_of(st.none(), st.builds(Audience, st.sampled_from(AudienceKind), st.sampled_from(["", "risk"])))
Draw = Any


@st.composite
def worlds(draw: Draw) -> SmallWorld:
    """Eight items in four places, with parents at random; the words of each place name the place."""
    places = [
        make_place(
            place,
            audience=draw(AUDIENCES),
            comments_allowed=draw(st.booleans()),
            stage=draw(st.sampled_from([Stage.OFF, Stage.REPORT, Stage.LABELS, Stage.COMMENT, Stage.COMMENT])),
        )
        for place in PLACES
    ]
    items = [
        make_item(
            key,
            parent=draw(st.one_of(st.none(), st.sampled_from(KEYS))),
            title=f"words of {place_id(key)}",
            status_category=draw(st.sampled_from([StatusCategory.TODO, StatusCategory.DONE])),
            restricted=draw(st.booleans()),
        )
        for key in KEYS
    ]
    served = {key: draw(st.sampled_from([(), ("fast",), ("open",), ("open", "over")])) for key in KEYS}
    return SmallWorld(
        items,
        places=places,
        outcomes=draw(st.sampled_from([OUTCOMES, OUTCOMES, OUTCOMES[1:]])),
        serves=served,
        containers=draw(st.sampled_from([(), (CONTAINER,)])),
        teams={key: draw(st.sampled_from(["", "payments", "risk"])) for key in KEYS},
        rings=[("PAY-1", "OPS-1")],
    )


@st.composite
def judgments(draw: Draw) -> Judgments:
    """Return judgments of any rules for any items, some of them unknown."""
    answers = st.sampled_from(["no", "no", "yes", "yes", "unknown"])
    drawn = {(rule.id, key): draw(answers) for rule in RULES for key in KEYS}
    rules = {rule.id: rule for rule in RULES}
    holding = [
        said_of(key, make_judgment(key, rules[rule_id], causes=draw(st.lists(st.sampled_from(KEYS), max_size=2))))
        for (rule_id, key), answer in drawn.items()
        if answer == "yes"
    ]
    unknown = [pair for pair, answer in drawn.items() if answer == "unknown"]
    others = [(rule, subject, draw(answers)) for rule, subjects in OTHERS.items() for subject in subjects]
    holding += [
        replace(make_judgment(rule=rule), subject=subject, message=(*MESSAGE, named(subject)))
        for rule, subject, answer in others
        if answer == "yes"
    ]
    found = make_judgments(*holding, rules=ALL_RULES, unknown=unknown)
    also_unknown = {(rule.id, subject) for rule, subject, answer in others if answer == "unknown"}
    return replace(found, unknown=frozenset([*found.unknown, *also_unknown]))


def named(subject: Subject) -> Leaf:
    """Return what tells subjects apart: a ring by its first item, which not everybody may see."""
    if subject.about != About.DEPENDENCY.value:
        return Text(f" {subject}")
    key = subject.id.native_id[1:]
    return Reference(key, item=subject.id, source=place_id(key))


MESSAGE = (Quote("secret plan"), Text(" and "), Quote(f"words of {place_id('OPS-1')}", place_id("OPS-1")))


def said_of(key: str, judgment: Judgment) -> Judgment:
    """Let a judgment quote its subject and the first of its causes."""
    place = place_id(key)
    message = (
        Reference(item_id(key).native_id[1:], f"https://{place}", item_id(key), place),
        Text(" says "),
        Quote(f"words of {place}", place),
        Text(" for "),
        Quote("secret plan"),
    )
    severity = Severity.CRITICAL if key.endswith("2") else Severity.WARNING
    return replace(judgment, message=message, severity=severity)


HANDS = st.sampled_from(["sync", "remove", "add", "delete", "edit", "second", "wait", "flight", "land"])
STEPS = st.lists(st.tuples(HANDS, st.sampled_from(KEYS), st.sampled_from([rule.id for rule in ALL_RULES])), max_size=12)
TEAMS = st.dictionaries(st.sampled_from(["payments", "risk"]), st.sampled_from(Stage), max_size=2)


def act(desk: Desk, hand: str, key: str, rule_id: str) -> None:
    """Let somebody do something."""
    label = f"syncd:{rule_id}"
    if hand == "remove":
        desk.person_removes_label(key, label)
    elif hand == "add":
        desk.person_adds_label(key, label)
    elif hand == "delete":
        desk.person_deletes_comments(key)
    elif hand == "edit":
        desk.person_edits_comments(key)
    elif hand == "second":
        desk.second_comment(key)
    elif hand == "wait":
        desk.later(days=2)
    elif hand in ("flight", "land"):
        flying = frozenset([item_id(key)]) if hand == "flight" else frozenset[Any]()
        desk.memory = replace(desk.memory, in_flight=flying)


@settings(max_examples=60, deadline=None)
@given(worlds(), st.lists(judgments(), min_size=1, max_size=3), STEPS, TEAMS)
def test_a_second_pass_plans_nothing_and_people_keep_what_is_theirs(world, rounds, steps, team_stages):
    desk = Desk(world, make_policy(team_stages=team_stages))
    theirs: dict[Any, set[str]] = {}
    for number, (hand, key, rule_id) in enumerate([("sync", KEYS[0], "idle"), *steps]):
        label, target = f"syncd:{rule_id}", item_id(key)
        owned = {each.name for each in own_labels(desk, target)}
        if hand == "add" and label not in desk.labels[target] and label not in owned:
            theirs.setdefault(target, set()).add(label)
        if hand == "remove":
            theirs.get(target, set()).discard(label)
        act(desk, hand, key, rule_id)
        holds = rounds[number % len(rounds)]
        plan = desk.sync(holds)
        assert_nobody_is_wronged(plan, desk, theirs)
        assert desk.reconcile(holds).plan.changes == (), "a second pass plans nothing"


def own_labels(desk: Desk, target: Any) -> tuple[Any, ...]:
    own = desk.memory.ownership.get(target)
    return own.labels if own else ()


def assert_nobody_is_wronged(plan: Plan, desk: Desk, theirs: dict[Any, set[str]]) -> None:
    for change in plan.changes:
        assert change.target not in desk.memory.in_flight
        place = desk.world.places[change.place]
        assert place.stage >= Stage.LABELS
        stage = desk.policy.team_stages.get(desk.world.team(change.target), Stage.COMMENT)
        assert stage >= Stage.LABELS
        assert stage is Stage.COMMENT or change.action is not Action.CREATE_COMMENT
        if change.label:
            assert change.label not in theirs.get(change.target, set()), "a person's label is in the plan"
        if change.mark is not None:
            assert change.mark.owner == OWNER
        if change.action is Action.CREATE_COMMENT:
            outside = (AudienceKind.PUBLIC, AudienceKind.CUSTOMERS)
            assert place.comments_allowed or place.audience is None or place.audience.kind not in outside


@settings(max_examples=60, deadline=None)
@given(worlds(), judgments(), judgments(), st.randoms(use_true_random=False))
def test_the_order_of_what_is_given_changes_nothing(world, before, holds, shuffler):
    desk = Desk(world)
    desk.sync(before)
    now, memory, policy = desk.now, desk.memory, make_policy()
    given_world: Any = world
    one = reconcile(holds, given_world, memory, policy, now)
    shuffled: Any = SmallWorld([])
    shuffled.__dict__.update(world.__dict__)
    shuffled.items = mixed(world.items, shuffler)
    other_memory = replace(
        memory,
        findings=mixed(memory.findings, shuffler),
        ownership=mixed(memory.ownership, shuffler),
        observations=mixed(memory.observations, shuffler),
    )
    holding = list(holds.holding)
    shuffler.shuffle(holding)
    other = reconcile(replace(holds, holding=tuple(holding)), shuffled, other_memory, policy, now)
    assert {each.subject.about for each in one.findings} <= {about.value for about in About}
    assert (one.plan, one.findings, one.leads, one.waiting) == (other.plan, other.findings, other.leads, other.waiting)
    assert sorted(one.ownership, key=lambda own: own.item) == sorted(other.ownership, key=lambda own: own.item)


def mixed(given_: Any, shuffler: random.Random) -> Any:
    pairs = list(given_.items())
    shuffler.shuffle(pairs)
    return dict(pairs)


@settings(max_examples=100, deadline=None)
@given(worlds(), judgments())
def test_what_outsiders_read_has_no_word_of_a_place_that_is_not_public(world, holds):
    for change in Desk(world).reconcile(holds).plan.changes:
        place = world.places[change.place]
        if change.comment is not None and is_outside(place):
            shown = words_of(change.comment)
            assert "secret plan" not in shown
            for other in world.places.values():
                if other.id != place.id and (other.audience is None or other.audience.kind is not AudienceKind.PUBLIC):
                    assert f"words of {other.id}" not in shown
                    assert not any(item.key in shown for item in world.items.values() if item.place == other.id)


def is_outside(place: Place) -> bool:
    return place.audience is not None and place.audience.kind in (AudienceKind.PUBLIC, AudienceKind.CUSTOMERS)
