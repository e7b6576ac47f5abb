"""Work on accounts that nobody waits for."""

from django_tasks import task

from accounts import services


@task()
def forget_unmaskings() -> None:
    """Delete old records of who saw personal data in clear. Safe to run twice."""
    services.forget_unmaskings()
