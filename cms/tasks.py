"""The project's own work that nobody waits for."""

from django_tasks import task

from cms import mail_folder


@task()
def forget_mails() -> None:
    """Delete what has lain in the mail folder for long enough. Safe to run twice."""
    mail_folder.forget_old()
