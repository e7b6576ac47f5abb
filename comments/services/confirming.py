"""Comments that wait until their author's mailbox has answered, where the site asks for that."""

from dataclasses import fields
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from comments import errors
from comments.models import UnconfirmedComment, VisitorComment
from comments.network_keys import network_of
from comments.sanitising import without_controls
from comments.services.receiving import NewComment, submit_comment
from comments.write_lock import write_transaction
from core.tokens import hash_token, make_token

CONFIRM_HOURS = 48
# Anybody can type anybody's address: so many comments may wait for one mailbox at a time.
MOST_WAITING = 5
# Of the comments that wait, the newest are looked at for who wrote them.
NEWEST = 50
LEFT_OUT = {"user", "address_is_proven", "wanted"}


def park(new: NewComment) -> None:
    """Keep a comment until its mailbox answers, and ask it. Nothing of it is public meanwhile.

    Raises FloodError where the mailbox, or the network that it came from, was heard of just now, or
    where too much waits for the mailbox already.
    """
    from comments.tasks import ask_author  # the task's module imports these services

    data = {f.name: getattr(new, f.name) for f in fields(new) if f.name not in LEFT_OUT}
    data = {name: without_controls(value) if isinstance(value, str) else value
            for name, value in data.items()}  # fmt: skip
    with write_transaction():
        refuse_floods(new)
        row = UnconfirmedComment.objects.create(
            # No token yet: the task that writes the mail makes it.
            token_hash=hash_token(make_token()),
            target_id=new.target_id,
            email=new.author_email.strip(),
            data=data,
            expires_at=timezone.now() + timedelta(hours=CONFIRM_HOURS),
        )
        transaction.on_commit(lambda: ask_author.enqueue(row.pk))


def refuse_floods(new: NewComment) -> None:
    now = timezone.now()
    waiting = UnconfirmedComment.objects.filter(expires_at__gt=now)
    if waiting.filter(email__iexact=new.author_email.strip()).count() >= MOST_WAITING:
        raise errors.FloodError
    since = now - timedelta(seconds=settings.COMMENTS_FLOOD_SECONDS)
    network, mailbox = network_of(new.ip_address), new.author_email.strip().lower()
    newest = waiting.order_by("-pk").values_list("received_at", "email", "data__ip_address")
    for received_at, email, address in newest[:NEWEST]:
        is_same = email.lower() == mailbox or (network and network_of(address or "") == network)
        if received_at > since and is_same:
            raise errors.FloodError


def issue_token(row: UnconfirmedComment) -> str:
    """Make the token of a comment's mail anew and return it; only its hash is kept."""
    token = make_token()
    row.token_hash = hash_token(token)
    row.save(update_fields=["token_hash"])
    return token


def waiting(token: str) -> UnconfirmedComment:
    """Return the comment that a mail's link stands for, or raise LinkUnknownError."""
    row = UnconfirmedComment.objects.filter(
        token_hash=hash_token(token), expires_at__gt=timezone.now()
    ).first()
    if row is None:
        raise errors.LinkUnknownError
    return row


def confirm(token: str) -> VisitorComment:
    """Take a comment whose mailbox has answered, as any other; it counts as verified.

    Raises LinkUnknownError, and what submit_comment raises: the comment waits on then, so that
    nothing is lost. Called twice at once it makes one comment.
    """
    row = waiting(token)
    values: dict[str, Any] = dict(row.data)
    values["agreements"] = [tuple(pair) for pair in values.get("agreements") or ()]
    comment = submit_comment(NewComment(**values, address_is_proven=True))
    row.delete()
    return comment


def throw_away(token: str) -> None:
    """Forget a comment that somebody else wrote under this address. Safe to call twice."""
    UnconfirmedComment.objects.filter(token_hash=hash_token(token)).delete()
