"""Jira Cloud over its REST API, with the jira library."""
