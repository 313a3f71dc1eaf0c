"""Bookmarks: what of a cursor is still good."""

import pytest

from adapters.github.cursor import Bookmark, Bookmarks, bookmarks_of, fingerprint
from tests.adapters.github.simulated import NOW

BOOKMARK = Bookmark(read_to=NOW, imported=True, etag='W/"1"', digests={"1": "abc"})
CURSOR = Bookmarks(version=1, credential="us", repositories={"acme/a": BOOKMARK, "acme/b": BOOKMARK}).cursor("github")


def test_a_cursor_comes_back():
    found = bookmarks_of(CURSOR, "us", ("acme/a", "acme/b"))

    assert found.repositories == {"acme/a": BOOKMARK, "acme/b": BOOKMARK}


def test_another_credential_keeps_all_but_the_etags():
    found = bookmarks_of(CURSOR, "them", ("acme/a",)).at("acme/a")

    assert found == Bookmark(read_to=NOW, imported=True, digests={"1": "abc"})


@pytest.mark.parametrize("name", ["acme/b", "acme/new"])
def test_a_repository_that_is_not_configured_or_new_starts_at_the_beginning(name):
    assert bookmarks_of(CURSOR, "us", ("acme/a",)).at(name) == Bookmark()


def test_a_fingerprint_tells_credentials_apart_and_holds_none():
    assert fingerprint("https://a", "ghp_1") != fingerprint("https://a", "ghp_2") != fingerprint("https://b", "ghp_1")
    assert "ghp_1" not in fingerprint("https://a", "ghp_1")
