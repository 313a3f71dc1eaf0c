"""Nobody learns from a comment what they may not read: rules that tell everything, in a company full of secrets."""

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.planner.secrets import KEYS, KNOWN, Town, items, leaks, nosy_rules, places, told_secrets
from tests.planner.small_world import words_of

EVERY_WAY, RULES = nosy_rules(in_every_way=True), nosy_rules()


@settings(max_examples=40, deadline=None)
@given(items(), places(st.one_of(st.none(), KNOWN)), st.sampled_from(["", "", "jira:SEC", "acme/shop"]))
def test_a_comment_tells_its_readers_only_what_they_may_read(company, where, dark):
    desk = Town(company, where, EVERY_WAY)
    desk.dark = dark
    for change in desk.reconcile(EVERY_WAY.evaluate(desk.seen(), desk.now)).plan.changes:
        if change.comment is not None:
            target = company[change.key]
            assert leaks(words_of(change.comment) + "\n", target, company, where) == []


@settings(max_examples=20, deadline=None)
@given(
    items(), places(), items(), places(), st.sampled_from(["", "jira:SEC"]), st.sets(st.sampled_from(KEYS), max_size=3)
)
def test_what_readers_may_no_longer_read_is_taken_back_at_once(company, where, later, there, dark, gone):
    desk = Town(company, where, RULES)
    desk.step()
    desk.world.places, desk.dark = there, dark
    for item in list(desk.world.items.values()):
        after = later[item.key]
        desk.world.items[item.id] = replace(item, restricted=after.restricted, links=after.links)
    for key in gone:
        del desk.world.items[company[key].id]
    desk.step()
    assert told_secrets(desk) == []
    desk.step()
    assert told_secrets(desk) == []
    assert desk.reconcile(RULES.evaluate(desk.seen(), desk.now)).plan.changes == ()
