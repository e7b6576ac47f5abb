"""Work on comments that nobody waits for."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django_tasks import task

from comments import notifications, services
from comments.fragments import VERSION
from comments.models import Follower, OutgoingCopy, Status, UnconfirmedComment, VisitorComment
from comments.screening import akismet, learning
from comments.services import confirming, following
from core.extensions.commentables import comment_targets

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
def learn_from_decisions(comment_ids: list[int]) -> None:
    """Have the local model learn what moderators decided on comments. Safe to run twice."""
    learning.take_lessons(comment_ids)


@task()
def rebuild_model() -> None:
    """Build the local model anew from the lessons that stand. Safe to run twice."""
    learning.rebuild()


@task()
def ask_for_usage() -> None:
    """Ask Akismet how much of the account's month is used up, where a key is set."""
    if settings.AKISMET_API_KEY:
        akismet.keep_usage()


@task()
def ask_follower(follower_id: int) -> None:
    """Ask a mailbox whether it wants mail about a discussion."""
    follower = Follower.objects.filter(pk=follower_id, confirmed_at=None).first()
    if follower is None:
        return
    target = comment_targets.get().get_many([follower.target_id]).get(follower.target_id)
    if target is not None:
        notifications.mail_follow_question(follower, target, following.confirm_token(follower))


@task()
def ask_author(unconfirmed_id: int) -> None:
    """Ask a mailbox whether its owner wrote the comment that waits for it."""
    row = UnconfirmedComment.objects.filter(pk=unconfirmed_id).first()
    if row is None:
        return
    target = comment_targets.get().get_many([row.target_id]).get(row.target_id)
    if target is not None:
        notifications.mail_confirm_comment(
            row.email,
            target,
            confirming.issue_token(row),
            language=target.language,
            hours=confirming.CONFIRM_HOURS,
        )


@task()
def tell_followers(comment_id: int) -> None:
    """Tell the followers of a discussion of a comment that became visible. Safe to run twice."""
    comment = VisitorComment.objects.filter(pk=comment_id, status=Status.APPROVED).first()
    if comment is not None:
        following.queue_mails(comment)
        following.send_mails(comment)


@task()
def render_fragments_again() -> None:
    """Render the fragments of an older markup anew. Safe to run twice."""
    while rows := list(VisitorComment.objects.exclude(fragment_version=VERSION)[:BATCH]):
        for comment in rows:
            comment.html = services.fragment_of(comment)
            comment.fragment_version = VERSION
        VisitorComment.objects.bulk_update(rows, ["html", "fragment_version"])
