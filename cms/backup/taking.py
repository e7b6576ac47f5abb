"""Taking a backup: database, uploads, private files, and last the manifest that makes it one."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.crypto import get_random_string

from cms.backup import databases
from cms.backup.errors import FolderInsideError, FolderTakenError
from cms.backup.manifest import (
    DATA_PREFIX,
    NAME,
    Manifest,
    Member,
    copy,
    hash_of,
    sync_folder,
    write,
)
from privacy import ledger

UPLOADS, PRIVATE = "uploads", "private"


def stored_folders() -> dict[str, Path]:
    """Return the folders of files that belong to the site, by their name in a backup."""
    return {UPLOADS: Path(settings.MEDIA_ROOT), PRIVATE: Path(settings.PRIVATE_ROOT)}


class Taking:
    """One backup into a folder; `run` yields the number of files as it goes and sets `manifest`.

    The site may run meanwhile. The database is copied first, so that each file it names that still
    exists is in the backup as well. An earlier backup in the same folder is good until this one is
    whole, and then goes. FolderTakenError, FolderInsideError, or what cms.backup.databases raises.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.members: list[Member] = []
        self.manifest: Manifest | None = None

    def run(self) -> Iterator[int]:
        self.check()
        databases.check_tools()
        now = datetime.now(UTC)
        name = f"{DATA_PREFIX}{now:%Y%m%dT%H%M%SZ}-{get_random_string(6).lower()}"
        data = self.folder / name
        data.mkdir(mode=0o700, parents=True)
        dumped = databases.dump(data)
        self.members.append(Member(dumped.name, dumped.stat().st_size, hash_of(dumped)))
        for kind, stored in stored_folders().items():
            for source in files_below(stored):
                path = f"{kind}/{source.relative_to(stored).as_posix()}"
                try:
                    size, sha256 = copy(source, data / path)
                except FileNotFoundError:
                    # It went meanwhile, as an export does that was fetched.
                    continue
                self.members.append(Member(path, size, sha256))
                yield len(self.members)
        sync_folder(data)
        self.manifest = Manifest(
            made_at=now.isoformat(timespec="seconds"),
            engine=connection.vendor,
            privacy_key=ledger.key_id(),
            data=name,
            members=tuple(self.members),
        )
        write(self.manifest, self.folder)
        remove_others(self.folder, name)

    def check(self) -> None:
        for stored in stored_folders().values():
            if self.folder.is_relative_to(stored.resolve()):
                raise FolderInsideError
        if not self.folder.exists():
            self.folder.mkdir(mode=0o700, parents=True)
        names = [each.name for each in self.folder.iterdir()]
        if not all(is_ours(name) for name in names):
            raise FolderTakenError


def is_ours(name: str) -> bool:
    return name in {NAME, f"{NAME}.part"} or name.startswith(DATA_PREFIX)


def remove_others(folder: Path, name: str) -> None:
    """Remove earlier backups, and what was left of one that was never finished."""
    for each in folder.iterdir():
        if each.name.startswith(DATA_PREFIX) and each.name != name:
            shutil.rmtree(each)


def files_below(folder: Path) -> Iterator[Path]:
    """Yield every file below a folder, in the order of their names."""
    yield from (path for path in sorted(folder.rglob("*")) if path.is_file())
