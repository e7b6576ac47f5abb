"""The cart badge in the site's frame."""

from django.db.models import Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.extensions.cart import CartSummary
from plugins.cart.models import CartLine
from plugins.cart.services import find_cart

COOKIE = "candour_cart"


class ShopCart:
    """Answers core.extensions.cart."""

    cookie_name = COOKIE

    def summary(self, request: HttpRequest) -> CartSummary:
        cart = find_cart(request.COOKIES.get(COOKIE, ""))
        count = 0
        if cart is not None:
            lines = CartLine.objects.filter(cart=cart)
            count = lines.aggregate(total=Sum("quantity"))["total"] or 0
        label = (
            ngettext("%(count)d piece in your cart", "%(count)d pieces in your cart", count)
            % {"count": count}
            if count
            else _("Your cart is empty")
        )
        return CartSummary(count, label, reverse("cart:cart"), reverse("cart:shop"))
