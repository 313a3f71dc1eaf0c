"""GitHub as a Tracker: over REST, with a token."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from pydantic import SecretStr
from requests.adapters import HTTPAdapter

from adapters.github import probing
from adapters.github.account import Account
from adapters.github.client import API_VERSION, Client
from adapters.github.cursor import fingerprint
from adapters.github.history import Historian
from adapters.github.lookups import Census, Lookup
from adapters.github.mapping import MalformedError, Terms
from adapters.github.observing import Observer
from adapters.github.polling import Poller
from adapters.github.repository import Blockers
from adapters.github.settings import GitHubSettings
from adapters.github.writing import Writer
from syncd.clock import Clock
from syncd.model.changes import Batch, Change, Observation, Result
from syncd.model.errors import TransientError
from syncd.model.identity import Handle, ItemId
from syncd.model.items import Place
from syncd.model.reading import Capabilities, CensusPage, Cursor, HistoryPage, Page, Sighting


class GitHubAdapter:
    """Both protocols over one GitHub; threads may share it. Making one sends nothing."""

    def __init__(
        self,
        settings: GitHubSettings,
        *,
        name: str,
        places: Sequence[Place],
        token: SecretStr | str,
        clock: Clock,
        http: HTTPAdapter,
        owner: str,
        prefix: str,
    ) -> None:
        self.name = name
        self._places = tuple(place.id for place in places)
        spelling = {place.key.casefold(): place.key for place in self._places}
        self._terms = Terms(tracker=name, prefix=prefix, spelling=spelling)
        self._client = Client(tracker=name, url=settings.url, token=token, http=http, clock=clock)
        self._blockers = Blockers(self._client, self._terms)
        secret = token.get_secret_value() if isinstance(token, SecretStr) else token
        credential = fingerprint(settings.url, API_VERSION, secret)
        self._poller = Poller(self._client, self._places, self._terms, self._blockers, credential)
        self._historian = Historian(self._client, self._terms)
        account = Account(self._client)
        self._observer = Observer(self._client, owner, account)
        self._writer = Writer(self._client, web_host(settings.url), account)

    def poll(self, cursor: Cursor | None) -> Iterator[Page]:
        """Yield what changed in each repository since ``cursor``."""
        return self._poller.poll(cursor)

    def census(self, resume: str) -> Iterator[CensusPage]:
        """Yield the ids of everything in each repository."""
        return Census(self._client, self._places, self._terms, self._blockers).pages(resume)

    def read(self, handles: Sequence[Handle]) -> Iterator[Sighting]:
        """Look items up, a request each."""
        lookup = Lookup(self._client, self._terms, self._blockers)
        for handle in handles:
            yield lookup.sight(handle)

    def history(self, handles: Sequence[Handle]) -> Iterator[HistoryPage]:
        """Yield what happened to issues, a request each and more where much did."""
        return self._historian.history(handles)

    def probe(self) -> Capabilities:
        """Say who the token is and what it may do."""
        try:
            return probing.probe(self._client, self._places)
        except MalformedError as error:
            raise TransientError(str(error), tracker=self.name) from None

    def observe(self, handles: Collection[Handle], known: Mapping[ItemId, str]) -> Mapping[ItemId, Observation]:
        """Return our comments on items; labels come with the poll's rows and are not read again."""
        lookup = Lookup(self._client, self._terms, self._blockers)
        return self._observer.observe(handles, known, lookup)

    def batches(self, changes: Sequence[Change]) -> Sequence[Batch]:
        """Return the requests that changes take."""
        return self._writer.batches(changes)

    def send(self, batch: Batch) -> Iterator[Result]:
        """Send one request and say what became of its changes."""
        return self._writer.send(batch)


def web_host(api: str) -> str:
    """Return the host where people read what an API serves: api.github.com is github.com, api.acme.ghe.com too."""
    return (urlsplit(api).hostname or "").removeprefix("api.")
