import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.registry import Trackers, build, load_trackers, trackers_schema
from adapters.settings import SecretSource, resolve_secret
from adapters.transport import Transport
from syncd.clock import ManualClock
from syncd.documents import parse_document
from syncd.model.errors import ConfigError, ConfigErrors
from syncd.model.identity import PlaceId
from syncd.model.items import Audience, AudienceKind, Place, Stage
from syncd.model.words import LinkWord, OutcomeWords, Selector

SECRET = "hunter2-the-token"
JIRA = """\
    kind: jira
    url: https://acme.atlassian.net/
    auth: {email: bot@acme.example, token: {env: JIRA_TOKEN}}
"""
GITHUB = """\
    kind: github
    auth: {token: {env: GITHUB_TOKEN}}
"""
JQL_ELSEWHERE = (
    "jql selects in a whole Jira tracker: write it in that tracker's own 'outcomes'; elsewhere say types, labels or"
    " milestones"
)
DESIGNED = f"""\
stage: labels
trackers:
  jira:
{JIRA}\
    projects: {{PAY: {{team: payments}}, FRAUD: {{team: fraud, stage: labels}}, LEG: {{stage: off}}, OPS: }}
    kinds: {{incident: [{{label: incident}}], debt: [{{type: Task, label: tech-debt}}], epic: [Epic], bug: [Bug]}}
    links: {{blocks: [Blocks, {{name: Depends, reversed: true}}], implements: [Implements]}}
    fields: {{estimate: [Story Points, Story point estimate], team: [Team, Squad], needed_by: [Target end]}}
  github:
{GITHUB}\
    repositories: {{acme/checkout: {{team: payments}}, acme/sdk: {{audience: public, comments: allowed}}}}
    kinds: {{epic: [{{type: Epic}}], bug: [{{label: bug}}], feature: [{{type: Feature}}, {{label: enhancement}}]}}
"""


def load(text: str) -> Trackers:
    return load_trackers(parse_document(text, "trackers.yaml"))


def jira(lines: str = "", projects: str = "{PAY: }") -> str:
    return f"trackers:\n  jira:\n{JIRA}    projects: {projects}\n{lines}"


def github(lines: str = "", repositories: str = "{acme/checkout: }") -> str:
    return f"trackers:\n  github:\n{GITHUB}    repositories: {repositories}\n{lines}"


def the_place(text: str) -> Place:
    return load(text).trackers[0].places[0]


def errors_of(text: str) -> list[str]:
    with pytest.raises(ConfigErrors) as caught:
        load(text)
    assert SECRET not in str(caught.value)
    return str(caught.value).splitlines()


# what is read


def test_the_example_of_the_design_is_read():
    trackers = load(DESIGNED)

    assert trackers.stage is Stage.LABELS
    assert [(setup.name, setup.kind) for setup in trackers.trackers] == [("jira", "jira"), ("github", "github")]
    places = {place.id: place for setup in trackers.trackers for place in setup.places}
    assert [str(place) for place in places] == [
        *("jira:PAY", "jira:FRAUD", "jira:LEG", "jira:OPS"),
        *("github:acme/checkout", "github:acme/sdk"),
    ]
    pay, fraud, leg = (places[PlaceId("jira", key)] for key in ("PAY", "FRAUD", "LEG"))
    assert (pay.team, pay.stage, pay.audience, pay.comments_allowed) == ("payments", Stage.COMMENT, None, False)
    assert (fraud.stage, leg.stage) == (Stage.LABELS, Stage.OFF)
    sdk = places[PlaceId("github", "acme/sdk")]
    assert (sdk.audience, sdk.comments_allowed) == (Audience(AudienceKind.PUBLIC), True)
    kinds = dict(pay.words.kinds)
    assert kinds["debt"] == (Selector(type="Task", label="tech-debt"),)
    assert kinds["epic"] == (Selector(type="Epic"),)
    links = dict(pay.words.links)
    assert links["blocks"] == (LinkWord("Blocks"), LinkWord("Depends", reversed=True))


def test_a_fresh_workspace_reports_and_writes_nothing():
    assert load(jira()).stage is Stage.REPORT


def test_the_address_has_no_slash_at_its_end_and_github_has_a_default():
    assert load(jira()).trackers[0].settings.url == "https://acme.atlassian.net"
    assert load(github()).trackers[0].settings.url == "https://api.github.com"


