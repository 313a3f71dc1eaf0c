"""How an item reaches outcomes: what it names, the levels of evidence, the state that follows, and the path."""
