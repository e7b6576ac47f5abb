"""`manage.py export_wxr [--output FILE]`: give the site out as WordPress's export file."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from wordpress.exporting.running import Export, no_progress
from wordpress.exporting.storing import store


class Command(BaseCommand):
    """Write the site as WXR 1.2, to a file or to standard output.

    Exits 0 where all of it was written, 1 where that failed, and then no part of it lies under the
    file's name; 2 for wrong usage. Safe to run again: a file of that name is replaced in one step.
    """

    help = "Export the site as WXR 1.2: posts, pages, comments, files' words, terms and menus."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--output", type=Path, metavar="FILE", help="where to write, else standard output"
        )
        parser.add_argument(
            "--json", action="store_true", help="print one JSON object; needs --output"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        target = options["output"]
        if options["json"] and target is None:
            raise CommandError(_("--json needs --output: both would write to standard output."),
                               returncode=2)  # fmt: skip
        if target is not None:
            refuse_places(target)
        self.stderr.write(
            _("The file holds people's names, mail addresses and network addresses. Keep it as "
              "safe as the database, and delete it when it has done its work.")
        )  # fmt: skip
        shows_progress = sys.stderr.isatty()
        export = Export(self.show if shows_progress else no_progress)
        try:
            size = self.write(export) if target is None else store(export.pieces(), target)
        except OSError as error:
            raise CommandError(_("The export could not be written: %s") % error.strerror) from error
        finally:
            if shows_progress:
                self.stderr.write("")
        if options["json"]:
            self.stdout.write(json.dumps({"file": str(target), "bytes": size, **export.counts}))
        elif target is not None:
            told = ", ".join(f"{number} {name}" for name, number in export.counts.items())
            self.stdout.write(f"{target}: {told}")

    def write(self, export: Export) -> int:
        size = 0
        for piece in export.pieces():
            self.stdout.write(piece, ending="")
            size += len(piece)
        self.stdout.flush()
        return size

    def show(self, stage: str, done: int, total: int) -> None:
        self.stderr.write(f"\r{stage} {done}/{total}   ", ending="")


def refuse_places(target: Path) -> None:
    """Raise where no export can be put: in no folder, or in place of what is no plain file."""
    if not target.parent.is_dir():
        raise CommandError(_("%s is no folder.") % target.parent, returncode=2)
    if target.is_symlink() or (target.exists() and not target.is_file()):
        raise CommandError(_("%s is there, and no plain file.") % target, returncode=2)
