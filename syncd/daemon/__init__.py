"""The three steps of a pass (poll, reconcile, apply), what runs them again and again, and their health."""
