"""Stripping what lies in storage already: it came in before stripping did, or past the site."""

import os
import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import Any

from django.core.files.storage import Storage

from media.fields import StrippedContent, named_for, strip_bytes
from media.stripping import DOCUMENTS, PICTURES, Stripped

# How the names of files begin that are written beside the one that they will replace.
TEMPORARY = ".mending-"


def look_at(storage: Storage, name: str, accept: Collection[str]) -> Stripped | None:
    """Return a stored file stripped, or None where it is stripped already.

    Raises UploadRefusedError where it cannot be stripped, and OSError where it cannot be read.
    """
    with storage.open(name, "rb") as file:
        data = file.read()
    stripped = strip_bytes(data, accept)
    return None if stripped.data == data else stripped


def replace(storage: Storage, name: str, stripped: Stripped) -> str:
    """Put stripped bytes in a stored file's place and return the name that they have now.

    On a disk the name stays, and whoever reads meanwhile gets the old file or the new one. A
    store without paths gets the bytes under a new name; the caller deletes the old file when
    nothing refers to it any more.
    """
    try:
        path = Path(storage.path(name))
    except NotImplementedError:
        return storage.save(named_for(name, stripped.container), StrippedContent(stripped, name))
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=TEMPORARY)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(stripped.data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, path.stat().st_mode & 0o777)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return name


def mend(file: Any) -> Stripped | None:
    """Strip the stored file of a model's field; the caller saves the row.

    Returns what was done, or None where nothing was to do.
    """
    old = file.name
    stripped = look_at(file.storage, old, getattr(file, "accept", PICTURES | DOCUMENTS))
    if stripped is not None:
        file.close()
        file.name = replace(file.storage, old, stripped)
    return stripped
