from datetime import UTC, date, datetime, timedelta

import pytest

from adapters.registry import load_trackers
from adapters.transport import Transport
from rules.facts.table import FactTable
from rules.facts.vocabulary import all_facts
from rules.language.calendar import Calendar
from rules.roadmap.loader import load_roadmap
from syncd.bootstrap import ready_workspaces
from syncd.clock import ManualClock
from syncd.configuration import load_configuration
from syncd.daemon.backfill import backfill
from syncd.daemon.passes import plan_pass, poll_all
from syncd.documents import read_document
from syncd.model.findings import About
from syncd.model.items import AudienceKind
from syncd.model.truth import Unknown
from syncd.simulator.bot import ACCOUNT_ID
from syncd.simulator.scenario import TOKENS, company, write_config
from syncd.simulator.server import SimulatorServer
from syncd.store import open_store

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
def states():
    return company(ManualClock(NOW))


@pytest.fixture
def workspace(tmp_path):
    return write_config(tmp_path, jira_url="http://127.0.0.1:1/jira", github_url="http://127.0.0.1:1/github", now=NOW)


def test_the_company_has_some_250_items_in_six_places(states):
    jira, github = states
    counts = {project.key: len(jira.issues(project.key)) for project in jira.projects()}
    counts |= {one.full_name: len(github.issues_of(one.id)) for one in github.catalogue.repositories()}
    assert set(counts) == {"PAY", "FRAUD", "LEG", "OPS", "acme/checkout", "acme/sdk"}
    assert 240 <= sum(counts.values()) <= 260


def changes_of(states):
    """Yield created, updated, and the instants of what happened, for each item."""
    jira, github = states
    for issue in jira.issues():
        yield issue.key, issue.created_at, issue.updated_at, [change.at for change in jira.changelog.of(issue.id)]
    for one in github.catalogue.repositories():
        for issue in github.issues_of(one.id):
            told = [event.at for event in github.timeline.of(issue.id)]
            yield github.key(issue), issue.created_at, issue.updated_at, told


def test_what_happened_to_an_item_happened_while_it_was_there(states):
    linked = timedelta(hours=24)
    wrong = [
        (key, at)
        for key, created, updated, told in changes_of(states)
        for at in told
        if not created <= at <= updated + linked
    ]
    assert wrong == []


def test_nobody_works_at_weekends(states):
    days = [at.weekday() for _, created, updated, told in changes_of(states) for at in (created, updated, *told)]
    assert len(days) > 1000
    assert max(days) <= 4


def test_a_jira_issue_went_step_by_step_to_what_it_is(states):
    """What a change was made to is what the next one of the field was made from, and in the end what is there."""
    jira, _ = states
    for issue in jira.issues():
        status = None
        for change in jira.changelog.of(issue.id):
            for detail in change.details:
                if detail.field == "status":
                    assert status in (None, detail.before[1]), issue.key
                    status = detail.after[1]
        assert status in (None, issue.status.name), issue.key


