"""Imports that are asked for in the admin: taken in, done by the worker, and forgotten."""

import shutil
import tempfile
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path, PurePosixPath
from time import monotonic
from uuid import uuid4

from django.core.files.base import File
from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone

from wordpress.importing.running import Options, Outcome, import_files, no_progress
from wordpress.models import ImportJob

FOLDER = "imports"
# An export holds names and addresses: it stays for as long as somebody may press the next button.
FILE_DAYS = 2
SECONDS_BETWEEN_TOLD = 1.0
MOST_PROBLEMS_SHOWN = 500


def start_job(
    file: "File[bytes]", *, with_media: bool, media_hosts: Iterable[str] = (), is_dry_run: bool
) -> ImportJob:
    """Keep an uploaded file in the private store and have the worker import it."""
    title = PurePosixPath((file.name or "").replace("\\", "/")).name[:255]
    name = storages["private"].save(f"{FOLDER}/{uuid4()}.xml", file)
    return enqueue(name, title, with_media, list(media_hosts), is_dry_run)


def start_in_earnest(job: ImportJob) -> ImportJob:
    """Import the file of a dry run in earnest. The file stays with the new job."""
    with transaction.atomic():
        new = enqueue(job.file, job.title, job.with_media, job.media_hosts, False)
        job.file = ""
        job.save(update_fields=["file"])
    return new


def enqueue(
    name: str, title: str, with_media: bool, media_hosts: list[str], is_dry_run: bool
) -> ImportJob:
    from wordpress.tasks import run_import  # knows this module

    with transaction.atomic():
        job = ImportJob.objects.create(
            file=name, title=title, with_media=with_media, media_hosts=media_hosts,
            is_dry_run=is_dry_run,
        )  # fmt: skip
        transaction.on_commit(partial(run_import.enqueue, job.pk))
    return job


def run_job(job: ImportJob) -> None:
    """Do an import. Safe to call twice, and after a crash: it goes on where it was.

    What raises marks the job as failed and is raised again, for the worker to try once more.
    """
    if job.state == ImportJob.State.DONE or not job.file:
        return
    set_state(job, ImportJob.State.RUNNING)
    options = Options(media_hosts=job.media_hosts, with_media=job.with_media,
                      is_dry_run=job.is_dry_run)  # fmt: skip
    try:
        # It is read several times, and the store may be on another machine.
        with tempfile.TemporaryDirectory(prefix="import-") as folder:
            path = Path(folder, "export.xml")
            with storages["private"].open(job.file) as stored, path.open("wb") as copy:
                shutil.copyfileobj(stored, copy)
            # In a dry run whatever is told would be undone with everything else.
            progress = no_progress if job.is_dry_run else teller(job)
            outcome = import_files([path], options, progress)
    except Exception:
        set_state(job, ImportJob.State.FAILED)
        raise
    finish(job, outcome)


def teller(job: ImportJob) -> Callable[[str, int, int], None]:
    told_at = 0.0

    def tell(stage: str, done: int, total: int) -> None:
        nonlocal told_at
        if stage == job.stage and monotonic() - told_at < SECONDS_BETWEEN_TOLD:
            return
        told_at = monotonic()
        job.stage, job.done, job.total = stage, done, total
        job.save(update_fields=["stage", "done", "total"])

    return tell


def set_state(job: ImportJob, state: str) -> None:
    job.state = state
    job.ended_at = timezone.now() if job.has_ended else None
    job.save(update_fields=["state", "ended_at"])


def finish(job: ImportJob, outcome: Outcome) -> None:
    job.report = outcome.as_json()
    hidden = job.report["problems"][MOST_PROBLEMS_SHOWN:]
    job.report["problems"] = job.report["problems"][:MOST_PROBLEMS_SHOWN]
    job.report["problems_left_off"] += len(hidden)
    job.save(update_fields=["report"])
    set_state(job, ImportJob.State.DONE)
    if not job.is_dry_run:
        forget_file(job)


def forget_file(job: ImportJob) -> None:
    """Remove a job's file from the private store. Safe to call twice."""
    if job.file:
        storages["private"].delete(job.file)
        job.file = ""
        job.save(update_fields=["file"])


def forget_files(now: datetime) -> int:
    """Remove the files that nobody came back for; return how many. Safe to call twice."""
    old = ImportJob.objects.exclude(file="").filter(created_at__lt=now - timedelta(days=FILE_DAYS))
    for job in old:
        forget_file(job)
    return len(old)
