"""Taking what a file hides out of its bytes, without touching a pixel.

Pure: bytes in, bytes out, no framework. One module per container. What is kept is named
(orientation, colour, density, credit); everything else goes. Whatever cannot be walked to its
end is refused: a file is stored stripped or not at all. See README.md.
"""

from media.stripping.errors import LeakError, StrippingError
from media.stripping.sniff import EXTENSIONS, MIME_TYPES
from media.stripping.strip import DEFAULT_LIMITS, DOCUMENTS, PICTURES, strip
from media.stripping.types import Credit, Limits, Removed, Stripped

__all__ = [
    "DEFAULT_LIMITS",
    "DOCUMENTS",
    "EXTENSIONS",
    "MIME_TYPES",
    "PICTURES",
    "Credit",
    "LeakError",
    "Limits",
    "Removed",
    "Stripped",
    "StrippingError",
    "strip",
]
