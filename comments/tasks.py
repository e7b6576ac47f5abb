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
    """Screen again the held comments whose time for it has come.

    Stops at the first that no screener can tell again: the service is still down, and the others
    keep their turn. Safe to run twice.
    """
    due = VisitorComment.objects.filter(status=Status.HOLD, recheck_at__lte=timezone.now())
    for comment in due.order_by("recheck_at")[:BATCH]:
        if not services.recheck(comment):
            return


@task()
def forget_senders() -> None:
    """Forget network address and browser of comments once their time is over. Safe to run twice."""
    services.forget_senders(timezone.now() - timedelta(days=settings.COMMENTS_SENDER_DAYS))


@task()
def report_decision(comment_id: int, is_spam: bool) -> None:
    """Tell Akismet what a moderator decided; tried again by the worker when it is down.

    A decision that was taken back meanwhile is not told.
    """
    comment = VisitorComment.objects.filter(pk=comment_id).first()
    if comment is None or not comment.comment or (comment.status == Status.SPAM) != is_spam:
        return
    sent = akismet.report(services.submission_of(comment), is_spam=is_spam)
    OutgoingCopy.objects.create(
        comment=comment,
        processor=sent.processor,
        purpose="report-spam" if is_spam else "report-ham",
        fields=list(sent.fields),
    )


@task()
def ask_for_usage() -> None:
    """Ask Akismet how much of the account's month is used up, where a key is set."""
    if settings.AKISMET_API_KEY:
        akismet.keep_usage()


@task()
def render_fragments_again() -> None:
    """Render the fragments of an older markup anew. Safe to run twice."""
    while rows := list(VisitorComment.objects.exclude(fragment_version=VERSION)[:BATCH]):
        for comment in rows:
            comment.html = services.fragment_of(comment)
            comment.fragment_version = VERSION
        VisitorComment.objects.bulk_update(rows, ["html", "fragment_version"])
