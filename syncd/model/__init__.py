"""The nouns: frozen structs that every other package shares; standard library and msgspec only."""
