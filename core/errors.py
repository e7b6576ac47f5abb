"""The base of every error that a service raises."""

from typing import Any

from django.utils.functional import Promise


class CMSError(Exception):
    """A rule was not met, and a person or a client is to be told.

    `code` is stable and documented. `message` is a translated sentence that says what to do
    next. `data` holds what a client may need, never personal data. Services raise subclasses
    from their room's errors.py and know no HTTP; edges translate.
    """

    code = "error"
    message: str | Promise = ""

    def __init__(
        self, message: str | Promise | None = None, *, code: str | None = None, **data: Any
    ) -> None:
        self.code = code or self.code
        self.message = message or self.message
        self.data = data
        super().__init__(self.code)

    def __str__(self) -> str:
        return str(self.message)
