import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.test import override_settings
from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from cms.models import PeriodicRun, WorkerHeartbeat
from cms.worker import CandourWorker, beat, enqueue_due, reap

DATABASE_QUEUE = {
    "default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "long"]}
}
ROOT = Path(__file__).resolve().parents[2]
calls: list[str] = []
short_task_ran = threading.Event()


@task()
def fails_with_an_address() -> None:
    raise ValueError("nora@example.org could not be reached")


@task()
def counts() -> None:
    calls.append("called")


@task(queue_name="long")
def waits_for_the_short_one() -> None:
    calls.append("long" if short_task_ran.wait(60) else "alone")


@task()
def is_short() -> None:
    short_task_ran.set()


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


BESIDE = """
import threading, time
import django; django.setup()
from django.test import override_settings
from django_tasks_db.models import DBTaskResult
from cms.worker import CandourWorker
from tests.cms import test_worker as tasks

def stop():
    while DBTaskResult.objects.finished().count() < 2 and threading.main_thread().is_alive():
        time.sleep(0.1)
    worker.running = False

with override_settings(TASKS=tasks.DATABASE_QUEUE, PERIODIC_TASKS={}):
    tasks.waits_for_the_short_one.enqueue()
    tasks.is_short.enqueue()
    worker = CandourWorker(interval=0.05)
    threading.Thread(target=stop, daemon=True).start()
    worker.run()
    print(*tasks.calls)
"""


@pytest.mark.django_db(transaction=True)
def test_others_do_not_wait_for_a_long_task(shared):
    environment, _read = shared

    ended = subprocess.run(
        [sys.executable, "-c", BESIDE], env=environment, cwd=ROOT, capture_output=True, text=True,
        timeout=300,
    )  # fmt: skip

    assert (ended.returncode, ended.stdout) == (0, "long\n"), ended.stderr
