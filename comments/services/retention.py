"""Letting go of what is no longer needed, rule by rule."""

from datetime import datetime

from django.db.models import Q

from comments.models import VisitorComment
from comments.write_lock import write_transaction

FORGET_BATCH = 500


def forget_senders(before: datetime) -> int:
    """Forget network address and browser of comments older than a moment; return how many.

    Safe to call twice. What is kept so long is settings.COMMENTS_SENDER_DAYS.
    """
    known = ~Q(ip_address=None) | ~Q(user_agent="") | ~Q(referrer="") | ~Q(ip_hash="")
    forgotten = 0
    while True:
        old = VisitorComment.objects.filter(known, submit_date__lt=before).order_by("pk")
        keys = list(old.values_list("pk", flat=True)[:FORGET_BATCH])
        if not keys:
            return forgotten
        with write_transaction():
            forgotten += VisitorComment.objects.filter(pk__in=keys).update(
                ip_address=None, user_agent="", referrer="", ip_hash=""
            )
