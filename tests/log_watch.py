"""Watching what is logged: a line that holds a mail address fails the test that caused it."""

import logging
import re

from cms.logs import PlaceFormatter

ADDRESS = re.compile(r"[\w.+-]+(?:@|%40)(?:[\w-]+\.)+[^\W\d_]{2,}")


class AddressWatch(logging.Handler):
    """Keeps the lines with an address, as the site would write them, tracebacks included."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(PlaceFormatter("%(levelname)s %(name)s: %(message)s"))
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        line = self.format(record)
        if ADDRESS.search(line):
            self.found.append(line)
