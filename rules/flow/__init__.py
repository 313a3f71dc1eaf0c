"""How fast work gets done, and when the rest of it will be at that pace."""
