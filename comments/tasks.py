"""Work on comments that nobody waits for."""

from django.conf import settings
from django.utils import timezone
from django_tasks import task

from comments import notifications, services
from comments.fragments import making, set_fragment
from comments.models import (
    Follower,
    LocalModel,
    OutgoingCopy,
    Status,
    UnconfirmedComment,
    VisitorComment,
)
from comments.screening import akismet, learning
from comments.services import confirming, following, removing, reporting, retention, sanctioning
from comments.write_lock import write_transaction
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
def keep_to_retention() -> None:
    """Let go of everything whose time is over, and of what the model has learnt from what is gone.

    Safe to run twice.
    """
    retention.keep_to_rules(timezone.now())
    if LocalModel.objects.filter(needs_rebuild=True).exists():
        learning.rebuild()


@task()
def tell_sanctioned(sanction_id: int) -> None:
    """Mail a sanction to its person. Safe to run twice."""
    sanctioning.tell_sanctioned(sanction_id)


@task()
def tell_removed(removal_id: int) -> None:
    """Mail the reasons of a removal. Safe to run twice."""
    removing.tell_removed(removal_id)


@task()
def tell_appeal_decided(appeal_id: int) -> None:
    """Mail the answer to an appeal. Safe to run twice."""
    removing.tell_appeal_decided(appeal_id)


@task()
def acknowledge_report(report_id: int) -> None:
    """Mail the receipt of a report. Safe to run twice."""
    reporting.acknowledge_report(report_id)


@task()
def tell_report_decided(report_id: int) -> None:
    """Mail what was decided about a report. Safe to run twice."""
    reporting.tell_report_decided(report_id)


@task()
def report_decision(comment_id: int, is_spam: bool) -> None:
    """Tell Akismet what a moderator decided; tried again by the worker when it is down.

    A decision that was taken back meanwhile is not told.
    """
    comment = VisitorComment.objects.unrestricted().filter(pk=comment_id).first()
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
    follower = Follower.objects.filter(pk=follower_id).first()
    if follower is None or (follower.confirmed_at and not follower.ended_at):
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
