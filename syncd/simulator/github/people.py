"""Who may sign in to the simulated GitHub, what they may do in which repository, and how many requests they have left.

Tokens stand for accounts; what an account may do in a repository is its role there.
"""

import enum
from datetime import UTC, datetime, timedelta

import msgspec

from syncd.simulator.github.records import Account, Repository, Token

HOURLY = 5_000
HOURLY_ANONYMOUS = 60


class Role(enum.IntEnum):
    """What an account may do in a repository, in order; everybody may READ a public one."""

    NONE = 0
    READ = 1
    TRIAGE = 2
    WRITE = 3
    ADMIN = 4


class Rate(msgspec.Struct, frozen=True, kw_only=True):
    """The requests of one credential in its present hour."""

    limit: int
    used: int
    reset_at: datetime

    @property
    def remaining(self) -> int:
        """How many are left."""
        return max(0, self.limit - self.used)


class People:
    """Accounts by login, with their tokens, roles and rates."""

    def __init__(self) -> None:
        self.hourly = HOURLY
        self._accounts: dict[str, Account] = {}
        self._tokens: dict[str, Token] = {}
        self._everywhere: dict[str, Role] = {}
        self._in_repository: dict[tuple[str, int], Role] = {}
        self._rates: dict[str, Rate] = {}
        self._last_id = 1_000

    def add(
        self, login: str, name: str = "", *, type: str = "User", token: str = "", role: Role = Role.NONE, id: int = 0
    ) -> Account:
        """Add or replace an account; ``role`` is what it has in repositories that ``permit`` says nothing of."""
        self._last_id = max(self._last_id + 1, id)
        account = Account(login=login, id=id or self._last_id, type=type, name=name)
        self._accounts[login.lower()] = account
        self._everywhere[login.lower()] = role
        if token:
            self.add_token(login, token)
        return account

    def add_token(self, login: str, secret: str, *, can_write: bool = True) -> Token:
        """Let an account sign in with one more token, which may write issues or only read them."""
        token = Token(secret=secret, login=login, can_write=can_write)
        self._tokens[secret] = token
        return token

    def permit(self, login: str, repository: Repository, role: Role) -> None:
        """Set what an account may do in one repository, whatever holds elsewhere."""
        self._in_repository[login.lower(), repository.id] = role

    def expire_token(self, secret: str, *, is_expired: bool = True) -> None:
        """Let a token be refused from now on, or be good again."""
        self._tokens[secret] = msgspec.structs.replace(self._tokens[secret], is_expired=is_expired)

    def get(self, login: str | None) -> Account | None:
        """Return an account by login."""
        return self._accounts.get(login.lower()) if login else None

    def known(self, login: str) -> Account:
        """Return an account by login, made up if it is new: whoever is named exists."""
        return self.get(login) or self.add(login)

    def signed_in(self, secret: str) -> Token | None:
        """Return a token by its text, unless it has expired."""
        token = self._tokens.get(secret)
        return None if token is None or token.is_expired else token

    def role(self, login: str | None, repository: Repository) -> Role:
        """Return what an account, or nobody, may do in a repository."""
        name = (login or "").lower()
        role = self._in_repository.get((name, repository.id), self._everywhere.get(name, Role.NONE))
        if name and name == repository.owner.lower():
            role = Role.ADMIN
        return role if repository.private else max(role, Role.READ)

    def is_member(self, login: str | None, repository: Repository) -> bool:
        """Say whether an account has a role of its own in a repository, beyond reading what everybody may."""
        hidden = msgspec.structs.replace(repository, private=True)
        return self.role(login, hidden) > Role.NONE

    def rate(self, secret: str, now: datetime) -> Rate:
        """Return the present hour of a token, or of nobody."""
        rate = self._rates.get(secret)
        if rate is None or now >= rate.reset_at:
            limit = self.hourly if secret else HOURLY_ANONYMOUS
            return Rate(limit=limit, used=0, reset_at=(now + timedelta(hours=1)).astimezone(UTC).replace(microsecond=0))
        return rate

    def use(self, secret: str, now: datetime) -> Rate:
        """Count one request of a token and return its hour with it."""
        rate = self.rate(secret, now)
        self._rates[secret] = msgspec.structs.replace(rate, used=rate.used + 1)
        return self._rates[secret]
