"""Facts about what was agreed of an outcome, an item with children or a container, and what became of it."""
