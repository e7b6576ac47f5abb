"""`manage.py policies verify`: walk the chain of versions and name the first broken link."""

import json
from typing import Any

from django.core.checks import run_checks
from django.core.management.base import BaseCommand, CommandError, CommandParser

from pages.verification import first_broken_link


class Command(BaseCommand):
    """Verify that published policy texts are what they were."""

    help = "Verify the hash chain of policy versions and the guards that freeze them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["verify"])
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        checked, broken = first_broken_link()
        guards = [
            str(finding.msg) for finding in run_checks(tags=["database"], databases=["default"])
        ]
        if options["json"]:
            self.stdout.write(json.dumps({"checked": checked, "broken": broken, "guards": guards}))
        elif broken is None and not guards:
            self.stdout.write(f"{checked} versions are what they were.")
        if broken is not None or guards:
            sentences = [*guards]
            if broken:
                sentences.append(
                    f"{broken['policy']} version {broken['version']}: {broken['reason']}"
                )
            raise CommandError("" if options["json"] else " ".join(sentences))
