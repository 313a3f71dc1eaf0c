"""A pass after what people did to our annotations: a person's hand wins. Over HTTP, on both trackers."""

from tests.e2e.town import LABEL, OUTCOME


def annotated(town, side):
    town.apply()
    assert side.labels == (LABEL,)
    assert len(side.comments) == 1
    return side.comments[0]


def test_a_second_pass_writes_nothing(town, side):
    assert town.planned() == [f"{side.key} add_label", f"{side.key} create_comment"]
    assert town.writes() == [], "a plan writes nothing"
    annotated(town, side)
    assert len(town.writes()) == 2

    assert town.planned() == []
    assert town.apply().results == ()
    assert town.apply().results == ()
    assert town.writes() == []


def test_a_label_that_a_person_removed_stays_away(town, side):
    annotated(town, side)
    town.pass_time(minutes=5)
    side.remove_label(LABEL)

    for _ in range(3):
        assert town.apply().results == ()

    assert side.labels == ()
    assert len(side.comments) == 1


def test_a_removed_label_comes_back_when_the_finding_goes_and_returns(town, side):
    annotated(town, side)
    town.pass_time(minutes=5)
    side.remove_label(LABEL)
    town.apply()
    side.add_label(OUTCOME)
    town.apply()
    town.pass_time(hours=1)
    side.remove_label(OUTCOME)

    town.apply()

    assert side.labels == (LABEL,)


def test_a_comment_that_a_person_deleted_stays_away(town, side):
    annotated(town, side)
    town.pass_time(minutes=5)
    side.delete_comment()

    for _ in range(3):
        assert town.apply().results == ()

    assert side.comments == []
    assert side.labels == (LABEL,)


def test_a_comment_that_a_person_edited_is_kept_until_our_findings_there_change(town, side):
    annotated(town, side)
    town.pass_time(minutes=5)
    side.edit_comment("We know. Next sprint. Ada")

    for _ in range(2):
        assert town.apply().results == ()
        town.pass_time(days=2)
    side.edit_title("Load the card form one time")
    assert town.apply().results == ()
    assert "Next sprint" in side.comments[0]

    side.remove_label(LABEL)
    side.add_label("outcome:misspelt")
    town.apply()

    assert "Next sprint" not in side.comments[0]
    assert "It names what is not there" in side.comments[0]
    assert len(side.comments) == 1


def test_a_persons_own_label_of_our_name_is_theirs(town, side):
    side.add_label(LABEL)
    town.apply()
    assert len(side.comments) == 1
    town.pass_time(minutes=5)
    side.add_label(OUTCOME)

    town.apply()

    assert set(side.labels) == {LABEL, OUTCOME}, "we never take away what we did not put there"


def test_a_resolved_finding_leaves_one_line_and_no_label_and_is_told_again_when_it_returns(town, side):
    told = annotated(town, side)
    side.add_label(OUTCOME)
    town.pass_time(minutes=5)
    town.apply()

    assert side.labels == (OUTCOME,)
    (resolved,) = side.comments
    assert "Resolved" in resolved
    assert "Not linked" not in resolved
    assert town.apply().results == ()

    town.pass_time(hours=1)
    side.remove_label(OUTCOME)
    town.apply()

    assert side.labels == (LABEL,)
    assert side.comments == [told]


def test_an_item_that_is_deleted_is_found_gone_and_nothing_is_written_there(town, side):
    type(side)(town, "It stays")
    town.apply()
    side.delete()

    for _ in range(3):
        town.pass_time(days=1)
        assert town.apply().results == ()
    with town.session() as session:
        assert [item.key for item in session.workspace.store.gone().values()] == [side.key]
