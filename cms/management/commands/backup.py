"""`manage.py backup DIR`: the whole site into a folder, but for the ledger of erasures."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from cms.backup.errors import BackupError
from cms.backup.taking import PRIVATE, UPLOADS, Taking


class Command(BaseCommand):
    """Exits 0 done, 1 failed, 2 wrong usage. The site may run meanwhile."""

    help = "Copy database, uploads and private files into a folder, whole or not at all."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        taking = Taking(options["folder"])
        shows_progress = sys.stderr.isatty()
        try:
            for number in taking.run():
                if shows_progress:
                    self.stderr.write(f"\r{number}", ending="")
        except BackupError as error:
            raise CommandError(str(error), returncode=2 if error.is_usage else 1) from None
        except OSError as error:
            raise CommandError(
                _("%(path)s cannot be written (%(reason)s).")
                % {"path": error.filename or taking.folder, "reason": error.strerror},
                returncode=1,
            ) from None
        made = taking.manifest
        assert made is not None  # noqa: S101  set by a run that ended
        report = {
            "folder": str(taking.folder),
            "made_at": made.made_at,
            "engine": made.engine,
            "uploads": len(list(made.below(UPLOADS))),
            "private": len(list(made.below(PRIVATE))),
            "bytes": made.size,
        }
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
            return
        self.stdout.write(
            _("%(folder)s: database, %(uploads)d uploads and %(private)d private files, "
              "%(bytes)d bytes. The ledger of erasures has a backup of its own.") % report
        )  # fmt: skip
