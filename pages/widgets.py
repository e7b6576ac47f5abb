"""Fields of the admin's forms that Wagtail does not have."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from wagtail.admin.widgets import AdminAutoHeightTextInput


class BlockTextInput(AdminAutoHeightTextInput):
    """Block-editor text as it is written, with what it will look like below it."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        usual = {"rows": 4, "class": "block-text", "spellcheck": "false", "dir": "auto",
                 "style": "font-family: ui-monospace, monospace"}  # fmt: skip
        super().__init__({**usual, **(attrs or {})})

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        # Forms look for templates of fields in a place of their own.
        field = super().render(name, value, attrs, renderer)
        return render_to_string("pages/admin/block_text_input.html", {"field": field})
