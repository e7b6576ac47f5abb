"""The one function through which every file goes."""

from collections.abc import Callable, Collection

from media.stripping.bmff import strip_bmff
from media.stripping.errors import (
    EmptyFileError,
    StrippingError,
    StumbledError,
    TooLargeError,
    UnknownTypeError,
)
from media.stripping.gif import strip_gif
from media.stripping.harvest import Harvest
from media.stripping.jpeg import strip_jpeg
from media.stripping.pdf import strip_pdf
from media.stripping.png import strip_png
from media.stripping.sniff import sniff
from media.stripping.svg import strip_svg
from media.stripping.tiff import strip_tiff
from media.stripping.types import Limits, Stripped, Walked
from media.stripping.verify import verify
from media.stripping.webp import strip_webp

DEFAULT_LIMITS = Limits()
IN_SVG = frozenset({"jpeg", "png", "gif", "webp"})


def strip_svg_and_its_pictures(data: bytes, gathered: Harvest) -> Walked:
    """Strip an SVG; the pictures embedded in it go through the same walk and the same look."""

    def picture(embedded: bytes) -> Stripped:
        return strip(embedded, accept=IN_SVG, keep_camera=gathered.keep_camera,
                     limits=gathered.limits)  # fmt: skip

    return strip_svg(data, gathered, picture)


WALKERS: dict[str, Callable[[bytes, Harvest], Walked]] = {
    "jpeg": strip_jpeg,
    "png": strip_png,
    "webp": strip_webp,
    "gif": strip_gif,
    "tiff": strip_tiff,
    "heic": strip_bmff,
    "avif": strip_bmff,
    "svg": strip_svg_and_its_pictures,
    "pdf": strip_pdf,
}
DOCUMENTS = frozenset({"pdf"})
PICTURES = frozenset(WALKERS) - DOCUMENTS


def strip(
    data: bytes,
    *,
    accept: Collection[str] = PICTURES,
    keep_camera: bool = False,
    limits: Limits = DEFAULT_LIMITS,
) -> Stripped:
    """Return a file without location, thumbnails, maker notes and whatever else it hides.

    The pixels are untouched. Orientation, colour, density and credit stay, written anew;
    `keep_camera` also keeps what describes camera, lens and exposure, and never a location.
    `accept` names the containers that are welcome: PICTURES, DOCUMENTS or any of their names.
    Stripping what is stripped gives the same bytes. Raises a StrippingError, whose `code` names
    the fault, where the file cannot be stripped or the second look finds anything.
    """
    stripped = strip_unseen(data, accept=accept, keep_camera=keep_camera, limits=limits)
    verify(
        stripped.container, Walked(stripped.data, stripped.width, stripped.height, stripped.frames)
    )
    return stripped


def strip_unseen(
    data: bytes,
    *,
    accept: Collection[str] = PICTURES,
    keep_camera: bool = False,
    limits: Limits = DEFAULT_LIMITS,
) -> Stripped:
    """Strip without the second look. For measuring alone: store nothing that comes from here."""
    if not data:
        raise EmptyFileError("The file is empty.")
    if len(data) > limits.bytes:
        raise TooLargeError("The file is too large.")
    container = sniff(data)
    walker = WALKERS.get(container)
    if walker is None or container not in accept:
        raise UnknownTypeError("The bytes are of no kind of file that is accepted here.")
    gathered = Harvest(limits, keep_camera=keep_camera)
    try:
        walked = walker(data, gathered)
    except StrippingError:
        raise
    except Exception as error:
        raise StumbledError("The file cannot be walked.") from error
    return Stripped(
        data=walked.data,
        container=container,
        width=walked.width,
        height=walked.height,
        frames=walked.frames,
        # What was written anew and came out the same was not taken away.
        removed=() if walked.data == data else gathered.removed(),
        credit=gathered.credit(),
    )
