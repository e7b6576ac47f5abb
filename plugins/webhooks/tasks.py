"""What the worker does for webhooks."""

from django.utils import timezone
from django_tasks import task

from plugins.webhooks import services


@task()
def deliver_due() -> None:
    """Deliver what is due; one endpoint that is slow or down keeps no other waiting for its retry.

    Safe to run twice and in several workers: each message is claimed before it is sent.
    """
    for delivery in services.due(timezone.now()):
        services.deliver(delivery)


@task()
def forget_old() -> None:
    """Delete the log of messages that ended long ago. Safe to run twice."""
    services.forget_old()
