"""`manage.py restore DIR`: bring a backup back; erasures made since are to be replayed then."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from cms.backup.errors import BackupError, DamagedError
from cms.backup.restoring import Restoring
from cms.backup.taking import PRIVATE, UPLOADS


class Command(BaseCommand):
    """Exits 0 done, 1 failed with nothing changed, 2 wrong usage."""

    help = "Bring a backup back. The site does not start before personal_data replay has run."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument(
            "--replace", action="store_true", help="take the place of the content that is here"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        shows_progress = sys.stderr.isatty()
        try:
            restoring = Restoring(options["folder"], replaces=options["replace"])
            for number in restoring.run():
                if shows_progress:
                    self.stderr.write(f"\r{number}", ending="")
        except BackupError as error:
            if isinstance(error, DamagedError):
                for name in error.data["files"]:
                    self.stderr.write(name)
            raise CommandError(str(error), returncode=2 if error.is_usage else 1) from None
        except OSError as error:
            raise CommandError(
                _("%(path)s cannot be written (%(reason)s). Run the same command again.")
                % {"path": error.filename, "reason": error.strerror},
                returncode=1,
            ) from None
        made = restoring.manifest
        report = {
            "folder": str(restoring.folder),
            "made_at": made.made_at,
            "engine": made.engine,
            "uploads": len(list(made.below(UPLOADS))),
            "private": len(list(made.below(PRIVATE))),
            "removed_files": restoring.removed,
            "replay_is_due": True,
            "warnings": [
                {"code": code, "message": message} for code, message in restoring.warnings
            ],
        }
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
            return
        for _code, message in restoring.warnings:
            self.stderr.write(message)
        self.stdout.write(
            _("The site is as it was at %(made_at)s: %(uploads)d uploads and %(private)d private "
              "files; %(removed_files)d newer files were removed.") % report
        )  # fmt: skip
        self.stdout.write(
            _("Now run manage.py migrate, then manage.py personal_data replay: before that, the "
              "site does not start.")
        )  # fmt: skip
