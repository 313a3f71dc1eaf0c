"""What was agreed, what came and went since, and why."""
