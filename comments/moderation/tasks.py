"""Moderation that nobody waits for; queue rows hold a batch's number and no more."""

from uuid import UUID

from django_tasks import task

from comments import services


@task()
def carry_on(batch: str) -> None:
    """Carry out a decision on everything that a search found. Safe to run twice, after a crash."""
    services.carry_on(UUID(batch))
