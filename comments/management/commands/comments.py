"""`manage.py comments retention`: let go of what is no longer needed, counted first."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from comments.services import retention


class Command(BaseCommand):
    """Keeps to the rules of retention, or counts with --dry-run what they would do."""

    help = "retention: let go of what is no longer needed; --dry-run counts it and changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["retention"])
        parser.add_argument("--dry-run", action="store_true", help="only count, change nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        outcomes = retention.measure(now) if options["dry_run"] else retention.keep_to_rules(now)
        if options["json"]:
            rules = [
                {
                    "rule": outcome.rule.identifier,
                    "days": outcome.rule.days(),
                    "due" if options["dry_run"] else "done": outcome.due,
                    "held": outcome.held,
                }
                for outcome in outcomes
            ]
            self.stdout.write(json.dumps({"dry_run": options["dry_run"], "rules": rules}))
            return
        for outcome in outcomes:
            held = f", {outcome.held} kept by a legal hold" if outcome.held else ""
            name, days = outcome.rule.verbose_name, outcome.rule.days()
            self.stdout.write(f"{outcome.due:>8}  {name} ({days} days){held}")
        self.stdout.write("Nothing was changed." if options["dry_run"] else "Done.")
