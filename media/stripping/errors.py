"""Why a file is refused. Codes are stable; edges translate them."""


class StrippingError(Exception):
    """A file cannot be stripped safely, so it must not be stored."""

    code = "damaged"

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


class UnknownTypeError(StrippingError):
    """The bytes are of no container that is accepted here."""

    code = "unknown_type"


class EmptyFileError(StrippingError):
    """The file has no bytes."""

    code = "empty"


class RawPhotoError(StrippingError):
    """A camera's raw file, whose picture depends on what would have to go."""

    code = "raw_photo"


class DamagedError(StrippingError):
    """The container cannot be walked to its end."""

    code = "damaged"


class StumbledError(DamagedError):
    """A walker stumbled over the file: a fault of the walker too, and a refusal all the same."""


class EncryptedError(StrippingError):
    """The file is locked, so that nobody can tell what it hides."""

    code = "encrypted"


class UnsafeError(StrippingError):
    """The file holds a construction whose only use here is an attack."""

    code = "unsafe"


class TooLargeError(StrippingError):
    """The file has more bytes than the limit."""

    code = "too_large"


class TooManyPixelsError(StrippingError):
    """The picture has more pixels than the limit."""

    code = "too_many_pixels"


class TooManyFramesError(StrippingError):
    """The animation has more frames, or frames times pixels, than the limit."""

    code = "too_many_frames"


class TooManyPagesError(StrippingError):
    """The document has more pages than the limit."""

    code = "too_many_pages"


class TooManyPartsError(StrippingError):
    """The file is built from more parts, or deeper, than the limit."""

    code = "too_many_parts"


class InflatedTooLargeError(StrippingError):
    """A compressed part grows past the limit when it is inflated."""

    code = "inflated_too_large"


class LeakError(StrippingError):
    """The independent re-read found something in the result that should be gone."""

    code = "location_left"