def test_every_team_finished_something_in_almost_each_of_the_last_thirteen_weeks(states):
    jira, github = states
    done = {key: [each.resolved_at for each in jira.issues(key) if each.resolved_at] for key in ("PAY", "FRAUD", "LEG")}
    for one in github.catalogue.repositories():
        done[one.full_name] = [each.closed_at for each in github.issues_of(one.id) if each.closed_at]
    weeks = {name: {(NOW - at).days // 7 for at in instants} for name, instants in done.items()}
    assert min(len(weeks["PAY"]), len(weeks["FRAUD"])) >= 13
    assert all(len(found & set(range(14))) >= 7 for found in weeks.values()), weeks


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


def test_twins_are_linked_within_the_site_and_across(states):
    jira, github = states
    (link,) = jira.links(jira.issue("PAY-79").id)
    assert (link.type.name, jira.issue(link.target_id).key) == ("Synchronised with", "FRAUD-13")
    (remote,) = jira.remote_links.of(jira.issue("PAY-78").id)
    assert (remote.relationship, remote.title) == ("mirrors", github.issue("acme/checkout#12").title)
    assert remote.url == "https://github.com/acme/checkout/issues/12"


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


def test_the_roadmap_has_eleven_outcomes_without_a_warning(workspace):
    roadmap = load_roadmap([read_document(workspace / "roadmap.yaml", "roadmap.yaml")])
    assert len(roadmap.outcomes) == 11
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
    ("now", "cycle", "begins", "ends"),
    [
        (datetime(2026, 1, 1, tzinfo=UTC), "2025-W45", date(2025, 11, 3), date(2026, 2, 1)),
        (datetime(2026, 11, 24, tzinfo=UTC), "2026-W40", date(2026, 9, 28), date(2026, 12, 27)),
        (datetime(2027, 12, 31, tzinfo=UTC), "2027-W44", date(2027, 11, 1), date(2028, 1, 30)),
    ],
)
def test_the_period_began_eight_weeks_before_the_week_of_the_day(tmp_path, now, cycle, begins, ends):
    written = write_config(tmp_path, jira_url="http://x/jira", github_url="http://x/github", now=now)
    period = load_roadmap([read_document(written / "roadmap.yaml", "roadmap.yaml")]).period
    assert period is not None
    assert (period.id, period.starts_on, period.ends_on) == (cycle, begins, ends)


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    folder = tmp_path_factory.mktemp("company")
    clock = ManualClock(NOW)
    jira, github = company(clock)
    with SimulatorServer(jira, github, clock=clock) as server:
        write_config(folder / "config", jira_url=server.jira_url, github_url=server.github_url, now=NOW)
        configuration = load_configuration(folder / "config", {})
        store = open_store(f"sqlite:///{folder}/syncd.db")
        (workspace,) = ready_workspaces(configuration, configuration.workspaces, store, clock, Transport(clock), TOKENS)
        assert [read.error for read in poll_all(workspace, clock, census_every=timedelta(days=1))] == ["", ""]
        for tracker in workspace.trackers.values():
            assert not backfill(tracker, workspace.store, clock, requests=1000).error
        yield plan_pass(workspace, clock)
        store.close()


@pytest.fixture(scope="module")
def fact(judged):
    """Return the value of a fact for an item, by its key."""
    subjects = [subject for subject in judged.world.subjects if subject.about == About.ITEM.value]
    keys = {judged.world.items[subject.id].key: subject for subject in subjects}
    vocabulary = {fact.name: fact for fact in all_facts()}
    table = FactTable(vocabulary, world=judged.world, subjects=subjects, now=NOW, calendar=Calendar())
    return lambda name, key: table.value(name, keys[key])


class TestJudged:
    """The company as syncd reads and judges it, over HTTP."""

    @pytest.mark.parametrize(
        ("key", "state"),
        [
            pytest.param("PAY-11", "traced", id="by-its-epic"),
            pytest.param("PAY-16", "traced", id="by-its-storys-epic"),
            pytest.param("PAY-26", "traced", id="by-a-line-and-a-milestone-elsewhere"),
            pytest.param("PAY-35", "traced", id="by-a-typed-link"),
            pytest.param("PAY-53", "traced", id="as-standing-work"),
            pytest.param("FRAUD-7", "traced", id="by-a-label"),
            pytest.param("acme/checkout#3", "traced", id="by-a-tracked-label"),
            pytest.param("acme/checkout#7", "traced", id="by-a-sub-issue-and-a-line"),
            pytest.param("PAY-54", "exempt", id="incident"),
            pytest.param("PAY-18", "contradicted", id="label-against-epic"),
            pytest.param("PAY-50", "broken", id="outcome-that-is-no-more"),
            pytest.param("PAY-51", "broken", id="parent-that-never-was"),
            pytest.param("acme/checkout#15", "broken", id="on-github"),
            pytest.param("PAY-34", "ambiguous", id="version-of-two-outcomes"),
            pytest.param("PAY-41", "inactive", id="paused-outcome"),
            pytest.param("PAY-81", "inactive", id="outcome-that-is-not-now"),
            pytest.param("PAY-61", "unlinked", id="epic-without-outcome"),
            pytest.param("acme/sdk#6", "unlinked", id="on-github-in-public"),
        ],
    )
    def test_every_trace_state_is_there(self, fact, key, state):
        assert fact("trace.state", key) == state

    def test_what_hangs_below_a_secret_epic_is_not_known(self, fact):
        state = fact("trace.state", "PAY-25")
        assert isinstance(state, Unknown)
        assert "LEG-13" in state.reason

    def test_each_pack_finds_something(self, judged):
        found = {finding.rule_id for finding in judged.reconciled.findings}
        assert found == {
            *("no-outcome", "broken", "ambiguous", "contradicted", "inactive"),
            *("waited-for", "late-blocker", "undated-blocker", "parked-blocker", "cycle"),
            *("no-problem", "unready", "too-large", "dropped-with-work", "open-gates", "below-budget"),
            *("after-parent", "carried-over", "date-moved", "not-measured", "not-moved", "grew", "late-forecast"),
        }

    def test_they_don_t_drown_each_other(self, judged):
        changes = judged.reconciled.plan.changes
        commented = [each for each in changes if each.action.value == "create_comment"]
        assert len({each.target for each in commented}) == len(commented) <= 25
        wanting = {"no-problem", "unready", "too-large"}
        refined = [each for each in judged.reconciled.findings if each.rule_id in wanting]
        assert len(refined) <= 10, "a backlog is refined, not flooded"

    def test_a_blocker_outside_of_what_is_read_is_known_as_such(self, fact):
        (blocker,) = fact("deps.unreadable_blockers", "FRAUD-4")
        assert blocker.key == "OPS-3"

    def test_the_epic_is_told_once_for_all_its_stories(self, judged):
        told = [change for change in judged.reconciled.plan.changes if change.label == "syncd:no-outcome"]
        keys = {change.key for change in told}
        assert "PAY-60" in keys
        assert not keys & {f"PAY-{number}" for number in range(61, 71)}

    def test_nothing_waits_for_review_and_the_public_repository_gets_no_comment(self, judged):
        assert judged.reconciled.waiting == ()
        actions = {change.action.value for change in judged.reconciled.plan.changes if change.place.key == "acme/sdk"}
        assert actions == {"add_label"}
