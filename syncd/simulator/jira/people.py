"""Who may sign in to the simulated Jira, and what they may do in which project."""

import hmac
from collections.abc import Iterable

import msgspec

from syncd.simulator.jira.records import User

BROWSE = "BROWSE_PROJECTS"
EDIT = "EDIT_ISSUES"
COMMENT = "ADD_COMMENTS"
EDIT_OWN_COMMENTS = "EDIT_OWN_COMMENTS"
EDIT_ALL_COMMENTS = "EDIT_ALL_COMMENTS"
DELETE_OWN_COMMENTS = "DELETE_OWN_COMMENTS"
DELETE_ALL_COMMENTS = "DELETE_ALL_COMMENTS"
ADMINISTER_PROJECTS = "ADMINISTER_PROJECTS"
ADMINISTER = "ADMINISTER"
BULK_CHANGE = "BULK_CHANGE"

EVERYDAY = frozenset({BROWSE, EDIT, COMMENT, EDIT_OWN_COMMENTS, DELETE_OWN_COMMENTS})
PERMISSIONS = (
    BROWSE,
    EDIT,
    COMMENT,
    EDIT_OWN_COMMENTS,
    EDIT_ALL_COMMENTS,
    DELETE_OWN_COMMENTS,
    DELETE_ALL_COMMENTS,
    ADMINISTER_PROJECTS,
    ADMINISTER,
    BULK_CHANGE,
)
GLOBAL_PERMISSIONS = frozenset({ADMINISTER, BULK_CHANGE})


class People:
    """The users of a site by account id, with their permissions: everywhere, or otherwise in a project."""

    def __init__(self) -> None:
        self._users: dict[str, User] = {}
        self._everywhere: dict[str, frozenset[str]] = {}
        self._in_project: dict[tuple[str, str], frozenset[str]] = {}
        self.revision = 0

    def add(
        self,
        account_id: str,
        display_name: str = "",
        *,
        email: str = "",
        token: str = "",
        time_zone: str = "UTC",
        active: bool = True,
        permissions: Iterable[str] = EVERYDAY,
    ) -> User:
        """Add or replace a user; ``permissions`` hold in every project that ``permit`` says nothing of."""
        user = User(
            account_id=account_id,
            display_name=display_name or account_id,
            email=email,
            token=token,
            time_zone=time_zone,
            active=active,
        )
        self._users[account_id] = user
        self._everywhere[account_id] = frozenset(permissions)
        self.revision += 1
        return user

    def permit(self, account_id: str, project_key: str, permissions: Iterable[str]) -> None:
        """Set what a user may do in one project, whatever holds elsewhere; nothing hides the project."""
        self._in_project[account_id, project_key] = frozenset(permissions)
        self.revision += 1

    def expire_token(self, account_id: str, *, is_expired: bool = True) -> None:
        """Let a user's token be refused from now on, or be good again."""
        self._users[account_id] = msgspec.structs.replace(self._users[account_id], is_expired=is_expired)

    def get(self, account_id: str | None) -> User | None:
        """Return a user by account id."""
        return self._users.get(account_id) if account_id else None

    def signed_in(self, email: str, token: str) -> User | None:
        """Return who has this email and this token, unless it has expired or the account is closed."""
        for user in self._users.values():
            if user.token and user.email.lower() == email.lower():
                is_good = hmac.compare_digest(user.token.encode(), token.encode())
                return user if is_good and user.active and not user.is_expired else None
        return None

    def may(self, account_id: str, permission: str, project_key: str | None = None) -> bool:
        """Say whether a user has a permission in a project, or everywhere."""
        everywhere = self._everywhere.get(account_id, frozenset())
        if project_key is None or permission in GLOBAL_PERMISSIONS:
            return permission in everywhere
        return permission in self._in_project.get((account_id, project_key), everywhere)
