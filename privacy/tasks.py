"""Work on data requests that nobody waits for; queue rows hold a request's number and no more."""

from django_tasks import task

from privacy import breaches, disclosures, expiry, services


@task()
def send_confirmation(request_id: int) -> None:
    """Mail the confirmation of a received request. Safe to run twice."""
    services.send_confirmation(request_id)


@task()
def run_request(request_id: int) -> None:
    """Export or erase. Safe to run twice, and after a crash."""
    services.run_request(request_id)


@task()
def send_outcome(request_id: int) -> None:
    """Mail the outcome and blank the address. Safe to run twice."""
    services.send_outcome(request_id)


@task()
def tell_of_grace(request_id: int) -> None:
    """Mail when an erasure begins and how to cancel it."""
    services.tell_of_grace(request_id)


@task()
def sweep_expired() -> None:
    """End, delete and take up again whatever its time has come for. Safe to run twice."""
    expiry.sweep_expired()


@task()
def keep_registers() -> None:
    """Tell officers of running clocks, and delete entries whose time is over. Safe to run twice."""
    breaches.escalate()
    breaches.forget_breaches()
    disclosures.forget_disclosures()
