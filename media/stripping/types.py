"""What stripping takes and gives."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Limits:
    """Bounds that a file must keep; a walk never goes past them.

    `scaled_pixels` bounds a JPEG that decoders can scale down while they read it, and `pixels` any
    other picture. `frame_pixels` bounds frames times pixels of an animation. `parts` counts
    segments, chunks, blocks, boxes, items and elements. `inflated` bounds every compressed text or
    profile.
    """

    bytes: int = 100 * 1024 * 1024
    pixels: int = 178_000_000
    scaled_pixels: int = 250_000_000
    frames: int = 10_000
    frame_pixels: int = 20_000_000_000
    parts: int = 100_000
    directories: int = 2_000
    directory_entries: int = 2_000
    depth: int = 24
    inflated: int = 4 * 1024 * 1024
    text_length: int = 2_000


@dataclass(frozen=True)
class Removed:
    """One kind of thing that was taken out, and how many bytes it had.

    `what` is one of the kinds in media.stripping.harvest. A kind may have 0 bytes where they
    are counted with the block that held it.
    """

    what: str
    bytes: int


@dataclass(frozen=True)
class Credit:
    """Who made a picture and who owns it, as the file said; kept in the file and for the form."""

    creator: str = ""
    copyright: str = ""
    credit: str = ""
    terms: str = ""
    web_statement: str = ""
    licence: str = ""

    def line(self) -> str:
        """Return one line for a credit field."""
        return self.credit or " · ".join(
            dict.fromkeys(filter(None, (self.creator, self.copyright)))
        )


@dataclass(frozen=True)
class Stripped:
    """A file without what it hid.

    `width` and `height` are those of the stored pixels (0 for a PDF, and for an SVG without a
    size); `frames` is 1 for a still picture, the number of pages for TIFF and PDF.
    """

    data: bytes
    container: str
    width: int
    height: int
    frames: int = 1
    removed: tuple[Removed, ...] = field(default=())
    credit: Credit = field(default=Credit())


@dataclass(frozen=True)
class Walked:
    """What a walker hands back: the new bytes and what the header said."""

    data: bytes
    width: int
    height: int
    frames: int = 1
