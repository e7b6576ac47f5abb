"""Blocking hosts and addresses: lines of the disallowed keys, put in and taken out by decisions."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.utils import timezone

from comments.models import BlockedKey, DiscussionSettings, VisitorComment
from comments.sanitising import ADDRESS
from comments.write_lock import write_transaction

MOST_HOSTS = 10


def hosts_in(comment: VisitorComment) -> list[str]:
    """Return the hosts that a comment and its author's site lead to, each once, as written."""
    addresses = [comment.user_url, *ADDRESS.findall(comment.comment)]
    found: dict[str, None] = {}
    for address in addresses:
        try:
            host = urlsplit(address).hostname or ""
        except ValueError:
            continue
        if host:
            found[host.removeprefix("www.")] = None
    return list(found)[:MOST_HOSTS]


def candidates(comment: VisitorComment) -> list[str]:
    """Return what could be blocked of a comment: hosts, mail address, network address."""
    found = [*hosts_in(comment), comment.user_email, comment.ip_address or ""]
    return [each for each in dict.fromkeys(found) if each]


def block(keys: Iterable[str], *, by: Any, batch: UUID) -> list[str]:
    """Put lines into the disallowed keys; return those that were not there. Safe to call twice."""
    with write_transaction():
        own = locked_settings()
        there = {line.strip().lower() for line in own.disallowed_keys.splitlines()}
        new = [key for key in dict.fromkeys(keys) if key and key.lower() not in there]
        if new:
            own.disallowed_keys = "\n".join([*own.disallowed_keys.splitlines(), *new])
            own.save(update_fields=["disallowed_keys"])
            BlockedKey.objects.bulk_create([BlockedKey(key=key, batch=batch, by=by) for key in new])
    return new


def unblock(batch: UUID) -> int:
    """Take the lines that a decision put in out again; return how many. Safe to call twice."""
    with write_transaction():
        rows = BlockedKey.objects.filter(batch=batch, undone_at=None)
        gone = {key.lower() for key in rows.values_list("key", flat=True)}
        if not gone:
            return 0
        own = locked_settings()
        lines = own.disallowed_keys.splitlines()
        own.disallowed_keys = "\n".join(each for each in lines if each.strip().lower() not in gone)
        own.save(update_fields=["disallowed_keys"])
        return rows.update(undone_at=timezone.now())


def locked_settings() -> DiscussionSettings:
    # Whoever adds a line at the same time waits here, so that neither line is lost.
    DiscussionSettings.load()
    return DiscussionSettings.objects.select_for_update().get()
