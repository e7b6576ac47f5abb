"""Stamps: what has been done to the data folder already, so that a second start is quick."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders


def migrations_stamp() -> str:
    """Return a stamp of every migration's name and of the database it was applied to."""
    names = [
        f"{config.label}/{path.name}"
        for config in apps.get_app_configs()
        for path in (Path(config.path) / "migrations").glob("*.py")
    ]
    database = settings.DATABASES["default"]
    return stamp_of([*names, str(database["NAME"]), str(database.get("HOST", ""))])


def static_stamp() -> str:
    """Return a stamp of every static file's name, size and time."""
    files = []
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            files.append(f"{name}:{status.st_size}:{status.st_mtime_ns}")
    return stamp_of(files)


def stamp_of(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(parts)).encode()).hexdigest()


def is_stamped(name: str, stamp: str) -> bool:
    path = settings.DATA_DIR / "stamps" / name
    return path.exists() and path.read_text(encoding="ascii") == stamp


def write_stamp(name: str, stamp: str) -> None:
    path = settings.DATA_DIR / "stamps" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(stamp, encoding="ascii")
