"""Moderation that nobody waits for; queue rows hold a batch's number and no more."""

from uuid import UUID

from django_tasks import task

from comments import services
from comments.moderation import mailing


@task()
def carry_on(batch: str) -> None:
    """Carry out a decision on everything that a search found. Safe to run twice, after a crash."""
    services.carry_on(UUID(batch))


@task()
def mail_moderators() -> None:
    """Tell moderators what came to wait since the last time. Safe to run twice."""
    mailing.mail_moderators()


@task()
def mail_post_authors() -> None:
    """Tell authors what was published under their posts. Safe to run twice."""
    mailing.mail_post_authors()
