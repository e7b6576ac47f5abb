"""What a stored file is, by its name: stored names tell what the bytes are (media.fields)."""

from pathlib import PurePath

from media.stripping import EXTENSIONS, MIME_TYPES

BY_EXTENSION = {extension: MIME_TYPES[container] for container, extensions in EXTENSIONS.items()
                for extension in extensions}  # fmt: skip

UNKNOWN = "application/octet-stream"


def mime_type_of(name: str) -> str:
    """Return the media type of a stored file."""
    return BY_EXTENSION.get(PurePath(name).suffix.lower(), UNKNOWN)
