"""A configuration folder with one workspace on two trackers."""

import pytest

TRACKERS = """
stage: labels
trackers:
  jira:
    kind: jira
    url: https://acme.atlassian.net
    auth: {email: bot@acme.example, token: {env: JIRA_TOKEN}}
    projects: {PAY: {team: payments}, LEG: {stage: "off"}}
  github:
    kind: github
    auth: {token: {file: TOKEN_FILE}}
    repositories: {acme/checkout: {}}
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "default").mkdir()
    (tmp_path / "default/trackers.yaml").write_text(TRACKERS.replace("TOKEN_FILE", str(tmp_path / "secret")))
    (tmp_path / "default/roadmap.yaml").write_text("outcomes: [{id: a, title: A, horizon: next}]\n")
    return tmp_path
