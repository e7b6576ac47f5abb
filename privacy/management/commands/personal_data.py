"""What an operator does with one person's data: export it, erase it, and look for traces."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from privacy import services
from privacy.erasure import removed_by_provider, resolve, retained_items
from privacy.errors import PrivacyError
from privacy.export import write_archive
from privacy.forms import KEEP_TEXT_WARNING
from privacy.identity import subject_of
from privacy.models import Kind, State
from privacy.preview import preview
from privacy.replay import replay
from privacy.traces import find_traces


class Command(BaseCommand):
    """Exports, erases, sweeps, replays; exits 0 done, 1 failed or found, 2 wrong usage."""

    help = "Export or erase what is held about an address, look for traces, replay erasures."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        actions = parser.add_subparsers(dest="action", required=True)
        export = actions.add_parser("export", help="write a person's data into a ZIP")
        export.add_argument("email")
        export.add_argument("--output", required=True, type=Path)
        erase = actions.add_parser("erase", help="erase a person's data")
        erase.add_argument("email")
        erase.add_argument("--dry-run", action="store_true", help="only count what would go")
        erase.add_argument(
            "--keep-text",
            action="store_true",
            help="erase who wrote them and keep texts, under nobody's name",
        )
        sweep = actions.add_parser("sweep", help="look for words in every store")
        sweep.add_argument("words", nargs="+", metavar="TOKEN")
        sweep.add_argument(
            "--path", type=Path, action="append", default=[], help="another folder to look into"
        )
        replay = actions.add_parser(
            "replay", help="erase again what a restored backup brought back"
        )
        for action in (export, erase, sweep, replay):
            # Before the action or after it: both are usual.
            action.add_argument("--json", action="store_true", dest="json_after")

    def handle(self, *args: Any, **options: Any) -> None:
        self.as_json = options["json"] or options["json_after"]
        try:
            code = getattr(self, options["action"])(options)
        except PrivacyError as error:
            raise CommandError(str(error), returncode=2) from None
        if code:
            sys.exit(code)

    def export(self, options: dict[str, Any]) -> int:
        email = services.canonical_address(options["email"])
        output: Path = options["output"]
        try:
            with output.open("w+b") as target:
                output.chmod(0o600)
                archive = write_archive(
                    target, subject_of(email), reference="command", at=datetime.now(UTC)
                )
        except OSError as error:
            raise CommandError(
                f"{output} cannot be written ({error.strerror}). Name a file in a folder that "
                "exists and is yours.",
                returncode=2,
            ) from error
        self.tell({"file": str(output), "items": archive.items, "failed": archive.failed})
        return 1 if archive.failed else 0

    def erase(self, options: dict[str, Any]) -> int:
        if options["dry_run"]:
            subject = subject_of(services.canonical_address(options["email"]))
            keys, failed = resolve(subject)
            counts = {provider: len(found) for provider, found in keys.items()}
            kept = preview(subject).exceptions
            self.tell(
                {"dry_run": True, "would_erase": counts, "would_keep": kept, "failed": failed}
            )
            return 1 if failed else 0
        keeps_text = options["keep_text"]
        request = services.run_now(
            Kind.ERASURE, options["email"], settings.LANGUAGE_CODE, keeps_text=keeps_text
        )
        if keeps_text:
            self.stderr.write(str(KEEP_TEXT_WARNING))
        self.tell(
            {
                "request": str(request.uid),
                "state": request.state,
                "removed": removed_by_provider(request),
                "retained": retained_items(request),
                "reasons": request.reasons,
                "scrub": request.scrub,
            }
        )
        return 1 if request.state == State.PARTLY_FAILED else 0

    def sweep(self, options: dict[str, Any]) -> int:
        for folder in options["path"]:
            if not folder.is_dir():
                raise CommandError(f"{folder} is no folder.", returncode=2)
        found = [asdict(trace) for trace in find_traces(options["words"], folders=options["path"])]
        self.tell({"found": found})
        return 1 if found else 0

    def replay(self, options: dict[str, Any]) -> int:
        done = replay()
        self.tell(asdict(done))
        if done.other_key:
            self.stderr.write(
                f"{done.other_key} erasures were written under another PRIVACY_KEY and cannot be "
                "matched. Start with the key that the site had then."
            )
        return 0 if done.is_whole else 1

    def tell(self, report: dict[str, Any]) -> None:
        if self.as_json:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
            return
        for name, value in report.items():
            if isinstance(value, list):
                self.stdout.write(f"{name}: {len(value)}")
                for item in value:
                    shown = item.values() if isinstance(item, dict) else [item]
                    self.stdout.write("  " + "  ".join(map(str, shown)))
            elif isinstance(value, dict):
                self.stdout.write(f"{name}:")
                for key, inner in value.items():
                    self.stdout.write(f"  {key}: {inner}")
            else:
                self.stdout.write(f"{name}: {value}")
