"""REST errors, with WordPress's codes, messages and statuses."""

from typing import Any


class RestError(Exception):
    """An answer that is an error: {"code", "message", "data": {"status", …}}."""

    def __init__(self, code: str, message: str, status: int, **data: Any) -> None:
        self.code = code
        self.message = message
        self.status = status
        self.data = data
        self.headers: dict[str, str] = {}
        super().__init__(code)
