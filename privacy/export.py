"""Exporting a person's data: a ZIP that a person can read and a program can load."""

import hashlib
import json
import logging
import tempfile
import uuid
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import storages
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.extensions.personal_data import (
    ExportedItem,
    PersonalDataProvider,
    Subject,
    personal_data_providers,
)
from core.extensions.site import site_provider
from privacy import export_page, export_table
from privacy.models import DataRequest, ExportFile, State

logger = logging.getLogger(__name__)

KEYS_PER_READ = 500
SCHEMA = Path(__file__).with_name("data.schema.json")


@dataclass
class Archive:
    """What an export found: items by provider, and the providers that raised."""

    items: dict[str, int] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)


class Parts:
    """The four renderings of an export, written side by side in one reading of the data."""

    def __init__(self, page: IO[str], data: IO[str], table: IO[str], groups: IO[str]) -> None:
        self.page, self.data, self.table, self.groups = page, data, table, groups

    def write(self, page: str = "", data: str = "", table: str = "", groups: str = "") -> None:
        self.page.write(page)
        self.data.write(data)
        self.table.write(table)
        self.groups.write(groups)


def export_subject(request: DataRequest) -> ExportFile:
    """Write everything that providers hold about a request's subject into private storage.

    Items stream from the providers to disk. A provider that raises is named in the archive and
    leaves the request partly failed; the others go on. Call it outside a transaction; called
    again it writes another file, which replaces the earlier one. At the end `request` holds
    the state that was reached.
    """
    request.state = State.RUNNING
    request.save(update_fields=["state", "touched_at"])
    now = timezone.now()
    # The temporary file has no name in the folder, so that a crash leaves nothing behind.
    with tempfile.TemporaryFile() as target, translation.override(request.locale):
        archive = write_archive(
            target, Subject(email=request.email), reference=str(request.uid), at=now
        )
        target.seek(0)
        sha256 = hashlib.file_digest(target, "sha256").hexdigest()
        size = target.tell()
        target.seek(0)
        name = storages["private"].save(f"exports/{uuid.uuid4()}.zip", File(target))
    with transaction.atomic():
        earlier = list(request.files.values_list("pk", flat=True))
        exported = ExportFile.objects.create(
            request=request,
            name=name,
            sha256=sha256,
            size=size,
            expires_at=now + timedelta(days=settings.PRIVACY_EXPORT_DAYS),
        )
        delete_files(earlier)
        request.reasons = [f"failed:{provider}" for provider in archive.failed]
        request.state = State.PARTLY_FAILED if archive.failed else State.COMPLETE
        request.completed_at = None if archive.failed else timezone.now()
        request.save()
    return exported


def delete_files(pks: list[int]) -> int:
    """Delete exports: the rows in the caller's transaction, the files when that is committed."""
    files = ExportFile.objects.filter(pk__in=pks)
    for name in files.values_list("name", flat=True):
        transaction.on_commit(partial(storages["private"].delete, name))
    return files.delete()[0]


def write_archive(target: IO[bytes], subject: Subject, *, reference: str, at: datetime) -> Archive:
    """Write the ZIP of a subject's data: index.html, data.json with its schema, data.csv and
    WordPress's export.json."""
    archive = Archive()
    identity = site_provider.get().identity()
    head = {
        "$schema": "data.schema.json",
        "format": "candour-personal-data/1",
        "reference": reference,
        "generated_at": at.isoformat(),
        "site": {"name": identity.name, "url": identity.url},
        "address": subject.email,
    }
    about = {
        "group_label": _("About"),
        "group_description": _("Overview of export report."),
        "items": {
            "about-1": [
                {"name": _("Report generated for"), "value": subject.email},
                {"name": _("For site"), "value": identity.name},
                {"name": _("At URL"), "value": identity.url},
                {"name": _("On"), "value": at.isoformat(timespec="seconds")},
            ]
        },
    }
    title = _("Personal data of %(address)s") % {"address": subject.email}
    with (
        temporary_text() as page,
        temporary_text() as data,
        temporary_text() as table,
        temporary_text() as groups,
    ):
        parts = Parts(page, data, table, groups)
        parts.write(
            page=export_page.opening(identity.name, subject.email, reference, at),
            data=to_json(head)[:-1] + ', "providers": [',
            table=export_table.OPENING,
            groups=f'{{{to_json(title)}: {{"about": {to_json(about)}',
        )
        for number, provider in enumerate(personal_data_providers):
            parts.write(data=", " if number else "")
            write_provider(parts, provider, subject, archive)
        parts.write(page=export_page.closing(), data="]}\n", groups="}}\n")
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
            for member, part in (
                ("index.html", page), ("data.json", data), ("data.csv", table),
                ("export.json", groups),
            ):  # fmt: skip
                add_member(packed, member, part, at)
            packed.write(SCHEMA, "data.schema.json")
    return archive


def write_provider(
    parts: Parts, provider: PersonalDataProvider, subject: Subject, archive: Archive
) -> None:
    identifier, name = provider.identifier, str(provider.verbose_name)
    count, is_complete = 0, True
    parts.write(
        page=export_page.section(identifier, name),
        data=f'{{"identifier": {to_json(identifier)}, "name": {to_json(name)}, "items": [',
        groups=f', {to_json(identifier)}: {{"group_label": {to_json(name)}, '
        f'"group_description": "", "items": {{',
    )
    try:
        for item in exported_items(provider, subject):
            encoded = to_json(dict(item.data))
            plain = json.loads(encoded)
            comma = ", " if count else ""
            listed = [{"name": key, "value": as_text(value)} for key, value in plain.items()]
            parts.write(
                page=export_page.item(item.key, plain),
                data=f'{comma}{{"key": {to_json(item.key)}, "data": {encoded}}}',
                table=export_table.rows(identifier, item.key, plain),
                groups=f"{comma}{to_json(f'{identifier}-{item.key}')}: {to_json(listed)}",
            )
            count += 1
    except Exception as error:  # noqa: BLE001  the boundary to strangers' code
        # The exception's text may hold personal data: its type and the provider must do.
        logger.error("Provider %s failed to export: %s", identifier, type(error).__name__)
        archive.failed.append(identifier)
        is_complete = False
    archive.items[identifier] = count
    parts.write(
        page=export_page.section_end(count, is_complete=is_complete),
        data=f'], "is_complete": {to_json(is_complete)}}}',
        groups="}}",
    )


def exported_items(provider: PersonalDataProvider, subject: Subject) -> Iterator[ExportedItem]:
    keys = provider.identities(subject)
    while batch := list(islice(keys, KEYS_PER_READ)):
        yield from provider.export(batch)


def to_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder)


def as_text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else to_json(value)


def temporary_text() -> IO[str]:
    return tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n")


def add_member(packed: zipfile.ZipFile, name: str, part: IO[str], at: datetime) -> None:
    part.flush()
    part.seek(0)
    info = zipfile.ZipInfo(name, at.timetuple()[:6])
    info.compress_type = zipfile.ZIP_DEFLATED
    with packed.open(info, "w", force_zip64=True) as member:
        while chunk := part.read(1 << 16):
            member.write(chunk.encode())
