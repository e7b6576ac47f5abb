"""Who may do what with an entry, by its author, its status and WordPress's capabilities."""

from typing import Any

from core.extensions.people import capabilities
from pages.models import StandardPage
from pages.statuses import FUTURE, PRIVATE, PUBLISH, TRASH

PUBLISHED = (PUBLISH, FUTURE)


def plural_of(model: type) -> str:
    """Return the word by which capabilities name a type; custom types have those of posts."""
    return "pages" if model is StandardPage else "posts"


def may(user: Any, capability: str) -> bool:
    """Tell whether an account has a capability, whatever it is used for."""
    return capability in capabilities.get().of(user)


def may_edit(user: Any, entry: Any, status: str) -> bool:
    """Tell whether an account may change an entry, or an item, that has this status."""
    return needed(user, entry, status, "edit") <= capabilities.get().of(user)


def may_delete(user: Any, entry: Any, status: str) -> bool:
    """Tell whether an account may trash or delete an entry, or an item, that has this status."""
    return needed(user, entry, status, "delete") <= capabilities.get().of(user)


def needed(user: Any, entry: Any, status: str, verb: str) -> set[str]:
    """Return the capabilities that it takes to edit or delete an entry."""
    plural = plural_of(type(entry))
    if user.is_authenticated and entry.author_id == user.pk:
        if status == TRASH:
            status = entry.status_before_trash
        return {f"{verb}_published_{plural}" if status in PUBLISHED else f"{verb}_{plural}"}
    found = {f"{verb}_others_{plural}"}
    if status in PUBLISHED:
        found.add(f"{verb}_published_{plural}")
    elif status == PRIVATE:
        found.add(f"{verb}_private_{plural}")
    return found
