"""`manage.py screen_comments`: try the local screening on the comments of a CSV file."""

import csv
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from comments.screening.features import Written
from comments.screening.measuring import Judged, measures
from comments.screening.trial import Trial

LABELS = {"spam": True, "1": True, "true": True, "ham": False, "0": False, "false": False}
COLUMNS = ("id", "score", "decision", "reasons")
LONGEST_FIELD = 10_000_000
PROGRESS_EVERY = 100


class Command(BaseCommand):
    """Score every row of a file with a model that starts empty; the site's own is not touched."""

    help = (
        "Screen the comments of a CSV file (columns id and text, and any of author, email, url, "
        "date, label) on an empty model of its own, and write id, score, decision and reasons."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--input", type=Path, required=True, help="the comments to screen")
        parser.add_argument("--output", type=Path, required=True, help="where the answers go")
        parser.add_argument("--train", type=Path, help="labelled comments to learn from first")
        parser.add_argument(
            "--online", action="store_true", help="learn each row's label after it was scored"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        source, target, train = options["input"], options["output"], options["train"]
        for path in filter(None, (source, train)):
            if not path.is_file():
                raise CommandError(f"{path} is no file. Name a CSV file.", returncode=2)
            if target.exists() and target.samefile(path):
                raise CommandError(
                    f"{target} is read already. Name another file for --output.", returncode=2
                )
        if not target.parent.is_dir() or target.is_dir():
            raise CommandError(f"{target} cannot be a file. Name another one.", returncode=2)
        trial = Trial()
        if train:
            for row in self.rows(train, needs_label=True):
                if (is_spam := label_of(row, train)) is not None:
                    trial.learn(written_of(row), is_spam)
        rows = list(self.rows(source, needs_label=options["online"]))
        tried, judged = [], []
        if not options["online"]:
            trial.settle()
        for number, row in enumerate(rows, 1):
            found = trial.screen(written_of(row))
            tried.append((row["id"], f"{found.score:.6f}", found.decision, found.reasons))
            is_spam = label_of(row, source)
            if is_spam is not None:
                judged.append(Judged(found.score, found.decision, is_spam))
                if options["online"]:
                    trial.learn(written_of(row), is_spam)
            if number % PROGRESS_EVERY == 0 and self.stderr.isatty():
                self.stderr.write(f"{number} of {len(rows)}", ending="\r")
        try:
            with target.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([COLUMNS, *tried])
        except OSError as error:
            raise CommandError(f"{target} cannot be written: {error.strerror}.") from error
        self.tell(Counter(decision for _, _, decision, _ in tried), trial, judged, options["json"])

    def rows(self, path: Path, *, needs_label: bool) -> Iterator[dict[str, str]]:
        """Yield the rows of a file. CommandError where it is no CSV or lacks a column."""
        csv.field_size_limit(LONGEST_FIELD)
        needed = ["id", "text", *(["label"] if needs_label else [])]
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                reader = csv.DictReader(file, restval="")
                missing = [name for name in needed if name not in (reader.fieldnames or ())]
                if missing:
                    raise CommandError(
                        f"{path} lacks the column {', '.join(missing)}. Its first line names the "
                        "columns, such as id,text,author,email,url,date,label.",
                        returncode=2,
                    )
                for row in reader:
                    yield {"line": str(reader.line_num), **{k: v for k, v in row.items() if k}}
        except UnicodeDecodeError as error:
            raise CommandError(f"{path} is not UTF-8. Save it so and try again.") from error
        except (OSError, csv.Error) as error:
            raise CommandError(f"{path} cannot be read as CSV: {error}.") from error

    def tell(
        self, decisions: Counter[str], trial: Trial, judged: list[Judged], as_json: bool
    ) -> None:
        summary = {
            "rows": decisions.total(),
            "learnt": trial.lessons,
            "decisions": {name: decisions[name] for name in ("publish", "hold", "spam", "discard")},
            "measures": measures(judged) if judged else None,
        }
        if as_json:
            self.stdout.write(json.dumps(summary))
            return
        self.stdout.write(f"{summary['rows']} comments screened, {trial.lessons} learnt from")
        for name, count in {**summary["decisions"], **(summary["measures"] or {})}.items():
            self.stdout.write(f"  {name.replace('_', ' ')}: {'none' if count is None else count}")


def written_of(row: dict[str, str]) -> Written:
    return Written(row["text"], row.get("author", ""), row.get("email", ""), row.get("url", ""))


def label_of(row: dict[str, str], path: Path) -> bool | None:
    """Return whether a row is labelled spam, None where it has no label."""
    label = row.get("label", "").strip().lower()
    if not label:
        return None
    if label not in LABELS:
        raise CommandError(
            f"{path}, line {row['line']}: the label {label[:40]!r} is neither spam nor ham."
        )
    return LABELS[label]
