"""Mail about comments as personal data: followers, and comments that wait for a mailbox."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models import Follower, MailChoice, UnconfirmedComment
from comments.personal_data.finding import account_of, as_text, in_batches, keys_of, links_of
from comments.write_lock import write_transaction
from core.extensions.personal_data import Erasure, ExportedItem, Subject


class FollowerData:
    """Wishes for mail about new comments, and the mails that followed."""

    identifier = "comments.followers"
    verbose_name = _("Mail about new comments")

    def identities(self, subject: Subject, *, until: datetime | None = None) -> Iterator[str]:
        rows = Follower.objects.all()
        if until is not None:
            rows = rows.filter(asked_at__lte=until)
        yield from map(str, keys_of(rows, subject))

    def export(self, keys: Sequence[str]) -> Iterator[ExportedItem]:
        for batch in in_batches(keys):
            rows = list(
                Follower.objects.filter(pk__in=batch).prefetch_related("mails").order_by("pk")
            )
            links = links_of(row.target_id for row in rows)
            for row in rows:
                data = {
                    "email": row.email,
                    "on": links.get(row.target_id, ""),
                    "below_comment": row.comment_id,
                    "language": row.language,
                    "asked_at": as_text(row.asked_at),
                    "confirmed_at": as_text(row.confirmed_at),
                    "ended_at": as_text(row.ended_at),
                    "mails": [
                        {
                            "about_comment": mail.comment_id,
                            "queued_at": as_text(mail.queued_at),
                            "sent_at": as_text(mail.sent_at),
                        }
                        for mail in row.mails.all()
                    ],
                }
                yield ExportedItem(str(row.pk), data)

    def erase(self, keys: Sequence[str]) -> Erasure:
        with write_transaction():
            found = Follower.objects.filter(pk__in=keys)
            return Erasure(found.delete()[1].get(Follower._meta.label, 0))

    def object_to(self, keys: Sequence[str]) -> int:
        rows = Follower.objects.filter(pk__in=keys, ended_at=None)
        with write_transaction():
            return rows.update(ended_at=timezone.now())


class MailChoiceData:
    """Which mails about comments an account does not want."""

    identifier = "comments.mail_choices"
    verbose_name = _("Choice of mails about comments")

    def identities(self, subject: Subject, *, until: datetime | None = None) -> Iterator[str]:
        rows = MailChoice.objects.filter(user_id=account_of(subject))
        yield from map(str, rows.values_list("pk", flat=True))

    def export(self, keys: Sequence[str]) -> Iterator[ExportedItem]:
        for row in MailChoice.objects.filter(pk__in=keys).order_by("pk"):
            yield ExportedItem(
                str(row.pk), {"wants_held": row.wants_held, "wants_own": row.wants_own}
            )

    def erase(self, keys: Sequence[str]) -> Erasure:
        with write_transaction():
            return Erasure(MailChoice.objects.filter(pk__in=keys).delete()[0])


class UnconfirmedCommentData:
    """Comments whose author's mailbox has not answered yet."""

    identifier = "comments.unconfirmed"
    verbose_name = _("Comments that wait for a confirmation")

    def identities(self, subject: Subject, *, until: datetime | None = None) -> Iterator[str]:
        rows = UnconfirmedComment.objects.all()
        if until is not None:
            rows = rows.filter(received_at__lte=until)
        yield from map(str, keys_of(rows, subject, user=""))

    def export(self, keys: Sequence[str]) -> Iterator[ExportedItem]:
        for batch in in_batches(keys):
            rows = list(UnconfirmedComment.objects.filter(pk__in=batch).order_by("pk"))
            links = links_of(row.target_id for row in rows)
            for row in rows:
                data = {
                    "email": row.email,
                    "on": links.get(row.target_id, ""),
                    "received": row.data,
                    "received_at": as_text(row.received_at),
                    "expires_at": as_text(row.expires_at),
                }
                yield ExportedItem(str(row.pk), data)

    def erase(self, keys: Sequence[str]) -> Erasure:
        with write_transaction():
            return Erasure(UnconfirmedComment.objects.filter(pk__in=keys).delete()[0])
