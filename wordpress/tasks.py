"""Imports and schedules that nobody waits for; queue rows hold a job's number and no more."""

from django.conf import settings
from django.utils import timezone
from django_tasks import task

from wordpress import jobs
from wordpress.models import ImportJob
from wordpress.services.items import publish_due


@task(queue_name=settings.LONG_TASKS_QUEUE)
def run_import(job_id: int) -> None:
    """Do an import that was asked for in the admin. Safe to run twice, and after a crash."""
    job = ImportJob.objects.filter(pk=job_id).first()
    if job is not None:
        jobs.run_job(job)


@task()
def forget_files() -> None:
    """Remove uploaded exports whose time is over. Safe to run twice."""
    jobs.forget_files(timezone.now())


@task()
def publish_due_items() -> None:
    """Publish the items of declared types whose date has come. Safe to run twice."""
    publish_due()
