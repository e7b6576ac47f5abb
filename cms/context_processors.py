"""What the base template needs around every page."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from core.extensions.cart import cart_provider
from core.extensions.site import site_provider


def frame(request: HttpRequest) -> dict[str, Any]:
    """Give templates the site's frame and the cart badge, each looked up only when used."""
    if request.path.startswith("/admin/"):
        return {}
    return {
        "frame": SimpleLazyObject(lambda: site_provider.get().frame(get_language() or "en")),
        "cart": SimpleLazyObject(
            lambda: cart_provider.get().summary(request) if cart_provider.is_filled() else None
        ),
    }
