"""The rules engine: pure, without network, clock or database."""
