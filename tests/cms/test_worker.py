from datetime import timedelta

import pytest
import time_machine
from django.test import override_settings
from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from cms.models import PeriodicRun, WorkerHeartbeat
from cms.worker import CandourWorker, beat, enqueue_due, reap

DATABASE_QUEUE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
calls: list[str] = []


@task()
def fails_with_an_address() -> None:
    raise ValueError("nora@example.org could not be reached")


@task()
def counts() -> None:
    calls.append("called")


@pytest.fixture(autouse=True)
def database_queue():
    calls.clear()
    with override_settings(TASKS=DATABASE_QUEUE):
        yield


def run_once(worker: CandourWorker) -> None:
    row = DBTaskResult.objects.ready().first()
    row.claim(worker.worker_id)
    worker.run_task(row)


@pytest.mark.django_db
def test_task_that_raises_is_tried_again_later():
    fails_with_an_address.enqueue()

    run_once(CandourWorker())

    row = DBTaskResult.objects.get()
    assert row.status == TaskResultStatus.READY
    assert row.run_after > timezone.now() + timedelta(seconds=5)


@pytest.mark.django_db
@override_settings(TASK_MAX_ATTEMPTS=2)
def test_task_whose_attempts_are_used_up_stays_failed():
    fails_with_an_address.enqueue()
    worker = CandourWorker()

    run_once(worker)
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        run_once(worker)

    assert DBTaskResult.objects.get().status == TaskResultStatus.FAILED


@pytest.mark.django_db
def test_queue_keeps_no_text_of_an_exception():
    fails_with_an_address.enqueue()

    run_once(CandourWorker())

    row = DBTaskResult.objects.get()
    assert "nora@example.org" not in row.traceback
    assert "fails_with_an_address" in row.traceback


@pytest.mark.django_db
def test_task_of_a_dead_worker_goes_back_to_the_queue():
    counts.enqueue()
    DBTaskResult.objects.get().claim("worker-that-was-killed")

    assert reap() == 1

    assert DBTaskResult.objects.get().status == TaskResultStatus.READY


@pytest.mark.django_db
def test_task_of_a_living_worker_is_left_alone():
    counts.enqueue()
    DBTaskResult.objects.get().claim("living")
    beat("living")

    assert reap() == 0

    assert DBTaskResult.objects.get().status == TaskResultStatus.RUNNING


@pytest.mark.django_db
def test_worker_that_stopped_beating_counts_as_dead():
    counts.enqueue()
    DBTaskResult.objects.get().claim("silent")
    beat("silent")
    WorkerHeartbeat.objects.update(seen_at=timezone.now() - timedelta(minutes=5))

    assert reap() == 1


@pytest.mark.django_db
@override_settings(PERIODIC_TASKS={"tests.cms.test_worker.counts": 60})
def test_periodic_task_is_enqueued_once_an_interval_whoever_asks():
    enqueue_due()
    enqueue_due()
    assert DBTaskResult.objects.count() == 1
    run_once(CandourWorker())

    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        enqueue_due()

    assert DBTaskResult.objects.count() == 2
    assert PeriodicRun.objects.get().due_at > timezone.now() + timedelta(seconds=60)
