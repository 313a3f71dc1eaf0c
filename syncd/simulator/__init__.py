"""A Jira and a GitHub in memory, over real HTTP: for the demo, for trying rules, for tests."""
