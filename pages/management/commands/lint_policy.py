"""`manage.py lint_policy FILE`: find faults in the text of a policy before it is brought in."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from pages.checking import findings_in_file
from pages.errors import PolicyImportError
from pages.importing import read_file
from pages.linting import ERROR, row_of
from pages.models.policies import PolicyKind


class Command(BaseCommand):
    """Check a text, Markdown or HTML file; it exits 1 where a finding is an error."""

    help = "Find faults in the text of a policy: text, Markdown or HTML. It changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--kind", default="", choices=PolicyKind.values,
                            help="what it has to say depends on its kind")  # fmt: skip
        parser.add_argument("--locale", default="", help="guessed from the text when left out")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            text = read_file(path)
        except PolicyImportError as error:
            raise CommandError(str(error), returncode=2) from error
        findings = findings_in_file(text, path.name, kind=options["kind"], locale=options["locale"])
        if options["json"]:
            self.stdout.write(json.dumps({"findings": list(map(row_of, findings))}))
        else:
            for each in findings:
                self.stdout.write(f"{path}:{each.line} {each.severity} {each.code} {each.message}")
        if any(each.severity == ERROR for each in findings):
            sys.exit(1)
