"""Who the token is, as far as GitHub tells: an app's token may not ask, and not every server can be asked."""

import threading

from adapters.github.client import Client
from adapters.github.mapping import row_of
from adapters.github.rows import UserRow

UNTOLD = (403, 404, 405, 410, 501)
"""What an answer says that will not tell who the token is."""


class Account:
    """Answers from memory after the first time; threads may share it."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._found: UserRow | None = None
        self._is_asked = False

    def told(self) -> UserRow | None:
        """Return the account, None where nobody says.

        Raises:
            AccessError: the token is wrong or expired.
            TransientError: GitHub can't be asked now: that is not the same as not telling.
        """
        with self._lock:
            if self._found is None and not self._is_asked:
                answer = self._client.get("/user", allowed=UNTOLD)
                self._is_asked = True
                self._found = row_of(answer.data, UserRow) if answer.status < 400 else None
            return self._found

    def learn(self, author: UserRow | None) -> None:
        """Take the author of what was just written: that is who we are."""
        with self._lock:
            if author is not None and (author.id or author.login):
                self._found = self._found or author
