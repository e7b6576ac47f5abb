"""The cart provider: what the site's frame shows of a shop, without knowing which."""

from dataclasses import dataclass
from typing import Protocol

from django.http import HttpRequest
from django.utils.functional import Promise

from core.extensions.registry import Slot


@dataclass(frozen=True)
class CartSummary:
    """The cart badge: how many pieces, what to say, where it leads, and the way to the shop."""

    count: int
    label: str | Promise
    url: str
    shop_url: str


class CartProvider(Protocol):
    """Summarises the visitor's cart; a visitor without a cart cookie costs no query.

    `cookie_name` lets the read cache pass by the answers of visitors who have a cart.
    """

    cookie_name: str

    def summary(self, request: HttpRequest) -> CartSummary: ...


cart_provider: Slot[CartProvider] = Slot("the cart")
