"""How the site writes its logs: with numbers of rows, and nothing that people wrote."""

import logging
import traceback
from copy import copy
from types import TracebackType

from django.core.exceptions import SuspiciousOperation

ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None]


class PlaceFormatter(logging.Formatter):
    """Writes of an exception its kind and where it happened: its text may name a person.

    Of a request that was refused, such as a form of too many fields, no place in the code tells
    anything: that is one line.
    """

    def format(self, record: logging.LogRecord) -> str:
        record = copy(record)
        # Another formatter leaves the whole text of the exception with the record.
        record.exc_text = None
        return super().format(record)

    def formatException(self, ei: ExceptionInfo | tuple[None, None, None]) -> str:
        if isinstance(ei[1], SuspiciousOperation):
            return ""
        lines: list[str] = []
        error: BaseException | None = ei[1]
        while error is not None:
            frames = traceback.extract_tb(error.__traceback__)
            places = [f'  File "{each.filename}", line {each.lineno}, in {each.name}'
                      for each in frames]  # fmt: skip
            lines[:0] = [*places, type(error).__qualname__]
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(lines)
