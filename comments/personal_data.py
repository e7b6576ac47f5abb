"""Visitor comments as personal data: found by address, exported whole, erased whole."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from comments.models import VisitorComment
from comments.services import remove
from comments.write_lock import write_transaction
from core.extensions.commentables import comment_targets
from core.extensions.personal_data import Erasure, ExportedItem, Subject, normalise_address

BATCH = 500


class CommentData:
    """The comments under an address, in every state."""

    identifier = "comments.comments"
    verbose_name = _("Comments")

    def identities(self, subject: Subject, *, until: datetime | None = None) -> Iterator[str]:
        # The domain may be written in more than one way: the same mailbox name first, and the
        # whole address compared in its one form.
        local = subject.email.rpartition("@")[0]
        rows = VisitorComment.objects.filter(user_email__istartswith=f"{local}@")
        if not local.isascii():
            rows = VisitorComment.objects.exclude(user_email="")
        if subject.user_id is not None:
            rows = rows | VisitorComment.objects.filter(user_id=subject.user_id)
        if until is not None:
            rows = rows.filter(submit_date__lte=until)
        pairs = rows.order_by("pk").values_list("pk", "user_email", "user_id")
        for key, email, user_id in pairs.iterator(chunk_size=BATCH):
            is_theirs = subject.user_id is not None and user_id == subject.user_id
            if is_theirs or same_address(email, subject.email):
                yield str(key)

    def export(self, keys: Sequence[str]) -> Iterator[ExportedItem]:
        for start in range(0, len(keys), BATCH):
            batch = keys[start : start + BATCH]
            rows = VisitorComment.objects.filter(pk__in=batch).prefetch_related(
                "screenings", "outgoing_copies"
            )
            found = {str(row.pk): row for row in rows}
            targets = comment_targets.get().get_many({row.target_id for row in rows})
            for key in batch:
                if (row := found.get(key)) is not None:
                    target = targets.get(row.target_id)
                    yield ExportedItem(key, exported(row, target.link if target else ""))

    def erase(self, keys: Sequence[str]) -> Erasure:
        removed = 0
        with write_transaction():
            # Replies first, so that what stands on them can go as well.
            rows = VisitorComment.objects.filter(pk__in=keys).exclude(
                user_name="", user_email="", comment=""
            )
            for comment in rows.order_by("-path"):
                remove(comment)
                removed += 1
        return Erasure(removed)


def same_address(one: str, other: str) -> bool:
    try:
        return normalise_address(one) == other
    except ValueError:
        return False


def exported(row: VisitorComment, link: str) -> dict[str, object]:
    data: dict[str, object] = {
        "on": link,
        "at": row.submit_date.isoformat(),
        "status": row.status,
        "name": row.user_name,
        "email": row.user_email,
        "website": row.user_url,
        "text": row.comment,
        "in_reply_to": row.parent_id if row.level else None,
        "received_by": row.channel,
    }
    if row.is_address_verified:
        data |= {
            "ip_address": row.ip_address,
            "user_agent": row.user_agent,
            "referrer": row.referrer,
        }
    else:
        data["withheld"] = _t(
            "The network address and browser that sent this comment are withheld: the mail "
            "address was typed and not verified, so they may be another person's."
        )
    data["screening"] = [
        {"by": record.source, "outcome": record.outcome, "at": record.at.isoformat()}
        for record in row.screenings.all()
    ]
    data["sent_to"] = [
        {"processor": copy.processor, "fields": copy.fields, "at": copy.at.isoformat()}
        for copy in row.outgoing_copies.all()
    ]
    return data
