"""Writing an export to a file that is there whole or not at all, and is its owner's alone."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile


def store(pieces: Iterable[str], target: Path) -> int:
    """Write text to a file and return its bytes. Only the owner may read it.

    A file of that name is replaced in one step, after all was written; whatever fails before
    leaves it as it was, and nothing else behind. Raises OSError.
    """
    size = 0
    # The folder's own file system: there alone a file takes another's place in one step.
    with NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as file:
        try:
            # The temporary file has this mode from its first moment; said here, it is a promise.
            os.fchmod(file.fileno(), 0o600)
            for piece in pieces:
                size += file.write(piece.encode())
            file.flush()
            os.fsync(file.fileno())
            os.replace(file.name, target)
        except BaseException:
            with suppress(OSError):
                os.unlink(file.name)
            raise
    settle(target.parent)
    return size


def settle(folder: Path) -> None:
    """Have the folder remember its new entry through a power cut, where it can be asked to."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
