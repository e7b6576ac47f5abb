"""REST errors, with WordPress's codes, messages and statuses."""

from typing import Any


class RestError(Exception):
    """An answer that is an error: {"code", "message", "data": {"status", …}}.

    A few of WordPress's errors have `additional_data` beside these, and some no data at all.
    """

    def __init__(self, code: str, message: str, status: int, **data: Any) -> None:
        self.code = code
        self.message = message
        self.status = status
        self.data: dict[str, Any] | None = data
        self.additional_data: list[Any] = []
        self.headers: dict[str, str] = {}
        super().__init__(code)

    @classmethod
    def without_data(cls, code: str, message: str) -> "RestError":
        """Return an error to which WordPress gives no status: it answers 500 and no data."""
        error = cls(code, message, 500)
        error.data = None
        return error
