"""`manage.py strip_images SRC DST`: strip a folder of images without storing any."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from media.errors import UploadRefusedError
from media.stripping import StrippingError, strip


class Command(BaseCommand):
    """Write every strippable file of SRC into DST under the same name; list what is refused."""

    help = "Strip every file of a folder into another; refused files are listed, not written."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", type=Path)
        parser.add_argument("destination", type=Path)
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        source, destination = options["source"], options["destination"]
        if not source.is_dir():
            raise CommandError(
                f"{source} is no folder. Name the folder with the images.", returncode=2
            )
        if destination.exists() and destination.samefile(source):
            raise CommandError(
                "SRC and DST are one folder. Name another one for DST.", returncode=2
            )
        destination.mkdir(parents=True, exist_ok=True)
        stripped, refused = [], []
        for path in sorted(path for path in source.iterdir() if path.is_file()):
            try:
                result = strip(path.read_bytes())
            except StrippingError as error:
                sentence = str(UploadRefusedError.from_stripping(error))
                refused.append({"file": path.name, "code": error.code, "message": sentence})
                continue
            (destination / path.name).write_bytes(result.data)
            stripped.append(path.name)
        if options["json"]:
            self.stdout.write(json.dumps({"stripped": stripped, "refused": refused}))
            return
        for name in stripped:
            self.stdout.write(f"stripped  {name}")
        for refusal in refused:
            self.stdout.write(f"refused   {refusal['file']}: {refusal['message']}")
