"""Jira Cloud behind the two protocols: one site, one credential."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from pydantic import SecretStr
from requests.adapters import HTTPAdapter

from adapters.jira import writing
from adapters.jira.history import Historian
from adapters.jira.knowledge import Knowledge
from adapters.jira.lookup import Lookup
from adapters.jira.observing import Observer
from adapters.jira.polling import Poller
from adapters.jira.probing import Prober
from adapters.jira.remote import RemoteLinks
from adapters.jira.settings import JiraSettings
from adapters.jira.site import Site
from adapters.jira.stating import Stating
from adapters.jira.visibility import Visibility
from adapters.jira.writing import Writer
from syncd.clock import Clock
from syncd.model.changes import Batch, Change, Observation, Result
from syncd.model.identity import Handle, ItemId
from syncd.model.items import Place
from syncd.model.reading import Capabilities, CensusPage, Cursor, HistoryPage, Page, Sighting


class JiraAdapter:
    """Reads and annotates the configured projects of one Jira Cloud site; threads may share it.

    ``owner`` is ``installation/workspace``; ``prefix`` begins our labels; ``http`` carries every request.
    """

    def __init__(
        self,
        settings: JiraSettings,
        *,
        name: str,
        places: Sequence[Place],
        email: str,
        token: SecretStr | str,
        clock: Clock,
        http: HTTPAdapter,
        owner: str,
        prefix: str,
    ) -> None:
        self.name = name
        secret = token.get_secret_value() if isinstance(token, SecretStr) else token
        site = Site(settings.url, email=email, token=secret, tracker=name, clock=clock, http=http)
        knowledge = Knowledge(site, places=places, prefix=prefix, has_remote_links=settings.remote_links)
        visibility = Visibility(site, knowledge)
        keys = [place.id.key for place in places]
        stating = Stating(site, places)
        remote = RemoteLinks(site, is_on=settings.remote_links)
        self._poller = Poller(site, knowledge, visibility, stating, remote, keys)
        self._lookup = Lookup(site, knowledge, visibility, stating, keys)
        self._historian = Historian(site, knowledge)
        self._prober = Prober(site, knowledge, stating, keys)
        self._observer = Observer(site, knowledge, visibility, owner=owner, previous_authors=settings.previous_authors)
        self._writer = Writer(site, self._observer, is_quiet=settings.quiet)

    def poll(self, cursor: Cursor | None) -> Iterator[Page]:
        """Yield what changed since ``cursor``: one request where nothing did; everything where there is none."""
        return self._poller.poll(cursor)

    def census(self, resume: str) -> Iterator[CensusPage]:
        """Yield the ids of everything in every project."""
        return self._lookup.census(resume)

    def read(self, handles: Sequence[Handle]) -> Iterator[Sighting]:
        """Look items up by their ids."""
        return self._lookup.read(handles)

    def history(self, handles: Sequence[Handle]) -> Iterator[HistoryPage]:
        """Yield what happened to issues: one request for a thousand."""
        return self._historian.history(handles)

    def probe(self) -> Capabilities:
        """Say who the credential is, what it may do, and which words the site uses."""
        return self._prober.probe()

    def observe(self, handles: Collection[Handle], known: Mapping[ItemId, str]) -> Mapping[ItemId, Observation]:
        """Read our comments on items; labels come with the items."""
        return self._observer.observe(handles, known)

    def batches(self, changes: Sequence[Change]) -> Sequence[Batch]:
        """Return all label verbs of an item as one batch, each comment as one."""
        return writing.batches(self.name, changes)

    def send(self, batch: Batch) -> Iterator[Result]:
        """Send one batch; raises nothing that Jira can cause."""
        return self._writer.send(batch)
