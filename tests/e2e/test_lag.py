"""Jira's search shows what was written only after a while: what is ours is not taken for removed, nor written twice."""

from datetime import timedelta

from tests.e2e.town import LABEL, OUTCOME, JiraSide


def test_what_the_search_does_not_show_yet_is_neither_missed_nor_written_again(town):
    side = JiraSide(town)
    town.jira.index.lag = timedelta(seconds=150)
    town.pass_time(minutes=5)
    town.apply()
    assert (side.labels, len(side.comments)) == ((LABEL,), 1)
    town.writes()

    for _ in range(5):
        assert town.apply().results == ()

    assert town.writes() == []
    with town.session() as session:
        (owned,) = session.workspace.store.ownership().values()
    assert owned.removed == ()


def test_what_a_person_did_meanwhile_is_seen_once_it_shows(town):
    side = JiraSide(town)
    town.jira.index.lag = timedelta(seconds=150)
    town.pass_time(minutes=5)
    town.apply()
    side.add_label(OUTCOME)

    assert town.apply().results == ()
    town.pass_time(minutes=5)
    town.apply()

    assert side.labels == (OUTCOME,)
    assert ["Resolved" in comment for comment in side.comments] == [True]
