"""What editors see of block-editor text: a panel without a script, and a preview for one."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_POST
from wagtail.admin.panels import Panel

from pages.rendering import render_text

RAW_KINDS = {"raw", "classic"}


class BlockTextPanel(Panel):
    """Shows, without a script, what the saved block-editor texts of a body look like.

    It is there for pages that have such texts, and changes nothing.
    """

    class BoundPanel(Panel.BoundPanel):
        template_name = "pages/admin/block_text_panel.html"

        def is_shown(self) -> bool:
            return super().is_shown() and any(True for _ in self.texts())

        def texts(self) -> Iterator[str]:
            for block in self.instance.body:
                if block.block_type in RAW_KINDS:
                    yield block.value
                elif block.block_type == "columns":
                    for column in block.value:
                        yield from (each.value for each in column if each.block_type == "raw")

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            return super().get_context_data(parent_context) | {
                "previews": [safe_html(text) for text in self.texts()]
            }


class ReusableTextPanel(BlockTextPanel):
    """The same for the text of a reusable block."""

    class BoundPanel(BlockTextPanel.BoundPanel):
        def texts(self) -> Iterator[str]:
            if self.instance.raw_content:
                yield self.instance.raw_content


def safe_html(text: str) -> SafeString:
    """Return block-editor text as HTML that was cleaned."""
    return mark_safe(render_text(text))


@require_POST
def preview_block_text(request: HttpRequest) -> HttpResponse:
    """Answer with what the text that was sent looks like; whoever may be in the admin may ask."""
    return HttpResponse(safe_html(request.POST.get("text", "")))
