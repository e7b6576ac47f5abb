"""Writing carts."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from core.tokens import hash_token, make_token
from plugins.cart.errors import ProductUnknownError, QuantityError
from plugins.cart.models import Cart, CartLine, Product

COOKIE_DAYS = 30
MOST_OF_ONE = 99


def find_cart(token: str) -> Cart | None:
    """Return the cart of a cookie's token while it has not expired."""
    if not token:
        return None
    carts = Cart.objects.filter(token_hash=hash_token(token), expires_at__gt=timezone.now())
    return carts.first()


def add_to_cart(token: str, slug: str, quantity: int) -> str:
    """Add pieces of a product; return the token of the cart, a new one where there was none.

    Raises ProductUnknownError or QuantityError, in which case nothing changes. Two additions at
    once both count: the line is locked.
    """
    product = listed_product(slug)
    with transaction.atomic():
        cart = find_cart(token)
        if cart is None:
            token = make_token()
            cart = Cart.objects.create(token_hash=hash_token(token), expires_at=end_of_life())
        else:
            Cart.objects.filter(pk=cart.pk).update(expires_at=end_of_life())
        Cart.objects.select_for_update().get(pk=cart.pk)
        line = CartLine.objects.filter(cart=cart, product=product).first()
        wanted = quantity + (line.quantity if line else 0)
        refuse_too_many(product, wanted)
        CartLine.objects.update_or_create(cart=cart, product=product, defaults={"quantity": wanted})
    return token


def set_quantity(token: str, slug: str, quantity: int) -> None:
    """Set how many of a product are in the cart; 0 takes it out. Safe to call twice."""
    cart = find_cart(token)
    if cart is None:
        return
    with transaction.atomic():
        Cart.objects.select_for_update().get(pk=cart.pk)
        line = CartLine.objects.filter(cart=cart, product__slug=slug).first()
        if line is None:
            return
        if quantity == 0:
            line.delete()
            return
        refuse_too_many(line.product, quantity)
        line.quantity = quantity
        line.save(update_fields=["quantity"])


def refuse_too_many(product: Product, wanted: int) -> None:
    most = min(product.stock, MOST_OF_ONE)
    if wanted > most:
        raise QuantityError.too_many(most)


def listed_product(slug: str) -> Product:
    """Return a product of the shop; ProductUnknownError where there is none."""
    product = Product.objects.filter(slug=slug, is_listed=True).first()
    if product is None:
        raise ProductUnknownError
    return product


def end_of_life() -> datetime:
    return timezone.now() + timedelta(days=COOKIE_DAYS)


def delete_expired() -> int:
    """Delete the carts whose cookie has expired; return how many. Safe to call twice."""
    return Cart.objects.filter(expires_at__lte=timezone.now()).delete()[0]
