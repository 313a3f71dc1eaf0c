"""Facts about outcomes: what serves them, their gates, measures and dates, and how they depend on each other."""
