"""A private Jira and a private repository beside a public one: what is written in public tells nothing of them."""

import re
from datetime import UTC, datetime

import pytest

from syncd.cli.options import open_session
from syncd.cli.passes import read_trackers
from syncd.clock import ManualClock
from syncd.configuration import load_configuration
from syncd.daemon.passes import apply_pass, plan_pass
from syncd.simulator.bot import LOGIN
from syncd.simulator.scenario import company, write_config
from syncd.simulator.server import SimulatorServer
from tests.stores import new_store_file

PUBLIC = "acme/sdk"
NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
TEMPTING = {
    "Part of the private epic": "Part of: PAY-60",
    "Part of parked work": "Part of: PAY-40",
    "Part of work under a security level": "Part of: LEG-13",
    "Waits for private work": "Blocked by: PAY-14, PAY-23, acme/checkout#14, LEG-4\nOutcome: stored-cards",
    "Private work waits for this": "Blocks: PAY-22, PAY-13\nOutcome: month-close",
    "Private work of another team waits for this": "Blocks: PAY-12\nOutcome: stored-cards",
    "A ring across the border": "Blocked by: PAY-61\nBlocks: PAY-61\nOutcome: checkout-latency",
    "Names an outcome that is paused": "Outcome: month-close",
    "Names an outcome that is not there": "Outcome: apple-pay",
    "Names two": "Outcome: stored-cards\nOutcome: month-close\nPart of: PAY-20",
    "Contradicts what is above it": "Outcome: month-close\nPart of: PAY-10",
    "Names what is gone": "Part of: PAY-4711",
}
UNBEGUN = {"Private work waits for this, which nobody has begun": "Blocks: PAY-13, PAY-12\nOutcome: stored-cards"}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Return the texts that are written in the public repository, and the states behind the private ones."""
    folder = tmp_path_factory.mktemp("company")
    clock = ManualClock(NOW)
    jira, github = company(clock)
    for title, body in TEMPTING.items():
        github.add_issue(PUBLIC, title, body=body, assignees=["sokafor"])
    for title, body in UNBEGUN.items():
        github.add_issue(PUBLIC, title, body=body)
    with SimulatorServer(jira, github, clock=clock) as server:
        workspace = write_config(
            folder / "config", jira_url=server.jira_url, github_url=server.github_url, now=clock.now()
        )
        path = workspace / "trackers.yaml"
        text = path.read_text("utf-8")
        assert "audience: public}" in text
        path.write_text(text.replace("audience: public}", "comments: allowed}"), "utf-8")
        for rules in (workspace / "rules").glob("*.yaml"):
            rules.write_text(re.sub(r"for: \dwd", "for: 0", rules.read_text("utf-8")), "utf-8")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("JIRA_TOKEN", "simulator")
            patch.setenv("GITHUB_TOKEN", "simulator")
            patch.setenv("SYNCD_STORE", f"sqlite:///{new_store_file(folder)}")
            patch.setenv("SYNCD_LIMITS__SHARE", "100%")
            assert load_configuration(folder / "config").settings.limits.share == 1
            with open_session(folder / "config", None, clock) as session:
                read_trackers(session)
                applied = apply_pass(session.workspace, plan_pass(session.workspace, clock), clock)
                outcomes = session.files.roadmap.outcomes
    assert applied.counts.total() > 40
    comments = [
        without_its_own(issue, spoken(comment.body))
        for issue in github.issues(PUBLIC)
        for comment in github.comments(github.key(issue))
        if comment.author == LOGIN
    ]
    labels = {label for issue in github.issues(PUBLIC) for label in issue.labels if label.startswith("syncd:")}
    return comments, labels, jira, github, outcomes


def without_its_own(issue, comment):
    """Return a comment without the names that its item says itself, in public: repeating them tells nothing."""
    for word in set(re.findall(r"[\w/]+[#-]\d+", f"{issue.title} {issue.body}")):
        comment = comment.replace(word, "…")
    return comment


def spoken(text):
    """Return a text as a reader takes it in: without what only keeps words from linking."""
    return re.sub(r"[\u200b\\`]|<!--.*?-->|&#?\w+;", "", text)


def test_enough_is_written_there_to_tell(written):
    comments, labels, *_ = written
    assert len(comments) >= 6
    assert {"syncd:no-outcome", "syncd:broken", "syncd:inactive", "syncd:undated-blocker"} <= labels
    assert {"syncd:waited-for", "syncd:parked-blocker"} <= labels


def test_no_key_of_a_private_place_is_told(written):
    comments, *_ = written
    for comment in comments:
        assert re.findall(r"\b(?:PAY|FRAUD|LEG|OPS)-\d+|checkout#\d+|acme/checkout", comment) == [], comment


def test_no_title_of_a_private_item_is_told(written):
    comments, _, jira, github, _ = written
    titles = [issue.summary for issue in jira.issues()]
    titles += [issue.title for issue in github.issues("acme/checkout")]
    for comment in comments:
        assert [title for title in titles if spoken(title) in comment] == [], comment


def test_no_outcome_is_told_unless_it_is_public(written):
    comments, _, _, _, outcomes = written
    secrets = [words for each in outcomes for words in (each.title, each.why, each.reason, each.id) if words]
    secrets += [str(day) for each in outcomes for day in (each.target_date, each.launch.on, each.decide_by) if day]
    for comment in comments:
        assert [words for words in secrets if words in comment] == [], comment


def test_nobody_inside_is_named(written):
    comments, _, _, _, outcomes = written
    names = [each.owner.name for each in outcomes if each.owner]
    for comment in comments:
        assert [name for name in names if name in comment] == [], comment


def test_without_a_word_of_an_admin_nothing_is_said_in_public_at_all(town):
    """The tracker tells that a repository is public; nobody has opened it for comments."""
    town.github.add_repository("acme/open")
    issue = town.github.add_issue("acme/open", "Seen by everybody")
    town.configure(repositories="{acme/open: {}}")

    town.apply()

    assert town.github.issue(town.github.key(issue)).labels == ("syncd:no-outcome",)
    assert town.github.comments(town.github.key(issue)) == []


def test_who_reads_a_repository_is_known_before_anything_is_said_there(town):
    """A second repository is configured later, and it is public."""
    town.apply()
    town.github.add_repository("acme/open")
    issue = town.github.add_issue("acme/open", "Seen by everybody")
    town.configure(repositories="{acme/checkout: {}, acme/open: {}}")
    town.fault(tracker="github", path="^/repos/acme/open$", status=500, count=None)

    assert town.planned() == []
    town.server.faults.clear()
    town.apply()

    assert town.github.issue(town.github.key(issue)).labels == ("syncd:no-outcome",)
    assert town.github.comments(town.github.key(issue)) == []
