"""Why a file was not read, or not to its end."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import CMSError

SENTENCES: dict[str, str | Promise] = {
    "malformed": _("The file is damaged from here on; what stands before was read."),
    "declares_entities": _("The file declares entities, which no export does. It was not read on."),
    "outside_reference": _("The file refers to another file. It was not read on."),
    "nested_too_deeply": _("The file is nested deeper than any export. It was not read on."),
    "too_large": _("A single text in the file is larger than can be handled. It was not read on."),
    "not_wxr": _("This is no WordPress export: it has no channel."),
    "unreadable": _("The file cannot be read."),
}


class WXRError(CMSError):
    """A file cannot be read on; what was read before stands. `line` and `column` begin at 1."""

    def __init__(self, code: str, line: int = 0, column: int = 0) -> None:
        super().__init__(SENTENCES[code], code=code)
        self.line = line
        self.column = column
