"""Work on comments that nobody waits for."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django_tasks import task

from comments import services
from comments.fragments import VERSION
from comments.models import OutgoingCopy, Status, VisitorComment
from comments.screening import akismet

BATCH = 100


@task()
def recheck_held() -> None:
    """Screen again the comments that are held because a screener did not answer.

    Stops at the first that fails again: the service is still down. Safe to run twice.
    """
    waiting = VisitorComment.objects.filter(status=Status.HOLD, recheck_at__isnull=False).order_by(
        "pk"
    )
    for comment in waiting[:BATCH]:
        services.recheck(comment)
        if VisitorComment.objects.filter(pk=comment.pk, recheck_at__isnull=False).exists():
            return


@task()
def forget_senders() -> None:
    """Forget network address and browser of comments once their time is over. Safe to run twice."""
    services.forget_senders(timezone.now() - timedelta(days=settings.COMMENTS_SENDER_DAYS))


@task()
def report_decision(comment_id: int, is_spam: bool) -> None:
    """Tell Akismet what a moderator decided; tried again by the worker when it is down."""
    comment = VisitorComment.objects.filter(pk=comment_id).first()
    if comment is not None and comment.comment:
        akismet.report(services.submission_of(comment), is_spam=is_spam)
        OutgoingCopy.objects.create(comment=comment, processor="Akismet", fields=list(akismet.SENT))


@task()
def render_fragments_again() -> None:
    """Render the fragments of an older markup anew. Safe to run twice."""
    while rows := list(VisitorComment.objects.exclude(fragment_version=VERSION)[:BATCH]):
        for comment in rows:
            comment.html = services.fragment_of(comment)
            comment.fragment_version = VERSION
        VisitorComment.objects.bulk_update(rows, ["html", "fragment_version"])
