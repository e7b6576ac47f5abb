"""What an account did with others' comments: reactions and flags."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from comments.models import Flag, Reaction, VisitorComment
from comments.personal_data.finding import BATCH, account_of, as_text, in_batches, links_of
from comments.services.placing import announce
from comments.write_lock import write_transaction
from core.extensions.personal_data import Erasure, ExportedItem, Subject


def given_by(rows: QuerySet[Any], subject: Subject, until: datetime | None) -> Iterator[str]:
    account = account_of(subject)
    if account is None:
        return
    rows = rows.filter(user_id=account)
    if until is not None:
        rows = rows.filter(at__lte=until)
    for key in rows.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=BATCH):
        yield str(key)


class ReactionData:
    """Reactions to comments."""

    identifier = "comments.reactions"
    verbose_name = _("Reactions to comments")

    def identities(self, subject: Subject, *, until: datetime | None = None) -> Iterator[str]:
        return given_by(Reaction.objects.all(), subject, until)

    def export(self, keys: Sequence[str]) -> Iterator[ExportedItem]:
        for batch in in_batches(keys):
            rows = list(
                Reaction.objects.filter(pk__in=batch).select_related("comment").order_by("pk")
            )
            links = links_of(row.comment.target_id for row in rows)
            for row in rows:
                data = {
                    "kind": row.kind,
                    "on": links.get(row.comment.target_id, ""),
                    "comment": row.comment_id,
                    "at": as_text(row.at),
                }
                yield ExportedItem(str(row.pk), data)

    def erase(self, keys: Sequence[str]) -> Erasure:
        with write_transaction():
            rows = Reaction.objects.filter(pk__in=keys)
            touched = set(rows.values_list("comment_id", flat=True))
            removed = rows.delete()[0]
            for comment in VisitorComment.objects.filter(pk__in=touched):
                kinds = comment.given_reactions.values_list("kind", flat=True)
                comment.reactions = dict(Counter(kinds))
                comment.save(update_fields=["reactions"])
                announce(comment)
        return Erasure(removed)


class FlagData:
    """Flags put on comments, with what was written beside them."""

    identifier = "comments.flags"
    verbose_name = _("Flags put on comments")

    def identities(self, subject: Subject, *, until: datetime | None = None) -> Iterator[str]:
        return given_by(Flag.objects.all(), subject, until)

    def export(self, keys: Sequence[str]) -> Iterator[ExportedItem]:
        for batch in in_batches(keys):
            rows = list(Flag.objects.filter(pk__in=batch).select_related("comment").order_by("pk"))
            links = links_of(row.comment.target_id for row in rows)
            for row in rows:
                data = {
                    "reason": row.reason,
                    "note": row.note,
                    "on": links.get(row.comment.target_id, ""),
                    "comment": row.comment_id,
                    "at": as_text(row.at),
                    "settled_at": as_text(row.settled_at),
                }
                yield ExportedItem(str(row.pk), data)

    def erase(self, keys: Sequence[str]) -> Erasure:
        with write_transaction():
            return Erasure(Flag.objects.filter(pk__in=keys).delete()[0])
