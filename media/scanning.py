"""Looking through all stored files for what older uploads left, and mending it.

First the files that rows name, model by model, then whatever else lies in storage: old sizes,
parked uploads, copies that nothing names any more. One file is in memory at a time; where the
scan stands is kept after each batch, so that it goes on after a stop.
"""

import heapq
import os
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.core.files.storage import Storage, default_storage, storages
from django.db import transaction
from django.db.models import FileField, Model

from core.generations import PAGES, raise_generations
from media.errors import UploadRefusedError
from media.mending import TEMPORARY, look_at, mend, replace
from media.models import StorageScan
from media.stripping import DOCUMENTS, PICTURES, Stripped

BATCH = 50
NAMES_AT_ONCE = 1000
# How many files a report names; beyond, it only counts.
MOST_NAMED = 1000
COUNTS = ("looked_at", "with_location", "with_hidden_data", "mended", "refused", "missing")
FILES = "files"
EVERYTHING = PICTURES | DOCUMENTS
# What may change in a row whose file was mended.
CHANGED = frozenset({"file_hash", "file_size", "removed", "credit", "width", "height"})


def fresh_report() -> dict[str, Any]:
    return dict.fromkeys(COUNTS, 0) | {"files": [], "files_left_off": 0}


def file_fields() -> dict[str, FileField[Any, Any]]:
    """Return every model's field for public files, by a label that stays."""
    return {
        f"{model._meta.label}.{field.name}": field
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, FileField) and field.storage != storages["private"]
    }


class Scan:
    """One walk through all files, which may take several runs."""

    def __init__(self, *, is_fixing: bool, restart: bool = False) -> None:
        kept = StorageScan.objects.filter(is_fixing=is_fixing).order_by("-pk").first()
        if restart or kept is None:
            StorageScan.objects.all().delete()
            kept = StorageScan(is_fixing=is_fixing, report=fresh_report())
        self.row = kept
        self.was_kept = bool(kept.stage)
        self.fields = file_fields()
        self.batch_size = BATCH
        self.is_done = False

    @property
    def report(self) -> dict[str, Any]:
        report: dict[str, Any] = self.row.report
        return report

    @property
    def has_findings(self) -> bool:
        report = self.report
        left = report["with_location"] + report["with_hidden_data"] - report["mended"]
        return bool(left or report["refused"])

    def run(self, limit: int | None = None) -> Iterator[int]:
        """Walk on, and yield how many files were looked at, after each batch.

        With `limit` the walk stops after so many files, and goes on there the next time.
        """
        done = 0
        self.batch_size = min(BATCH, limit or BATCH)
        for stage, cursor, files in self.batches():
            for file in files:
                self.look(file)
            done += len(files)
            self.row.stage, self.row.cursor = stage, cursor
            with transaction.atomic():
                if self.row.is_fixing:
                    raise_generations(PAGES)
                self.row.save()
            yield self.report["looked_at"]
            if limit is not None and done >= limit:
                return
        self.row.delete()
        self.is_done = True

    def batches(self) -> Iterator[tuple[str, str, list[Any]]]:
        """Yield stage, cursor and files, from where the kept scan stands."""
        stages = [*sorted(self.fields), FILES]
        # A model that was taken out meanwhile has its files looked at with the rest.
        at = stages.index(self.row.stage) if self.row.stage in stages else 0
        cursor = self.row.cursor if self.row.stage in stages else ""
        for stage in stages[at:]:
            source = self.loose_files(cursor) if stage == FILES else self.rows(stage, cursor)
            for key, batch in source:
                yield stage, key, batch
            cursor = ""

    def rows(self, stage: str, cursor: str) -> Iterator[tuple[str, list[Any]]]:
        field = self.fields[stage]
        rows = field.model._default_manager.exclude(**{field.name: ""}).order_by("pk")
        last: Any = field.model._meta.pk.to_python(cursor) if cursor else None
        while True:
            found = list((rows if last is None else rows.filter(pk__gt=last))[: self.batch_size])
            if not found:
                return
            last = found[-1].pk
            yield str(last), [(row, field.name) for row in found]

    def loose_files(self, cursor: str) -> Iterator[tuple[str, list[Any]]]:
        names: list[str] = []
        for name in walk(default_storage, "", cursor.split("/") if cursor else []):
            names.append(name)
            if len(names) == self.batch_size:
                yield names[-1], self.unnamed(names)
                names = []
        if names:
            yield names[-1], self.unnamed(names)

    def unnamed(self, names: list[str]) -> list[str]:
        """Return those names that no row names."""
        named: set[str] = set()
        for field in self.fields.values():
            rows = field.model._default_manager.filter(**{f"{field.name}__in": names})
            named.update(rows.values_list(field.name, flat=True))
        return [name for name in names if name not in named]

    def look(self, file: "tuple[Model, str] | str") -> None:
        """Look at one file, mend it if asked to, and count."""
        report = self.report
        report["looked_at"] += 1
        name = file if isinstance(file, str) else getattr(*file).name
        try:
            if self.row.is_fixing:
                stripped = mend_loose(name) if isinstance(file, str) else mend_row(*file)
            else:
                stripped = see(file, name)
        except UploadRefusedError as error:
            report["refused"] += 1
            self.tell({"file": name, "code": error.code, "message": str(error), "removed": []})
        except FileNotFoundError:
            report["missing"] += 1
        except OSError as error:
            report["refused"] += 1
            message = error.strerror or type(error).__name__
            self.tell({"file": name, "code": "unreadable", "message": message, "removed": []})
        else:
            if stripped is not None:
                self.count(name, stripped)

    def count(self, name: str, stripped: Stripped) -> None:
        kinds = [part.what for part in stripped.removed]
        has_location = "location" in kinds
        self.report["with_location" if has_location else "with_hidden_data"] += 1
        if self.row.is_fixing:
            self.report["mended"] += 1
        code = "location" if has_location else "hidden_data"
        self.tell({"file": name, "code": code, "message": "", "removed": kinds})

    def tell(self, entry: dict[str, Any]) -> None:
        if len(self.report["files"]) < MOST_NAMED:
            self.report["files"].append(entry)
        else:
            self.report["files_left_off"] += 1