@pytest.mark.parametrize(
    ("written", "audience"),
    [
        ("audience: public", Audience(AudienceKind.PUBLIC)),
        ("audience: customers", Audience(AudienceKind.CUSTOMERS)),
        ("audience: internal", Audience(AudienceKind.INTERNAL)),
        ("audience: {group: Board}", Audience(AudienceKind.GROUP, "Board")),
        ("team: x", None),
    ],
)
def test_an_audience_is_a_word_or_a_group(written, audience):
    assert the_place(jira(projects=f"{{PAY: {{{written}}}}}")).audience == audience


def test_outcomes_by_jql_are_those_of_all_projects_without_outcomes_of_their_own():
    projects = "{PAY: , OPS: {outcomes: {labels: [goal]}}}"
    text = jira('    outcomes: {types: [Theme], jql: " issuetype = Initiative "}\n', projects)

    found = {place.id.key: place.words.outcomes for place in load(text).trackers[0].places}

    assert found == {
        "PAY": OutcomeWords(types=("Theme",), jql="issuetype = Initiative"),
        "OPS": OutcomeWords(labels=("goal",)),
    }
    assert load(jira("    outcomes: {jql: type = Epic}\n")).hold_outcomes


def test_an_empty_map_already_knows_an_ordinary_jira():
    words = the_place(jira()).words

    kinds = {selector.type: kind for kind, selectors in words.kinds for selector in selectors}
    assert [kinds[name] for name in ("Story", "Bug", "Epic", "Task", "Sub-task", "New Feature", "Improvement")] == [
        *("feature", "bug", "epic", "feature", "feature", "feature", "feature")
    ]
    links = {link.name: (kind, link.reversed) for kind, links in words.links for link in links}
    assert links["Blocks"] == ("blocks", False)
    assert links["Depends"] == ("blocks", True)
    assert links["Implements"] == ("implements", False)
    assert links["Cloners"] == ("relates_to", False)
    assert "Story Points" in dict(words.fields)["estimate"]
    assert words.in_progress.assigned_days == 0


def test_an_empty_map_already_knows_an_ordinary_github():
    words = the_place(github()).words

    kinds = {selector.label or selector.type: kind for kind, selectors in words.kinds for selector in selectors}
    assert [kinds[name] for name in ("bug", "enhancement", "Epic", "Feature")] == ["bug", "feature", "epic", "feature"]
    assert dict(words.links)["blocks"] == (LinkWord("blocks"),)
    assert words.in_progress.assigned_days == 30


def test_of_each_word_the_nearest_setting_counts_and_the_others_stay():
    text = jira(
        """\
    stage: labels
    kinds: {bug: [Fault], incident: []}
    links: {blocks: [Gates]}
    in_progress: {statuses: [Doing], assigned_days: 5}
    in_play: {top: 20}
    lines: {outcome: [Goal]}
""",
        "{PAY: {kinds: {mishap: [Oops]}, stage: comment, in_progress: {assigned_days: 7}}, OPS: }",
    )
    pay, ops = load(text).trackers[0].places

    kinds = dict(pay.words.kinds)
    assert list(kinds)[:2] == ["mishap", "bug"]
    assert kinds["bug"] == dict(ops.words.kinds)["bug"] == (Selector(type="Fault"),)
    assert "incident" not in kinds
    assert "feature" in kinds
    assert "mishap" not in dict(ops.words.kinds)
    assert dict(pay.words.links)["blocks"] == (LinkWord("Gates"),)
    assert "duplicates" in dict(pay.words.links)
    assert (pay.words.in_progress.statuses, pay.words.in_progress.assigned_days) == (("Doing",), 7)
    assert (ops.words.in_progress.assigned_days, ops.words.in_play_top) == (5, 20)
    assert pay.words.lines.outcome == ("Goal",)
    assert pay.words.lines.part_of == ("Part of", "Parent")
    assert (pay.stage, ops.stage) == (Stage.COMMENT, Stage.LABELS)


