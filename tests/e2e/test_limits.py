"""What is over the limits waits for review, the rest goes on; the next day brings the next share."""

from tests.e2e.town import SIDES


def count_comments(sides):
    return sum(len(side.comments) for side in sides)


def test_limits_hold_over_any_24_hours(town):
    town.configure(settings="limits: {changes: 100, share: 100%, new_comments: 3}\n")
    sides = [make(town, f"Item {number}") for make in SIDES.values() for number in range(4)]

    town.apply()
    assert count_comments(sides) == 3
    town.pass_time(hours=12)
    town.apply()
    assert count_comments(sides) == 3
    with town.session() as session:
        reasons = {reason for _, reason in session.workspace.store.waiting()}
    assert reasons == {"over the limit of 3 new comments in 24 hours for the rule no-outcome"}

    town.pass_time(hours=13)
    town.apply()
    assert count_comments(sides) == 6
    town.pass_time(hours=25)
    town.apply()
    assert count_comments(sides) == 8
    town.pass_time(hours=25)
    assert town.planned() == []


def test_a_lost_answer_counts_as_a_write(town):
    town.configure(settings="limits: {changes: 100, share: 100%, new_comments: 1}\n")
    sides = [make(town, f"Item {number}") for make in SIDES.values() for number in range(2)]
    town.fault(method="POST", path="/comment", drop=True, work=True)

    for _ in range(3):
        town.apply()

    assert count_comments(sides) == 1
