"""Taking what a picture hides out of its bytes, without touching a pixel.

Pure: bytes in, bytes out, no framework. One module per container. What is kept is named
(orientation, colour, density, credit); everything else goes. Whatever cannot be walked to its
end is refused: a picture is stored stripped or not at all.
"""

from media.stripping.errors import LeakError, StrippingError
from media.stripping.strip import DEFAULT_LIMITS, strip
from media.stripping.types import Credit, Limits, Removed, Stripped

__all__ = [
    "DEFAULT_LIMITS",
    "Credit",
    "LeakError",
    "Limits",
    "Removed",
    "Stripped",
    "StrippingError",
    "strip",
]
