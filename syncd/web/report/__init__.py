"""The report: one page that says what must be decided, how each outcome stands, and what is not known."""