def see(file: "tuple[Model, str] | str", name: str) -> Stripped | None:
    if isinstance(file, str):
        return look_at(default_storage, name, EVERYTHING)
    field_file = getattr(*file)
    return look_at(field_file.storage, name, getattr(field_file, "accept", EVERYTHING))


def mend_loose(name: str) -> Stripped | None:
    stripped = look_at(default_storage, name, EVERYTHING)
    if stripped is not None and replace(default_storage, name, stripped) != name:
        default_storage.delete(name)
    return stripped


def mend_row(row: Any, field_name: str) -> Stripped | None:
    file = getattr(row, field_name)
    old = file.name
    stripped: Stripped | None = row.adopt() if hasattr(row, "adopt") else mend(file)
    if stripped is not None:
        columns = {field.name for field in row._meta.concrete_fields}
        row.save(update_fields=[field_name, *(CHANGED & columns)])
        if file.name != old:
            file.storage.delete(old)
    return stripped


def walk(storage: Storage, folder: str, after: list[str]) -> Iterator[str]:
    """Yield the names of all files below a folder, in order, those behind `after` alone.

    However many there are, NAMES_AT_ONCE of a folder are in memory.
    """
    last, is_first = (after[0], True) if after else ("", False)
    while True:
        chunk = heapq.nsmallest(
            NAMES_AT_ONCE,
            (entry for entry in entries(storage, folder)
             if entry[0] > last or (is_first and entry[0] == last)),
        )  # fmt: skip
        if not chunk:
            return
        for name, is_folder in chunk:
            path = f"{folder}/{name}" if folder else name
            resumes = is_first and name == last
            if is_folder:
                yield from walk(storage, path, after[1:] if resumes else [])
            elif not resumes:
                yield path
        last, is_first = chunk[-1][0], False


def entries(storage: Storage, folder: str) -> Iterable[tuple[str, bool]]:
    """Yield name of each entry of a folder, and whether it is a folder."""
    try:
        path = storage.path(folder)
    except NotImplementedError:
        folders, files = storage.listdir(folder)
        yield from ((name, True) for name in folders)
        yield from ((name, False) for name in files)
        return
    if not os.path.isdir(path):
        return
    with os.scandir(path) as found:
        for entry in found:
            if not entry.name.startswith(TEMPORARY):
                yield entry.name, entry.is_dir(follow_symlinks=False)
