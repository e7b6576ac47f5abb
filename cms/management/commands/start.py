"""`manage.py start`: everything from an empty folder to a running site, in one process."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import ERROR, CheckMessage, run_checks
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from cms import stamps
from cms.demo.load import demo_logins, load_demo, site_exists
from cms.server import PortTakenError, listen, serve_until_stopped


class Command(BaseCommand):
    """Prepare what is missing, then run web server and worker until Ctrl-C."""

    help = "Prepare the database, load the demo on an empty site, and serve web and worker."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        # What waits in a buffer would be written once more by every forked process.
        sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
        self.verify([each for each in run_checks() if each.level >= ERROR])
        try:
            listener = listen(settings.HOST, settings.PORT)
        except PortTakenError as error:
            raise CommandError(
                f"Port {settings.PORT} on {settings.HOST} cannot be used ({error}). Stop the "
                f"program that uses it, or choose another: make start PORT={settings.PORT + 1}"
            ) from None
        try:
            self.prepare()
        except PermissionError as error:
            raise CommandError(
                f"{error.filename} cannot be written. Make the data folder {settings.DATA_DIR} "
                "writable, or name another one in CMS_DATA_DIR."
            ) from None
        raise SystemExit(serve_until_stopped(listener, run_worker, self.tell))

    def prepare(self) -> None:
        """Bring database, static files and first content to where a site can be served."""
        for folder in (settings.DATA_DIR, settings.MEDIA_ROOT, settings.PRIVATE_ROOT):
            folder.mkdir(parents=True, exist_ok=True)
            if not os.access(folder, os.W_OK):
                raise PermissionError(13, "Permission denied", str(folder))
        migrations = stamps.migrations_stamp()
        database = settings.DATABASES["default"]
        file = Path(database["NAME"])
        is_new_file = "sqlite3" in database["ENGINE"] and not file.exists()
        if is_new_file and file.parent.is_dir():
            # It holds people's addresses; what SQLite puts beside it takes its mode.
            file.touch(mode=0o600)
        self.connect()
        if is_new_file or not stamps.is_stamped("migrations", migrations):
            self.stdout.write("Preparing the database …")
            call_command("migrate", verbosity=0, skip_checks=True)
            stamps.write_stamp("migrations", migrations)
        static = stamps.static_stamp()
        if not stamps.is_stamped("static", static):
            self.stdout.write("Collecting styles and scripts …")
            call_command("collectstatic", verbosity=0, interactive=False, skip_checks=True)
            stamps.write_stamp("static", static)
        if not site_exists():
            doing = "Writing the demo site …" if settings.DEMO else "Making an empty site …"
            self.stdout.write(doing)
            load_demo(with_content=settings.DEMO)
        guards = run_checks(tags=["database"], databases=["default"])
        self.verify(guards)

    def connect(self) -> None:
        try:
            connection.ensure_connection()
        except DatabaseError as error:
            reason = " ".join(str(error).split())
            raise CommandError(
                f"The database does not answer ({reason}). Check DATABASE_URL."
            ) from None

    def verify(self, findings: Sequence[CheckMessage]) -> None:
        """Stop with the findings' own words; a warning of a frozen row's guards is fatal here."""
        if findings:
            words = [f"{each.msg} {each.hint or ''}".strip() for each in findings]
            raise CommandError(" ".join(words))

    def tell(self) -> None:
        host = settings.HOST if settings.HOST not in {"0.0.0.0", "::"} else "127.0.0.1"  # noqa: S104
        url = f"http://{host}:{settings.PORT}/"
        lines = ["", f"Ready: {url}", f"Admin: {url}admin/"]
        logins = demo_logins()
        if logins:
            lines.append("Demo logins (made at the first start of this data folder):")
            lines += [
                f"  {login['username']:<10} {login['password']:<20} {login['role']}"
                for login in logins
            ]
        else:
            lines.append("Make the first administrator: .venv/bin/python manage.py createsuperuser")
        mails = getattr(settings, "EMAIL_FILE_PATH", None)
        lines.append(f"Mail:  {mails or settings.EMAIL_HOST}")
        lines.append("Stop:  Ctrl-C")
        self.stdout.write("\n".join(lines))


def run_worker() -> None:
    from cms.worker import CandourWorker  # its models need the app registry

    worker = CandourWorker()
    worker.configure_signals()
    worker.run()
