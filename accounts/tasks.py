"""Work on accounts that nobody waits for."""

from django.utils import timezone
from django_tasks import task

from accounts import guardians, services


@task()
def forget_unmaskings() -> None:
    """Delete old records of who saw personal data in clear. Safe to run twice."""
    services.forget_unmaskings()


@task()
def mail_guardian(key: int) -> None:
    """Mail a guardian the question, or the receipt of their agreement. Safe to run twice."""
    guardians.mail_guardian(key)


@task()
def tell_owner(key: int) -> None:
    """Mail a young member what holds for their account now."""
    guardians.tell_owner(key)


@task()
def keep_ages() -> None:
    """Move ages on, and forget guardians who never answered. Safe to run twice."""
    guardians.forget_unanswered()
    guardians.keep_ages(timezone.localdate())
