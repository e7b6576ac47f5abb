"""`manage.py scan_media [--fix]`: look for locations in what is stored already."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from media.scanning import Scan


class Command(BaseCommand):
    """Look through all stored files; with --fix, mend them. Goes on where it was stopped.

    Exits 0 where nothing is left to mend, 1 where something is.
    """

    help = "Find stored files that still hold a location or other hidden data, and mend them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--fix", action="store_true", help="strip what is found, in its place")
        parser.add_argument(
            "--restart", action="store_true", help="forget where the last one stopped"
        )
        parser.add_argument("--limit", type=int, help="stop after so many files, for now")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        limit = options["limit"]
        if limit is not None and limit < 1:
            raise CommandError(_("--limit must be at least 1."), returncode=2)
        scan = Scan(is_fixing=options["fix"], restart=options["restart"])
        if scan.was_kept:
            self.stderr.write(_("Going on where the last scan stopped; --restart begins anew."))
        shows_progress = sys.stderr.isatty()
        for number in scan.run(limit):
            if shows_progress:
                self.stderr.write(f"\r{number}", ending="")
        if shows_progress:
            self.stderr.write("")
        if options["json"]:
            self.stdout.write(json.dumps(scan.report | {"is_done": scan.is_done}))
        else:
            self.tell(scan)
        if scan.has_findings:
            sys.exit(1)

    def tell(self, scan: Scan) -> None:
        report = scan.report
        for entry in report["files"]:
            what = entry["message"] or ", ".join(entry["removed"])
            self.stdout.write(f"{entry['code']:12} {entry['file']}: {what}")
        if report["files_left_off"]:
            self.stdout.write(_("… and %d more") % report["files_left_off"])
        self.stdout.write(
            _("%(looked_at)d files: %(with_location)d with a location, %(with_hidden_data)d with "
              "other hidden data, %(mended)d mended, %(refused)d that cannot be mended, "
              "%(missing)d missing.") % report
        )  # fmt: skip
        if report["mended"]:
            self.stdout.write(
                _("Copies of mended files may lie in a proxy or content network: purge them there.")
            )
        if not scan.is_done:
            self.stdout.write(_("Stopped at the limit; the next run goes on from here."))