# what is refused


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        pytest.param("stage: report\n", ["1:1: the key 'trackers' is missing"], id="no-trackers"),
        pytest.param("trackers: {}\n", ["1:11: names no tracker"], id="empty"),
        pytest.param("trackers: [jira]\n", ["1:11: read a list; expected a mapping"], id="a-list"),
        pytest.param(
            "trackers:\n  jira: 3\n", ["2:9: read 3; expected a mapping with the tracker's kind"], id="no-mapping"
        ),
        pytest.param("trackers:\n  x: {url: y}\n", ["2:3: the key 'kind' is missing: jira, github"], id="no-kind"),
        pytest.param(
            "trackers:\n  x: {kind: githb}\n",
            ["2:13: unknown kind 'githb'; there is: jira, github. Did you mean 'github'?"],
            id="unknown-kind",
        ),
        pytest.param(
            github().replace("  github:", "  git hub:"),
            ["2:3: 'git hub' can't name a tracker: letters, digits, - and _ only"],
            id="name",
        ),
        pytest.param(
            jira("    repositories: {a/b: }\n"),
            ["7:5: unknown key 'repositories'. Allowed here:"],
            id="a-key-of-another-kind",
        ),
        pytest.param(jira("    link: {}\n"), ["7:5: unknown key 'link'. Did you mean 'links'?"], id="unknown-key"),
        pytest.param(
            jira("    links: {blokcs: [Blocks]}\n"),
            ["7:13: unknown key 'blokcs'. Did you mean 'blocks'?"],
            id="unknown-kind-of-link",
        ),
        pytest.param(
            jira("    fields: {estimates: [Points]}\n"),
            ["7:14: unknown key 'estimates'. Did you mean 'estimate'?"],
            id="unknown-fact-of-a-field",
        ),
        pytest.param(jira("    fields: {team: Team}\n"), ["7:20: read 'Team'; expected a list"], id="no-list"),
        pytest.param(jira("    kinds: {bug: [{}]}\n"), ["7:19: name a type, a label, or both"], id="empty-selector"),
        pytest.param(
            jira("    kinds: {bug: [{lable: bug}]}\n"),
            ["7:20: unknown key 'lable'. Did you mean 'label'?"],
            id="selector",
        ),
        pytest.param(
            jira("    kinds: {Bug!: [Bug]}\n"),
            ["7:19: 'Bug!' is no name of a kind; it has small letters, digits, - and _"],
            id="name-of-a-kind",
        ),
        pytest.param(
            jira("    stage: lables\n"),
            ["7:12: read 'lables'; expected 'off', 'report', 'labels' or 'comment'. Did you mean 'labels'?"],
            id="stage",
        ),
        pytest.param(jira("    stage: yes\n"), ["7:12: read 'yes'; expected 'off'"], id="no-boolean"),
        pytest.param(jira("    in_play: {top: -1}\n"), ["7:20: read -1; expected 0 or more"], id="negative"),
        pytest.param(
            jira("    audience: pubic\n"),
            ["7:15: read 'pubic'; expected 'public', 'customers' or 'internal' or a mapping. Did you mean 'public'?"],
            id="audience",
        ),
        pytest.param(jira("    comments: yes\n"), ["7:15: read 'yes'; expected 'allowed'"], id="comments"),
        pytest.param(
            jira(projects="{pay: }"),
            ["6:21: 'pay' is no project key; it has capital letters and digits, such as PAY"],
            id="project",
        ),
        pytest.param(
            github(repositories="{checkout: }"),
            ["5:30: 'checkout' is no repository; name its owner too, such as acme/checkout"],
            id="repository",
        ),
        pytest.param(
            jira(projects="{}"), ["6:15: names no place: list what syncd shall look at under 'projects'"], id="no-place"
        ),
        pytest.param(
            github(repositories="{acme/a: , Acme/A: }"),
            ["5:30: 'Acme/A' stands twice: it is the same as 'github: acme/a'"],
            id="twice-in-one",
        ),
        pytest.param(
            jira() + f"  again:\n{JIRA}    projects: {{PAY: , OPS: }}\n",
            ["11:16: 'PAY' stands twice: it is the same as 'jira: PAY'"],
            id="twice-on-one-site",
        ),
        pytest.param(
            jira().replace("https://acme.atlassian.net/", "acme.atlassian.net"),
            ["4:10: an address such as https://example.org is expected"],
            id="address",
        ),
        pytest.param(
            jira().replace("https://acme", f"https://bot:{SECRET}@acme"),
            ["4:10: an address without a name and password is expected; the token goes under auth:"],
            id="password-in-the-address",
        ),
        pytest.param(
            jira().replace("bot@acme.example", "bot"),
            ["5:19: 'bot' is no e-mail address of an account"],
            id="email",
        ),
        pytest.param(
            jira().replace("{env: JIRA_TOKEN}", SECRET),
            ["5:44: a token is not written here: name an environment variable, {env: NAME}, or a file, {file: PATH}"],
            id="token-in-the-file",
        ),
        pytest.param(
            jira().replace("{env: JIRA_TOKEN}", "{env: A, file: B}"),
            ["5:44: name either an environment variable, {env: NAME}, or a file, {file: PATH}"],
            id="token-from-two-places",
        ),
        pytest.param(
            jira().replace("{env: JIRA_TOKEN}", "{}"),
            ["5:44: name either an environment variable, {env: NAME}, or a file, {file: PATH}"],
            id="token-from-nowhere",
        ),
        pytest.param(
            jira("    outcomes: {jql: issuetype = Epic ORDER BY rank}\n"),
            ["7:21: JQL that selects is expected, without ORDER BY"],
            id="jql-that-sorts",
        ),
        pytest.param(
            jira('    outcomes: {jql: ""}\n'), ["7:21: JQL that selects issues is expected, such as"], id="no-jql"
        ),
        pytest.param(
            jira("    outcomes: {jql: [a, b]}\n"), ["7:21: read a list; expected text"], id="jql-that-is-no-text"
        ),
        pytest.param(github("    outcomes: {jql: type = Epic}\n"), [f"6:21: {JQL_ELSEWHERE}"], id="jql-on-github"),
        pytest.param(
            jira(projects="{PAY: {outcomes: {jql: type = Epic}}}"),
            [f"6:38: {JQL_ELSEWHERE}"],
            id="jql-of-one-project",
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_place_with_what_would_be_right(text, errors):
    found = errors_of(text)

    assert len(found) == len(errors), found
    for line, expected in zip(found, errors, strict=True):
        assert line.startswith(f"trackers.yaml:{expected}")


def test_the_same_project_on_two_sites_is_two_places():
    other = JIRA.replace("acme.atlassian.net", "other.atlassian.net")

    assert len(load(jira() + f"  other:\n{other}    projects: {{PAY: }}\n").trackers) == 2


def test_all_errors_are_told_at_once_in_the_order_of_the_file():
    text = f"stage: no\ntrackers:\n  a: 1\n  b:\n{JIRA}    projekts: {{}}\n  c: {{kind: trello}}\n"

    assert [line.split(":")[1] for line in errors_of(text)] == ["1", "3", "8", "9"]


# secrets


def test_a_secret_comes_from_the_environment_or_a_file(tmp_path: Path):
    (tmp_path / "token").write_text(f"{SECRET}\r\n")

    assert resolve_secret(SecretSource(env="T"), {"T": SECRET}).get_secret_value() == SECRET
    assert resolve_secret(SecretSource(file=str(tmp_path / "token")), {}).get_secret_value() == SECRET


def test_a_secret_does_not_show():
    found = resolve_secret(SecretSource(env="T"), {"T": SECRET})

    assert SECRET not in f"{found} {found!r}"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (SecretSource(env="T_MISSING"), "environment variable T_MISSING is not set; it must hold the token"),
        (SecretSource(env="T_EMPTY"), "environment variable T_EMPTY is empty"),
        (SecretSource(env="T_SPACED"), "environment variable T_SPACED holds spaces or signs"),
        (SecretSource(env="T_FOREIGN"), "environment variable T_FOREIGN holds spaces or signs"),
        (SecretSource(file="/nowhere/token"), "file '/nowhere/token' with the token can't be read: no such file"),
        (SecretSource(file="/"), "file '/' with the token can't be read: is a directory"),
    ],
)
def test_a_missing_secret_is_told_by_where_it_was_looked_for(source, message):
    env = {"T_EMPTY": " \n", "T_SPACED": f"{SECRET} {SECRET}", "T_FOREIGN": f"{SECRET}é"}

    with pytest.raises(ConfigError) as caught:
        resolve_secret(source, env)
    assert str(caught.value).startswith(message)
    assert SECRET not in str(caught.value)


