"""Nouns as JSON, and the digest that tells whether one changed."""

import hashlib

import msgspec

_encoder = msgspec.json.Encoder()
encode = _encoder.encode
"""Return the JSON of a noun."""


def digest(body: bytes) -> bytes:
    """Return 16 bytes that differ when the body does."""
    return hashlib.sha256(body).digest()[:16]
