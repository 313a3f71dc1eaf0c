"""Facts about how work flows: how long it takes, how much of it is finished, and when the rest will be."""
