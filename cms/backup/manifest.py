"""A backup's manifest: what it consists of, and whether that is still what was written.

The manifest is written last and replaced in one step, so that a folder has a whole backup or none.
It names the folder in which the data lies: a second backup into the same place writes beside the
first, and takes its place only when it is whole.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

from cms.backup.errors import NoBackupError

FORMAT = "candour-backup/1"
NAME = "manifest.json"
DATA_PREFIX = "candour-backup-"
CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class Member:
    """One file of a backup; `path` is relative to its data folder and has forward slashes."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup consists of.

    `engine` is the kind of database, `privacy_key` the mark of the key under which its pseudonyms
    were made, which does not tell the key.
    """

    made_at: str
    engine: str
    privacy_key: str
    data: str
    members: tuple[Member, ...]

    def below(self, folder: str) -> Iterator[Member]:
        """Yield the members below one of the data folder's own folders."""
        return (each for each in self.members if each.path.startswith(f"{folder}/"))

    @property
    def size(self) -> int:
        return sum(each.size for each in self.members)


def write(manifest: Manifest, folder: Path) -> None:
    """Make a backup whole: from now on its folder is one, even if the power fails."""
    partial = folder / f"{NAME}.part"
    with partial.open("w", encoding="utf-8") as opened:
        os.fchmod(opened.fileno(), 0o600)
        json.dump({"format": FORMAT, **asdict(manifest)}, opened, ensure_ascii=False, indent=1)
        opened.flush()
        os.fsync(opened.fileno())
    partial.replace(folder / NAME)
    sync_folder(folder)


def read(folder: Path) -> Manifest:
    """Return the manifest of a folder. NoBackupError where it has none that can be read."""
    try:
        held = json.loads((folder / NAME).read_text(encoding="utf-8"))
        if held.pop("format") != FORMAT:
            raise NoBackupError
        members = tuple(Member(**each) for each in held.pop("members"))
        manifest = Manifest(**held, members=members)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        raise NoBackupError from None
    if not all(map(is_inside, [manifest.data, *(each.path for each in members)])):
        raise NoBackupError
    return manifest


def is_inside(path: str) -> bool:
    """Tell whether a path of a manifest stays below the folder that it is relative to."""
    parts = PurePosixPath(path).parts
    return bool(parts) and not path.startswith("/") and ".." not in parts


def faults(manifest: Manifest, folder: Path) -> Iterator[str]:
    """Yield the path of each member that is missing or not what was written."""
    for each in manifest.members:
        path = folder / manifest.data / each.path
        try:
            if path.stat().st_size != each.size or hash_of(path) != each.sha256:
                yield each.path
        except OSError:
            yield each.path


def hash_of(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def copy(source: Path, target: Path) -> tuple[int, str]:
    """Copy a file so that the target has all of it or nothing; return size and SHA-256."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(".candour.part")
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as opened, partial.open("wb") as written:
        while chunk := opened.read(CHUNK_BYTES):
            digest.update(chunk)
            size += len(chunk)
            written.write(chunk)
        written.flush()
        os.fsync(written.fileno())
    partial.replace(target)
    return size, digest.hexdigest()


def sync_folder(folder: Path) -> None:
    """Have a folder's own entries on disk."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
