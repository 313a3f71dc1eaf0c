"""The language of rules: conditions, matchers, durations, message templates."""
