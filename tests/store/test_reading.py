from syncd.model.identity import Handle, PlaceId
from syncd.model.items import Audience, AudienceKind, ContainerState, Person, PlaceState
from syncd.model.reading import Capabilities, Cursor, PlaceFailure, PlaceReport, Problem
from syncd.store import WorkspaceStore
from tests.builders import make_container, make_item
from tests.store.samples import make_page, minutes

PAY, FRAUD = PlaceId("jira", "PAY"), PlaceId("jira", "FRAUD")
PUBLIC, INTERNAL = Audience(AudienceKind.PUBLIC), Audience(AudienceKind.INTERNAL)


def make_problem(key: str = "PAY-1", at: int = 0, error: str = "no title") -> Problem:
    item = make_item(key)
    return Problem(handle=Handle(item.id, item.key), place=item.place, error=error, seen_at=minutes(at))


def test_a_cursor_is_stored_with_its_page(store: WorkspaceStore):
    assert store.cursor("jira") is None
    store.save_page("jira", make_page(cursor=Cursor("jira", "1")))
    store.save_page("jira", make_page(at=minutes(1)))
    assert store.cursor("jira") == Cursor("jira", "1")
    assert store.cursor("github") is None


def test_a_newer_container_replaces_an_older_one(store: WorkspaceStore):
    open_, closed = make_container("26.12"), make_container("26.12", state=ContainerState.CLOSED)
    store.save_page("jira", make_page(containers=(closed,), at=minutes(2)))
    store.save_page("jira", make_page(containers=(open_,), at=minutes(1)))
    assert store.containers() == {closed.id: closed}
    store.save_page("jira", make_page(containers=(open_,), at=minutes(3)))
    assert store.containers() == {open_.id: open_}


def test_an_item_that_could_not_be_read_is_set_aside(store: WorkspaceStore):
    store.save_page("jira", make_page(problems=(make_problem(),)))
    store.save_page("jira", make_page(problems=(make_problem(at=1, error="still no title"),), at=minutes(1)))
    assert store.problems() == (make_problem(at=1, error="still no title"),)


def test_a_problem_is_over_when_its_item_is_read_well(store: WorkspaceStore):
    store.save_page("jira", make_page(problems=(make_problem("PAY-1"), make_problem("PAY-2"))))
    store.save_page("jira", make_page(make_item("PAY-1"), at=minutes(1)))
    assert store.problems() == (make_problem("PAY-2"),)


def test_a_problem_is_over_when_the_item_is_as_it_was(store: WorkspaceStore):
    store.save_page("jira", make_page(make_item(), at=minutes(0)))
    store.save_page("jira", make_page(problems=(make_problem(at=1),), at=minutes(1)))
    assert store.problems() != ()
    store.save_page("jira", make_page(make_item(), at=minutes(2)))
    assert store.problems() == ()


def test_a_problem_from_before_the_item_was_read_well_is_none(store: WorkspaceStore):
    store.save_page("jira", make_page(make_item(), at=minutes(5)))
    store.save_page("jira", make_page(problems=(make_problem(at=4),), at=minutes(4)))
    assert store.problems() == ()


def test_a_page_from_before_does_not_end_a_problem(store: WorkspaceStore):
    store.save_page("jira", make_page(problems=(make_problem(at=5),), at=minutes(5)))
    store.save_page("jira", make_page(make_item(), at=minutes(4)))
    assert store.problems() == (make_problem(at=5),)


def test_a_problem_is_over_when_the_item_is_gone(store: WorkspaceStore):
    store.save_page("jira", make_page(problems=(make_problem(),)))
    store.mark_gone([make_problem().handle.id], minutes(1))
    assert store.problems() == ()


def test_a_place_is_imported_once_and_read_again_and_again(store: WorkspaceStore):
    store.save_page("jira", make_page(read_places=(PAY,), imported_places=(PAY,)))
    store.save_page("jira", make_page(read_places=(PAY,), imported_places=(PAY,), at=minutes(5)))
    store.save_page("jira", make_page(read_places=(PAY,), at=minutes(3)))
    assert store.place_states() == {PAY: PlaceState(id=PAY, imported_at=minutes(0), read_at=minutes(5))}


def test_a_place_that_failed_is_dark_until_it_is_read_again(store: WorkspaceStore):
    store.save_page("jira", make_page(read_places=(PAY, FRAUD), imported_places=(PAY, FRAUD)))
    store.save_page("jira", make_page(failures=(PlaceFailure(PAY, "403"),), at=minutes(1)))
    states = store.place_states()
    assert (states[PAY].error, states[FRAUD].error) == ("403", "")
    assert states[PAY].imported_at == minutes(0)
    store.save_page("jira", make_page(read_places=(PAY,), at=minutes(2)))
    assert store.place_states()[PAY].error == ""


def test_a_place_that_was_never_read_can_fail(store: WorkspaceStore):
    store.save_page("jira", make_page(failures=(PlaceFailure(PAY, "404"),)))
    assert store.place_states() == {PAY: PlaceState(id=PAY, error="404")}


def test_a_probe_tells_who_reads_a_place(store: WorkspaceStore):
    store.save_page("jira", make_page(read_places=(PAY,)))
    store.save_place_audiences({FRAUD: PUBLIC})
    reports = (PlaceReport(id=PAY, audience=INTERNAL), PlaceReport(id=FRAUD, audience=None, problem="no access"))
    store.save_probe("jira", Capabilities(account=Person("bot"), places=reports))
    states = store.place_states()
    assert states[PAY] == PlaceState(id=PAY, read_at=minutes(0), audience=INTERNAL)
    assert states[FRAUD].audience == PUBLIC


def test_who_reads_a_place_outlives_the_next_poll(store: WorkspaceStore):
    store.save_place_audiences({PAY: Audience(AudienceKind.GROUP, "legal")})
    store.save_page("jira", make_page(read_places=(PAY,)))
    assert store.place_states()[PAY].audience == Audience(AudienceKind.GROUP, "legal")
