"""WordPress's roles and the groups that stand for them here."""

from collections.abc import Iterable, Mapping
from typing import Any

from accounts.services import AUTHORS, CONTRIBUTORS, EDITORS, MODERATORS, OFFICERS

ADMINISTRATOR, SUBSCRIBER = "administrator", "subscriber"
# An administrator is a superuser, and a subscriber an account in no group.
GROUP_OF_ROLE: Mapping[str, str] = {
    "editor": EDITORS,
    "author": AUTHORS,
    "contributor": CONTRIBUTORS,
    "moderator": MODERATORS,
    "data_officer": OFFICERS,
}
ROLE_OF_GROUP = {group: role for role, group in GROUP_OF_ROLE.items()}
ROLES = (ADMINISTRATOR, *GROUP_OF_ROLE, SUBSCRIBER)


def roles_of(user: Any) -> list[str]:
    """Return an account's roles; whoever prefetches the groups asks nothing of the database."""
    found = [ADMINISTRATOR] if user.is_superuser else []
    names = {group.name for group in user.groups.all()}
    found += [role for role, group in GROUP_OF_ROLE.items() if group in names]
    return found or [SUBSCRIBER]


def groups_of_roles(roles: Iterable[str]) -> list[str]:
    return [GROUP_OF_ROLE[role] for role in roles if role in GROUP_OF_ROLE]
