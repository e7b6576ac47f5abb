"""Whose rows are whose: by the account that has an address, and by the address itself."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet

from core.extensions.commentables import comment_targets
from core.extensions.people import notice_recipients
from core.extensions.personal_data import Subject, normalise_address

BATCH = 500


def account_of(subject: Subject) -> int | None:
    """Return the account that is proven, or that has the proven address."""
    if subject.user_id is not None:
        return subject.user_id
    person = notice_recipients.get().by_email(subject.email)
    return person.user_id if person else None


def keys_of(
    rows: QuerySet[Any],
    subject: Subject,
    *,
    email: str = "email",
    user: str = "user_id",
    order: str = "pk",
) -> Iterator[int]:
    """Yield the keys of the rows under a subject's address or account, in their order.

    A domain may be written in more than one way: the mailbox's name is looked for first, and the
    whole address compared in its one form. `user` may be "" where rows know no account.
    """
    local = subject.email.rpartition("@")[0]
    # A database lowers only some of the signs beyond ASCII: there every address is compared.
    named = Q(**{f"{email}__istartswith": f"{local}@"}) if local.isascii() else ~Q(**{email: ""})
    account = account_of(subject) if user else None
    if account is not None:
        named |= Q(**{user: account})
    columns = ("pk", email, user) if user else ("pk", email)
    # A person writes an address in few ways, and many times.
    same = lru_cache(maxsize=100)(same_address)
    for key, address, *owner in (
        rows.filter(named).order_by(order).values_list(*columns).iterator(chunk_size=BATCH)
    ):
        is_theirs = account is not None and owner == [account]
        if is_theirs or same(address, subject.email):
            yield key


def same_address(one: str, other: str) -> bool:
    try:
        return normalise_address(one) == other
    except ValueError:
        return False


def in_batches(keys: Any) -> Iterator[list[int]]:
    for start in range(0, len(keys), BATCH):
        yield [int(key) for key in keys[start : start + BATCH]]


def links_of(target_ids: Any) -> dict[int, str]:
    """Return the addresses of what comments stand under, as far as it is public."""
    targets = comment_targets.get().get_many(set(target_ids))
    return {key: target.link for key, target in targets.items()}


def as_text(moment: date | None) -> str | None:
    return moment.isoformat() if moment else None


def plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as JSON takes it: its moments and days as text."""
    return {key: as_text(each) if isinstance(each, date) else each for key, each in row.items()}
