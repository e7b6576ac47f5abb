"""Why a picture is refused. Codes are stable; edges translate them."""


class StrippingError(Exception):
    """A picture cannot be stripped safely, so it must not be stored."""

    code = "damaged"

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


class UnknownTypeError(StrippingError):
    """The bytes are of no container that we know."""

    code = "unknown_type"


class NotSupportedYetError(StrippingError):
    """The container is known, but nothing strips it yet."""

    code = "not_supported_yet"


class DamagedError(StrippingError):
    """The container cannot be walked to its end."""

    code = "damaged"


class TooLargeError(StrippingError):
    """The file has more bytes than the limit."""

    code = "too_large"


class TooManyPixelsError(StrippingError):
    """The picture has more pixels than the limit."""

    code = "too_many_pixels"


class TooManySegmentsError(StrippingError):
    """The picture is built from more parts than the limit."""

    code = "too_many_segments"


class LeakError(StrippingError):
    """The independent re-read found something in the result that should be gone."""

    code = "location_left"
