"""Fields of the admin's forms that Wagtail does not have."""

from typing import Any

from wagtail.admin.widgets import AdminAutoHeightTextInput


class BlockTextInput(AdminAutoHeightTextInput):
    """Block-editor text as it is written, in letters of one width."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        usual = {"rows": 4, "class": "block-text", "spellcheck": "false", "dir": "auto"}
        super().__init__({**usual, **(attrs or {})})
