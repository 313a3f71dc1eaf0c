"""Which outcomes unlinked work resembles."""
