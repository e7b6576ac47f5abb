"""What the worker does for the cart."""

from django_tasks import task

from plugins.cart.services import delete_expired


@task()
def delete_expired_carts() -> None:
    """Delete the carts whose cookie has expired. Safe to run twice."""
    delete_expired()
