"""GitHub over REST, with PyGithub."""
