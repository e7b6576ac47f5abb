"""Work on comments that nobody waits for."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django_tasks import task

from comments import services
from comments.fragments import making, set_fragment
from comments.models import OutgoingCopy, Status, VisitorComment
from comments.screening import akismet
from comments.write_lock import write_transaction

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
    """Make the fragments of another version anew, in the order of their numbers.

    Safe to run twice. Pages show the same meanwhile, since they render stale ones themselves.
    """
    how, last = making(), 0
    if how.version == finished_with.get("version"):
        return
    stale = VisitorComment.objects.exclude(fragment_version=how.version).order_by("pk")
    while rows := list(stale.filter(pk__gt=last)[:BATCH]):
        for comment in rows:
            set_fragment(comment, how)
        with write_transaction():
            for comment in rows:
                # A comment that was changed meanwhile has a fresh fragment of its own.
                VisitorComment.objects.filter(
                    pk=comment.pk, comment=comment.comment, edited_at=comment.edited_at
                ).update(
                    html=comment.html,
                    rendered=comment.rendered,
                    fragment_version=comment.fragment_version,
                )
        last = rows[-1].pk
    finished_with["version"] = how.version


# The version of which the worker has seen every fragment: new ones are made in it.
finished_with: dict[str, int] = {}
