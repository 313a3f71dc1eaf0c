"""One World judged after another, only as far as something changed."""
