"""What stripping takes and gives."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Limits:
    """Bounds that a picture must keep; a walk never goes past them."""

    bytes: int = 30 * 1024 * 1024
    pixels: int = 100_000_000
    segments: int = 20_000
    directory_entries: int = 2_000
    text_length: int = 500


@dataclass(frozen=True)
class Removed:
    """One kind of thing that was taken out, and how many bytes it had.

    `what` is location, camera, thumbnail, description, pictures, comment or trailer.
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

    def line(self) -> str:
        """Return one line for a credit field."""
        return self.credit or " · ".join(
            dict.fromkeys(filter(None, (self.creator, self.copyright)))
        )


@dataclass(frozen=True)
class Stripped:
    """A picture without what it hid; width and height are those of the stored pixels."""

    data: bytes
    container: str
    width: int
    height: int
    removed: tuple[Removed, ...] = field(default=())
    credit: Credit = field(default=Credit())
