"""The World as of a past moment."""
