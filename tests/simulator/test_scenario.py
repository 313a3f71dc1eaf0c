from datetime import UTC, date, datetime, timedelta

import pytest

from adapters.registry import load_trackers
from rules.roadmap import load_roadmap
from syncd.clock import ManualClock
from syncd.documents import read_document
from syncd.model.items import AudienceKind
from syncd.simulator.bot import ACCOUNT_ID
from syncd.simulator.scenario import TOKENS, company, write_config

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
def states():
    return company(ManualClock(NOW))


@pytest.fixture
def workspace(tmp_path):
    return write_config(tmp_path, jira_url="http://127.0.0.1:1/jira", github_url="http://127.0.0.1:1/github", now=NOW)


def test_the_company_has_some_ninety_items_in_five_places(states):
    jira, github = states
    counts = {project.key: len(jira.issues(project.key)) for project in jira.projects()}
    counts |= {one.full_name: len(github.issues_of(one.id)) for one in github.catalogue.repositories()}
    assert set(counts) == {"PAY", "FRAUD", "LEG", "acme/checkout", "acme/sdk"}
    assert 75 <= sum(counts.values()) <= 95


def test_one_repository_is_private_and_one_public(states):
    privacy = {one.full_name: one.private for one in states[1].catalogue.repositories()}
    assert privacy == {"acme/checkout": True, "acme/sdk": False}


def test_some_issues_are_hidden_from_the_bot_and_some_are_guarded(states):
    jira, _ = states
    seen = {issue.key: jira.may_see(ACCOUNT_ID, issue) for issue in jira.issues() if issue.security_id}
    assert seen == {"LEG-11": False, "LEG-12": True, "LEG-13": False}


def test_nothing_has_changed_so_lately_that_a_rule_would_wait(states):
    """Two working days are at most four days; links were added without moving any time."""
    jira, github = states
    quiet = [issue.updated_at for issue in jira.issues()]
    quiet += [issue.updated_at for one in github.catalogue.repositories() for issue in github.issues_of(one.id)]
    assert max(quiet) <= NOW - timedelta(days=5)


def test_a_ring_of_blockers_crosses_all_trackers(states):
    jira, github = states
    blocked = {link.target_id: link.source_id for link in jira.links(jira.issue("FRAUD-6").id)}
    assert blocked[jira.issue("FRAUD-6").id] == jira.issue("PAY-17").id
    text = jira.issue("PAY-17").description
    assert text is not None
    assert "Blocked by: acme/checkout#9" in str(text.adf)
    assert "Blocked by: FRAUD-6" in (github.issue("acme/checkout#9").body or "")


def test_an_epic_without_an_outcome_has_many_stories(states):
    jira, _ = states
    assert len(list(jira.children(jira.issue("PAY-60").id))) == 10


def test_the_configuration_names_the_servers_and_only_known_variables(workspace):
    text = (workspace / "trackers.yaml").read_text()
    assert "http://127.0.0.1:1/jira" in text
    assert "<" not in text.replace("<jira> and <github>", "")
    assert all(name in text for name in TOKENS)
    setup = load_trackers(read_document(workspace / "trackers.yaml", "trackers.yaml"))
    places = {place.id.key: place for tracker in setup.trackers for place in tracker.places}
    assert set(places) == {"PAY", "FRAUD", "LEG", "acme/checkout", "acme/sdk"}
    sdk, legal = places["acme/sdk"].audience, places["LEG"].audience
    assert sdk is not None
    assert legal is not None
    assert (sdk.kind, legal.kind) == (AudienceKind.PUBLIC, AudienceKind.GROUP)


def test_the_roadmap_has_six_outcomes_without_a_warning(workspace):
    roadmap = load_roadmap([read_document(workspace / "roadmap.yaml", "roadmap.yaml")])
    assert len(roadmap.outcomes) == 6
    assert roadmap.warnings == ()
    by_id = {outcome.id: outcome for outcome in roadmap.outcomes}
    assert by_id["checkout-latency"].target_date == date(2026, 12, 18)
    assert not by_id["month-close"].is_active


def test_what_the_roadmap_tracks_is_there(workspace, states):
    jira, github = states
    roadmap = load_roadmap([read_document(workspace / "roadmap.yaml", "roadmap.yaml")])
    refs = [ref for outcome in roadmap.outcomes for ref in outcome.tracked_in.items]
    refs += [ref for outcome in roadmap.outcomes for _, ref in outcome.launch.gates]
    assert refs
    for ref in refs:
        assert (jira if ref.tracker == "jira" else github).find(ref.key), ref
    for name in (name for outcome in roadmap.outcomes for name in outcome.tracked_in.milestones):
        if name.tracker == "jira":
            assert jira.catalogue.version_named(name.place, name.title), name
        else:
            repository = github.catalogue.repository(name.place)
            assert github.catalogue.milestone(repository.id, name.title), name


@pytest.mark.parametrize(
    ("now", "quarter", "begins", "ends"),
    [
        (datetime(2026, 1, 1, tzinfo=UTC), "2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        (datetime(2026, 6, 30, tzinfo=UTC), "2026-Q2", date(2026, 4, 1), date(2026, 6, 30)),
        (datetime(2027, 12, 31, tzinfo=UTC), "2027-Q4", date(2027, 10, 1), date(2027, 12, 31)),
    ],
)
def test_the_period_is_the_quarter_of_the_day(tmp_path, now, quarter, begins, ends):
    written = write_config(tmp_path, jira_url="http://x/jira", github_url="http://x/github", now=now)
    period = load_roadmap([read_document(written / "roadmap.yaml", "roadmap.yaml")]).period
    assert period is not None
    assert (period.id, period.starts_on, period.ends_on) == (quarter, begins, ends)
