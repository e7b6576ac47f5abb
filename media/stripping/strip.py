"""The one function through which every picture goes."""

from media.stripping.errors import (
    NotSupportedYetError,
    TooLargeError,
    UnknownTypeError,
)
from media.stripping.jpeg import strip_jpeg
from media.stripping.sniff import sniff
from media.stripping.types import Limits, Stripped
from media.stripping.verify import verify

DEFAULT_LIMITS = Limits()
WALKERS = {"jpeg": strip_jpeg}


def strip(data: bytes, *, limits: Limits = DEFAULT_LIMITS) -> Stripped:
    """Return a picture without location, camera data, thumbnails and whatever else it hides.

    The pixels are untouched. Orientation, colour profile, density and credit stay, written
    anew. Stripping what is stripped gives the same bytes. Raises a StrippingError, whose `code`
    names the fault, where the picture cannot be stripped or the second look finds anything.
    """
    if len(data) > limits.bytes:
        raise TooLargeError("The file is too large.")
    container = sniff(data)
    if not container:
        raise UnknownTypeError("The bytes are of no picture that is known.")
    walker = WALKERS.get(container)
    if walker is None:
        raise NotSupportedYetError(f"A {container} cannot be stripped yet.")
    stripped = walker(data, limits)
    verify(stripped)
    return stripped
