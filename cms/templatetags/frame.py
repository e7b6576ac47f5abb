"""The parts of the frame around every page, rendered once for each change of the site."""

from typing import Any

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from core.generations import PAGES, Kept

register = template.Library()
kept: Kept[str] = Kept(PAGES)


@register.simple_tag(takes_context=True)
def frame_part(context: Context, name: str) -> SafeString:
    """Return templates/frame/NAME.html, which shows the frame, the cart's badge and where one is.

    Nothing else may stand in such a part, since it is shown to the next visitor as well.
    """
    request, frame, cart = context.get("request"), context.get("frame"), context.get("cart")
    if not frame:
        return mark_safe("")
    path = request.path if request else ""
    here = next((item["url"] for item in frame["menu"] if item["url"] == path), "")
    badge = (cart.url, cart.label) if cart else None

    def make() -> str:
        values: dict[str, Any] = {"frame": frame, "cart": cart if badge else None, "here": here}
        return render_to_string(f"frame/{name}.html", values)

    return mark_safe(kept.get((name, get_language(), here, badge), make))