# building


def built(text: str, env: dict[str, str]):
    clock = ManualClock(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
    (setup,) = load(text).trackers
    transport = Transport(clock)
    tracker = build(setup, clock=clock, transport=transport, owner="a/b", prefix="syncd:", env=env)
    assert transport.request_count() == 0
    return tracker


@pytest.mark.parametrize(
    ("text", "env", "name"),
    [(jira(), {"JIRA_TOKEN": SECRET}, "jira"), (github(), {"GITHUB_TOKEN": SECRET}, "github")],
)
def test_a_tracker_is_built_without_asking_anything(text, env, name):
    assert built(text, env).name == name


def test_a_missing_secret_names_the_tracker():
    with pytest.raises(ConfigError, match="tracker 'jira': environment variable JIRA_TOKEN is not set"):
        built(jira(), {})


def test_reading_trackers_yaml_imports_no_client_library():
    code = (
        "import sys; from adapters.registry import load_trackers, trackers_schema; trackers_schema();"
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'jira', 'github'}))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


# the schema for editors


@pytest.mark.parametrize(
    ("text", "is_valid"),
    [
        (DESIGNED, True),
        (jira(), True),
        (github(), True),
        (jira("    kinds: {bug: [Bug, {type: Task, label: bug}]}\n"), True),
        (jira("    outcomes: {jql: type = Epic, types: [Theme]}\n"), True),
        (jira('    outcomes: {jql: ""}\n'), False),
        (jira(projects="{PAY: {outcomes: {jql: type = Epic}}}"), False),
        (github("    outcomes: {jql: type = Epic}\n"), False),
        (jira("    link: {}\n"), False),
        (jira("    stage: lables\n"), False),
        (jira(projects="{pay: }"), False),
        (jira("    repositories: {a/b: }\n"), False),
        ("trackers:\n  x: {kind: trello}\n", False),
        (github().replace("    kind: github\n", ""), False),
        ("trackers:\n  git hub: {kind: github}\n", False),
    ],
)
def test_the_schema_says_yes_and_no_as_the_loader_does(text, is_valid):
    schema = trackers_schema()
    jsonschema.Draft202012Validator.check_schema(schema)

    assert jsonschema.Draft202012Validator(schema).is_valid(parse_document(text, "x").data) is is_valid


