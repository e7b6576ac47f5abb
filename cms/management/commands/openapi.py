"""`manage.py openapi`: the OpenAPI description of the REST API, for no site in particular."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from core.rest.declare import all_routes
from core.rest.openapi import describe
from core.rest.urls import PREFIX


class Command(BaseCommand):
    """Exits 0 done, 1 where the file cannot be written, 2 wrong usage."""

    help = "Print the OpenAPI 3.1 description of the REST API, or write it to a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--output", type=Path, metavar="FILE")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        found = describe(all_routes(), server=PREFIX, title="Candour")
        text = orjson.dumps(found, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        path = options["output"]
        if path is None:
            self.stdout.write(text.decode(), ending="")
            return
        try:
            path.write_bytes(text)
        except OSError as error:
            raise CommandError(
                _("%(path)s cannot be written (%(reason)s).")
                % {"path": path, "reason": error.strerror},
                returncode=1,
            ) from None
        report = {"file": str(path), "paths": len(found["paths"]), "bytes": len(text)}
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
            return
        self.stdout.write(_("%(file)s: %(paths)d paths, %(bytes)d bytes.") % report)
