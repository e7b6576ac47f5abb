"""Work on comments that nobody waits for."""

from django.utils import timezone
from django_tasks import task

from comments import services
from comments.fragments import VERSION
from comments.models import OutgoingCopy, Status, VisitorComment
from comments.screening import akismet
from comments.services import removing, reporting, retention, sanctioning

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
def keep_to_retention() -> None:
    """Let go of everything whose time is over. Safe to run twice."""
    retention.keep_to_rules(timezone.now())


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
