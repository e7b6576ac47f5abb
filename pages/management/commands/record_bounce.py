"""`manage.py record_bounce EMAIL --kind hard|soft`: note what a mail system reports."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from pages.notices import BOUNCE_KINDS, record_bounce


class Command(BaseCommand):
    """Records a bounce; exits 0 done, 1 no notice was sent to this address, 2 wrong usage."""

    help = "Record that a mail to an address bounced; a hard bounce becomes a notice on the site."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--kind", required=True, choices=BOUNCE_KINDS)
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            validate_email(options["email"])
        except ValidationError:
            raise CommandError(
                "This is no mail address. It looks like name@example.org.", returncode=2
            ) from None
        found = record_bounce(options["email"], options["kind"])
        if options["json"]:
            self.stdout.write(json.dumps({"kind": options["kind"], "notices": found}))
        elif found:
            self.stdout.write(f"Recorded for {found} notices.")
        if not found:
            raise CommandError("" if options["json"] else "No notice was sent to this address.")
