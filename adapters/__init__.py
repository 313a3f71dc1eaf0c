"""The trackers: each folder turns one tracker's API into items, and changes into its requests."""
