"""Every request of the adapter and every answer of the simulator is checked against Jira's published OpenAPI file."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

from adapters.jira.adapter import JiraAdapter
from adapters.jira.settings import PACE, WORDS, JiraSettings
from syncd.model.changes import Action, Fate
from syncd.model.comments import Bullets, Comment, Fold, Heading, Paragraph, Quote, Reference, Text
from syncd.model.errors import AccessError
from syncd.model.identity import Handle, ItemId, PlaceId
from syncd.model.items import Place
from syncd.model.words import OutcomeWords
from syncd.simulator.bot import ACCOUNT_ID, EMAIL, TOKEN
from tests.adapters.contract import OWNER, PREFIX, add_label, comment_on, fates, send
from tests.adapters.jira.company import ADA, handle_of
from tests.adapters.jira.specification import Specification
from tests.adapters.steps import change_of, delete_of, edit_of, remove_label

DATA = Path(os.environ.get("SYNCD_DATA", Path(__file__).parents[4] / "shared" / "data"))


class Recorder(HTTPAdapter):
    """Sends through another adapter, and keeps what went out and came in."""

    def __init__(self, inner: HTTPAdapter) -> None:
        super().__init__()
        self.inner = inner
        self.exchanges: list[tuple[Any, ...]] = []

    def send(self, request: PreparedRequest, *args: Any, **given: Any) -> Response:
        answer = self.inner.send(request, *args, **given)
        self.exchanges.append((request.method, request.url, request.body, answer.status_code, answer.content))
        return answer


@pytest.fixture(scope="module")
def specification() -> Specification:
    path = DATA / "specs" / "jira-cloud-v3.openapi.json.gz"
    if not path.exists():
        pytest.skip(f"{path.name} is not here")
    return Specification(path)


@pytest.fixture
def recorder(transport) -> Recorder:
    return Recorder(transport.http_adapter("jira", transport.budget("bot", PACE)))


@pytest.fixture
def make_tracker(server, clock, recorder) -> Callable[..., JiraAdapter]:
    def make(keys=("PAY", "FRAUD"), token=TOKEN, words=WORDS, **given: Any) -> JiraAdapter:
        auth = {"email": EMAIL, "token": {"env": "JIRA_TOKEN"}}
        return JiraAdapter(
            JiraSettings.model_validate({"url": server.jira_url, "auth": auth, **given}),
            name="jira",
            places=tuple(Place(id=PlaceId("jira", key), words=words) for key in keys),
            email=EMAIL,
            token=token,
            clock=clock,
            http=recorder,
            owner=OWNER,
            prefix=PREFIX,
        )

    return make


def check(specification: Specification, recorder: Recorder) -> None:
    assert recorder.exchanges
    assert [fault for exchange in recorder.exchanges for fault in specification.faults(*exchange)] == []


def furnish(state) -> Handle:
    """Fill a site with one of everything that a row can show."""
    sprint = state.catalogue.add_sprint("Sprint 4", state="active", goal="Faster", start_date=state.clock.now())
    state.catalogue.add_version("PAY", "26.12", release_date="2026-12-09")
    state.catalogue.add_security_level("Board", [ACCOUNT_ID])
    state.catalogue.add_project("DESK", "Help", type_key="service_desk")
    epic = state.add_issue("PAY", "Epic", type="Epic")
    one = state.add_issue(
        "PAY",
        "One",
        description="h2. Why\n\n* a\n* b\n\n{code}x{code}\n\nBlocked by: PAY-1",
        parent=epic.key,
        assignee=ADA,
        reporter="712020:nobody",
        fix_versions=["26.12"],
        sprints=[sprint.id],
        components=["api"],
        due_date="2026-12-01",
        story_points=3,
        status="Done",
        security="Board",
        labels=["bug"],
    )
    two = state.add_issue("FRAUD", "Two", type="Sub-task", parent=one.key, priority=None)
    state.add_link("Blocks", two.key, one.key)
    state.add_comment(one.key, "hello", ADA, visibility={"type": "role", "value": "Developers", "identifier": "1"})
    for number in range(120):
        state.add_issue("PAY", f"More {number}")
    return handle_of(one)


def test_reading_is_as_published(specification, recorder, make_tracker, state, clock):
    item = furnish(state)
    tracker = make_tracker()

    pages = list(tracker.poll(None))
    clock.set(clock.now() + timedelta(minutes=10))
    list(tracker.poll(pages[-1].cursor))
    list(tracker.census(""))
    list(tracker.read([item, Handle(ItemId("jira", "99999"), "PAY-9999")]))
    tracker.probe()
    tracker.observe([item], {item.id: "99999"})
    state.edit_issue(item.key, by=ADA, summary="Other", labels=["a"], status="Done", story_points=5)
    list(tracker.history([item, Handle(ItemId("jira", "99999"), "PAY-9999")]))

    assert not any(page.problems for page in pages)
    check(specification, recorder)


@pytest.mark.parametrize("jql", ["issuetype = Epic", "nope = 1"])
def test_outcomes_by_jql_are_as_published(specification, recorder, make_tracker, state, clock, jql):
    item = furnish(state)
    words = msgspec.structs.replace(WORDS, outcomes=OutcomeWords(jql=jql))
    tracker = make_tracker(words=words)

    last = list(tracker.poll(None))[-1]
    state.edit_issue(item.key, by=ADA, summary="Other")
    list(tracker.poll(last.cursor))
    list(tracker.read([item]))
    tracker.probe()

    assert any("/jql/match" in url for _, url, *_ in recorder.exchanges)
    check(specification, recorder)


def test_writing_is_as_published(specification, recorder, make_tracker, state):
    item = furnish(state)
    tracker = make_tracker(quiet=True)
    comment = Comment(
        (
            Heading((Text("Latency"),)),
            Paragraph(
                (Text("Why", strong=True), Quote("@ada"), Reference("PAY-1", "https://acme.example/browse/PAY-1"))
            ),
            Bullets(((Text("outcome:ID", code=True),),)),
            Fold("How to answer", (Fold("More", (Paragraph((Text("x"),)),)),)),
        )
    )

    results = send(
        tracker,
        [add_label(item), remove_label(item, "bug"), change_of(item, Action.CREATE_COMMENT, comment)],
    )
    results += send(tracker, [edit_of(item, results[-1], "again")])
    tracker.observe([item], {item.id: results[-1].comment_id})
    results += send(tracker, [delete_of(item, results[-1])])

    assert fates(results) == [Fate.APPLIED] * 5
    check(specification, recorder)


def test_being_refused_is_as_published(specification, recorder, make_tracker, state, clock):
    item = furnish(state)
    gone = Handle(ItemId("jira", "99999"), "PAY-9999")
    tracker = make_tracker(keys=["PAY", "NOPE"])
    list(tracker.poll(None))
    tracker.probe()
    state.people.permit(ACCOUNT_ID, "PAY", {"BROWSE_PROJECTS"})
    send(tracker, [add_label(item, "syncd:with space"), comment_on(item), add_label(gone), comment_on(gone)])
    tracker.observe([gone], {gone.id: "1"})
    with pytest.raises(AccessError):
        make_tracker(token="wrong").probe()

    assert {status for _, _, _, status, _ in recorder.exchanges} >= {400, 401, 403, 404}
    check(specification, recorder)


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "answer", "fault"),
    [
        ("GET", "/rest/api/3/nothing", None, 200, b"", "no such operation"),
        ("POST", "/rest/api/3/search/jql", b'{"jql": 5}', 200, b"{}", "jql: 5 is not of type 'string'"),
        ("POST", "/rest/api/3/search/jql", b'{"what": 5}', 200, b"{}", "Additional properties are not allowed"),
        ("POST", "/rest/api/3/search/jql", b"{}", 200, b'{"issues": 5}', "issues: 5 is not of type 'array'"),
        ("POST", "/rest/api/3/search/jql", None, 200, b"{}", "a body is required"),
        ("GET", "/rest/api/3/field?x=1", None, 200, b"[]", "unknown query parameter x"),
        ("GET", "/rest/api/3/field", None, 418, b"", "a status that is not documented"),
        ("PUT", "/rest/api/3/issue/1?returnIssue=yes", b"{}", 204, b"", "returnIssue=yes is no boolean"),
    ],
)
def test_the_judge_itself_finds_faults(specification, method, path, body, status, answer, fault):
    found = specification.faults(method, f"http://127.0.0.1/jira{path}", body, status, answer)

    assert any(fault in each for each in found), found
