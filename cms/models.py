"""What the background workers share: who is alive, and what runs by the clock."""

from django.db import models


class WorkerHeartbeat(models.Model):
    """A worker that said at `seen_at` that it lives."""

    worker_id = models.CharField(max_length=64, primary_key=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.worker_id


class PeriodicRun(models.Model):
    """When a periodic task is due next; whichever worker moves `due_at` on enqueues it."""

    task_path = models.CharField(max_length=200, primary_key=True)
    due_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.task_path