_KEYS = st.sampled_from(
    ["stage", "trackers", "jira", "kind", "url", "auth", "token", "env", "projects", "PAY", "kinds"]
)
_VALUES = st.one_of(st.none(), st.booleans(), st.integers(), st.sampled_from(["jira", "github", "report", "a b", "/"]))
_DATA = st.recursive(_VALUES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4))


@given(st.dictionaries(_KEYS, _DATA, max_size=4), st.sampled_from(["jira", "github"]), _DATA)
def test_whatever_stands_in_the_file_ends_in_errors_of_its_lines(data, kind, inner):
    written = {"trackers": {"x": {"kind": kind, "auth": inner, "projects": inner, "kinds": inner}}, **data}
    errors: list[ConfigError] = []
    try:
        load(json.dumps(written))
    except ConfigErrors as error:
        errors = error.errors

    assert all(each.file == "trackers.yaml" and each.line for each in errors)


TWO_TEAMS = "teams: {payments: {stage: labels}, fraud: {stage: off}}\n"


def test_a_team_can_have_a_stage_of_its_own():
    found = load(TWO_TEAMS + jira(projects="{PAY: {team: payments}, FRAUD: {team: fraud}}"))
    assert found.team_stages == {"payments": Stage.LABELS, "fraud": Stage.OFF}
    assert found.warnings == ()
    assert load(jira()).team_stages == {}


def test_a_team_that_no_place_has_is_doubtful_and_no_mistake():
    (warning,) = load("teams: {paymnts: {stage: off}}\n" + jira(projects="{PAY: {team: payments}}")).warnings
    assert str(warning) == (
        "trackers.yaml:1:9: no place has the team 'paymnts'; its stage counts only if items name it in their team's"
        " field. Did you mean 'payments'?"
    )
    (lone,) = load("teams: {sdk: {stage: off}}\n" + jira("    fields: {team: []}\n")).warnings
    assert "it has no items" in str(lone)


@pytest.mark.parametrize(
    ("teams", "place", "told"),
    [
        pytest.param("{payments: {stage: lables}}", "1:27", "labels", id="misspelt-stage"),
        pytest.param("{payments: off}", "1:19", "a mapping", id="stage-without-its-key"),
        pytest.param("{payments: {}}", "1:19", "stage", id="nothing-said"),
        pytest.param("{payments: {stage: off, owner: me}}", "1:32", "owner", id="unknown-key"),
        pytest.param("[payments]", "1:8", "a mapping", id="a-list"),
    ],
)
def test_mistakes_in_teams_are_told_at_their_place(teams, place, told):
    with pytest.raises(ConfigErrors) as caught:
        load(f"teams: {teams}\n{jira()}")
    (error,) = caught.value.errors
    assert str(error).startswith(f"trackers.yaml:{place}: "), str(error)
    assert told in str(error)
