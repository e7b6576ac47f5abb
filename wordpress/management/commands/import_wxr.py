"""`manage.py import_wxr FILE…`: bring a WordPress site in from its export."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from wordpress.importing.report import Fate
from wordpress.importing.running import Options, Outcome, import_files, no_progress


class Command(BaseCommand):
    """Import WXR files. Safe to run again: only what is new or has changed there comes in.

    Exits 0 where everything was brought in or is reported, 1 where a file could not be read to its
    end or a record failed, 2 for wrong usage.
    """

    help = "Import a WordPress export (WXR 1.0 to 1.2): posts, pages, comments, files and the rest."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
        parser.add_argument("--media-dir", type=Path, help="the former site's wp-content/uploads")
        parser.add_argument(
            "--media-host", action="append", default=[], metavar="HOST",
            help="a further host that files may be fetched from; may be given several times",
        )  # fmt: skip
        parser.add_argument("--no-media", action="store_true", help="leave files out")
        parser.add_argument("--dry-run", action="store_true", help="report, and change nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        for path in options["files"]:
            if not path.is_file():
                raise CommandError(_("%s is no file.") % path, returncode=2)
        if options["media_dir"] is not None and not options["media_dir"].is_dir():
            raise CommandError(_("%s is no folder.") % options["media_dir"], returncode=2)
        shows_progress = sys.stderr.isatty()
        outcome = import_files(
            options["files"],
            Options(
                media_dir=options["media_dir"],
                media_hosts=options["media_host"],
                with_media=not options["no_media"],
                is_dry_run=options["dry_run"],
            ),
            self.show if shows_progress else no_progress,
        )
        if shows_progress:
            self.stderr.write("")
        if options["json"]:
            self.stdout.write(json.dumps(outcome.as_json()))
        else:
            self.tell(outcome)
        if outcome.has_failed:
            sys.exit(1)

    def show(self, stage: str, done: int, total: int) -> None:
        if done % 20 == 0 or done == total:
            self.stderr.write(f"\r{stage} {done}/{total}   ", ending="")

    def tell(self, outcome: Outcome) -> None:
        for problem in outcome.report.problems:
            self.stdout.write(f"{problem.item}: {problem.message} ({problem.code})")
        if outcome.report.problems_left_off:
            self.stdout.write(_("… and %d more") % outcome.report.problems_left_off)
        for subject, counts in outcome.report.counts.items():
            if sum(counts.values()):
                told = ", ".join(f"{counts[fate]} {fate}" for fate in Fate if counts[fate])
                self.stdout.write(f"{subject:12} {told}")
        for offer in outcome.offers:
            self.stdout.write(
                _("Page %(page)d “%(title)s” looks like a policy of the kind %(kind)s. Bring it in "
                  "as one with import_policy, so that it has versions.") % vars(offer)
            )  # fmt: skip
