"""Moderators' corrections of a comment's words, author and date; its state is change_status's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from comments import errors
from comments.fragments import set_fragment
from comments.models import EarlierText, VisitorComment
from comments.sanitising import clean_address, clean_name, sanitise
from comments.services.placing import announce
from comments.services.receiving import LONGEST, LONGEST_TEXT_BYTES
from comments.write_lock import write_transaction


@dataclass(frozen=True, kw_only=True)
class Amendment:
    """What is to be changed; None leaves a field as it is.

    `author_id` is the account that a comment is now said to be of, `meta` all of its custom fields
    by name, each with its values as text.
    """

    text: str | None = None
    author_id: int | None = None
    author_name: str | None = None
    author_email: str | None = None
    author_url: str | None = None
    author_ip: str | None = None
    user_agent: str | None = None
    submitted_at: datetime | None = None
    meta: Mapping[str, Any] | None = None


def amend_comment(comment_id: int, amendment: Amendment) -> VisitorComment:
    """Change a comment and keep the text it had. Atomic; called twice it changes nothing more.

    Raises an error of comments.errors where a field cannot be so, and VisitorComment.DoesNotExist.
    A changed address is no longer a proven one.
    """
    changes = checked(amendment)
    with write_transaction():
        comment = VisitorComment.objects.select_for_update(of=("self",)).get(pk=comment_id)
        if "text" in changes:
            text = sanitise(changes.pop("text"), comment.markup)
            if not text:
                raise errors.TextMissingError
            if text != comment.comment:
                changes["comment"] = text
        # A date is shown without its fraction of a second, and so it comes back.
        if changes.get("submit_date") == comment.submit_date.replace(microsecond=0):
            del changes["submit_date"]
        changed = {
            name: value for name, value in changes.items() if getattr(comment, name) != value
        }
        if not changed:
            return comment
        if "comment" in changed:
            EarlierText.objects.create(comment=comment, text=comment.comment)
            changed["edited_at"] = timezone.now()
        if "user_email" in changed:
            changed["is_address_verified"] = False
        for name, value in changed.items():
            setattr(comment, name, value)
        set_fragment(comment)
        comment.save(update_fields=[*changed, "html", "rendered", "fragment_version"])
        announce(comment)
    return comment


def checked(amendment: Amendment) -> dict[str, Any]:
    """Return the columns to change with their new values, before anything is locked."""
    changes: dict[str, Any] = {}
    if amendment.author_id is not None:
        changes["user_id"] = amendment.author_id
    for named, column in (("author_name", "user_name"), ("author_email", "user_email"),
                          ("author_url", "user_url")):  # fmt: skip
        value = getattr(amendment, named)
        if value is not None:
            value = value.strip()
            if len(value) > LONGEST[named]:
                raise errors.FieldTooLongError(field=named)
            changes[column] = value
    if amendment.author_name is not None:
        changes["user_name"] = clean_name(changes["user_name"])
    if amendment.author_url is not None:
        changes["user_url"] = clean_address(changes["user_url"])[: LONGEST["author_url"]]
    if amendment.author_email:
        try:
            validate_email(changes["user_email"])
        except ValidationError:
            raise errors.AddressInvalidError from None
    if amendment.text is not None:
        if len(amendment.text.encode()) > LONGEST_TEXT_BYTES:
            raise errors.FieldTooLongError(field="content")
        changes["text"] = amendment.text
    if amendment.author_ip is not None:
        changes["ip_address"] = amendment.author_ip or None
    if amendment.user_agent is not None:
        changes["user_agent"] = amendment.user_agent[:254]
    if amendment.submitted_at is not None:
        changes["submit_date"] = amendment.submitted_at
    if amendment.meta is not None:
        changes["meta"] = dict(amendment.meta)
    return changes
