"""The roadmap: read from files, merged with what trackers say of outcomes, and what became of outcomes."""
