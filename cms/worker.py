"""The background worker: django-tasks-db's, with retry, a reaper and a clock.

django-tasks-db marks a task that raised as failed for good, and leaves the task of a killed
worker running for ever. Here a task is tried again with growing pauses, and a task whose
worker has stopped beating goes back to the queue. Tasks are therefore safe to run twice.

What takes minutes has a queue of its own, and a thread for it: mails, webhooks and screening do not
wait for an import. A thread rather than a process, since it costs no memory while there is nothing.
"""

import logging
import threading
from collections.abc import Sequence
from datetime import timedelta
from time import sleep
from typing import Any

from django.conf import settings
from django.db import close_old_connections, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.module_loading import import_string
from django_tasks.base import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from cms.models import PeriodicRun, WorkerHeartbeat

logger = logging.getLogger(__name__)

BEAT_SECONDS = 5.0
DEAD_AFTER = timedelta(seconds=30)
FIRST_PAUSE_SECONDS = 10
KEEP_FINISHED = timedelta(days=7)


def pause_before(attempt: int) -> timedelta:
    """Return how long to wait before this attempt (2 is the first retry): 10 s, then fourfold."""
    return timedelta(seconds=FIRST_PAUSE_SECONDS * 4 ** (attempt - 2))


class RetryingWorker(Worker):
    """A worker whose failed tasks go back to the queue, with nothing that an exception says."""

    def __init__(
        self, *, worker_id: str, queues: Sequence[str], besides: Sequence[str] = (),
        interval: float = 0.5,
    ) -> None:  # fmt: skip
        super().__init__(
            queue_names=list(queues),
            interval=interval,
            batch=False,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=worker_id,
            excluded_queue_names=list(besides),
        )

    def run_task(self, db_task_result: DBTaskResult[Any, Any]) -> None:
        super().run_task(db_task_result)
        if db_task_result.status == TaskResultStatus.FAILED:
            keep_frames_only(db_task_result)
            give_back(db_task_result)

    def run_on(self) -> None:
        """Run tasks until the worker stops, whatever becomes of the database meanwhile."""
        while self.running:
            try:
                self.run()
            except Exception as error:  # noqa: BLE001  nobody starts this thread again
                logger.error("The queue of long tasks failed: %s", type(error).__name__)
                sleep(self.interval)


class CandourWorker(RetryingWorker):
    """A worker that beats, retries, reaps and keeps the clock; long tasks run beside the others."""

    def __init__(self, *, interval: float = 0.5, beat_seconds: float = BEAT_SECONDS) -> None:
        own, long = get_random_string(32), settings.LONG_TASKS_QUEUE
        super().__init__(worker_id=own, queues=["*"], besides=[long], interval=interval)
        # Of one name, so that both are alive as long as this process is.
        self.beside = RetryingWorker(worker_id=own, queues=[long], interval=interval)
        self.beat_seconds = beat_seconds
        self.stopped = threading.Event()

    def run(self) -> None:
        beater = threading.Thread(target=self._beat_until_stopped, name="beat", daemon=True)
        beat(self.worker_id)
        beater.start()
        # It dies with the process: a long task goes on where it was, with the next worker.
        threading.Thread(target=self.beside.run_on, name="long", daemon=True).start()
        try:
            super().run()
        finally:
            self.beside.running = False
            self.stopped.set()
            WorkerHeartbeat.objects.filter(worker_id=self.worker_id).delete()

    def _beat_until_stopped(self) -> None:
        while not self.stopped.wait(self.beat_seconds):
            close_old_connections()
            for job in (lambda: beat(self.worker_id), reap, enqueue_due, forget_finished):
                try:
                    job()
                except Exception as error:  # noqa: BLE001  the clock goes on when one job fails
                    logger.error("The worker's clock failed: %s", type(error).__name__)


def keep_frames_only(task: DBTaskResult[Any, Any]) -> None:
    """Keep of a stored traceback where it happened; an exception's text may name a person."""
    frames = [line for line in task.traceback.splitlines() if line.startswith("  File ")]
    DBTaskResult.objects.filter(pk=task.pk).update(traceback="\n".join(frames))


def beat(worker_id: str) -> None:
    """Say that this worker lives."""
    WorkerHeartbeat.objects.update_or_create(
        worker_id=worker_id, defaults={"seen_at": timezone.now()}
    )


def give_back(task: DBTaskResult[Any, Any]) -> bool:
    """Put a task back into the queue for another attempt; False where its attempts are used up."""
    attempts = len(task.worker_ids)
    if attempts >= settings.TASK_MAX_ATTEMPTS:
        logger.error("Task %s of %s failed %d times.", task.id, task.task_path, attempts)
        return False
    DBTaskResult.objects.filter(pk=task.pk).update(
        status=TaskResultStatus.READY,
        run_after=timezone.now() + pause_before(attempts + 1),
        started_at=None,
        finished_at=None,
    )
    return True


def reap() -> int:
    """Give back the tasks of workers that no longer beat; return how many. Safe to call twice."""
    limit = timezone.now() - DEAD_AFTER
    alive = set(
        WorkerHeartbeat.objects.filter(seen_at__gte=limit).values_list("worker_id", flat=True)
    )
    reaped = 0
    with transaction.atomic():
        for task in DBTaskResult.objects.running().select_for_update(skip_locked=True):
            if task.worker_ids and task.worker_ids[-1] not in alive:
                if not give_back(task):
                    task.set_failed(RuntimeError("The worker stopped while it ran this task."))
                reaped += 1
        WorkerHeartbeat.objects.filter(seen_at__lt=limit - DEAD_AFTER).delete()
    return reaped


def enqueue_due() -> None:
    """Enqueue each periodic task that is due; among several workers, exactly one does."""
    now = timezone.now()
    for task_path, seconds in settings.PERIODIC_TASKS.items():
        run, _ = PeriodicRun.objects.get_or_create(task_path=task_path, defaults={"due_at": now})
        if run.due_at > now:
            continue
        with transaction.atomic():
            is_ours = PeriodicRun.objects.filter(task_path=task_path, due_at=run.due_at).update(
                due_at=now + timedelta(seconds=seconds)
            )
            waiting = DBTaskResult.objects.filter(
                task_path=task_path, status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING]
            )
            if is_ours and not waiting.exists():
                import_string(task_path).enqueue()


def forget_finished() -> None:
    """Delete the rows of tasks that finished long ago."""
    old = timezone.now() - KEEP_FINISHED
    DBTaskResult.objects.finished().filter(finished_at__lt=old).delete()
