"""The shop's pages and the cart. Nothing changes on GET."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from core.errors import CMSError
from core.extensions.pictures import pictures
from core.generations import PRODUCTS, depend_on
from core.origin import require_same_origin
from plugins.cart import services
from plugins.cart.errors import ProductUnknownError, QuantityMissingError
from plugins.cart.models import Product
from plugins.cart.money import format_money
from plugins.cart.provider import COOKIE


def shown(products: list[Product]) -> list[dict[str, Any]]:
    """Return products with pictures, looked up in one query, and prices."""
    found = pictures.get().get_many(product.image_id for product in products if product.image_id)
    return [
        {
            "product": product,
            "picture": found.get(product.image_id or 0),
            "price": format_money(product.price_minor, product.currency),
        }
        for product in products
    ]


def shop(request: HttpRequest) -> HttpResponse:
    """List the products."""
    depend_on(PRODUCTS)
    products = shown(list(Product.objects.filter(is_listed=True)))
    return render(request, "cart/shop.html", {"products": products})


def product(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one product."""
    depend_on(PRODUCTS)
    try:
        item = shown([services.listed_product(slug)])[0]
    except ProductUnknownError:
        raise Http404 from None
    return render(request, "cart/product.html", item)


@never_cache
def cart(request: HttpRequest, error: CMSError | None = None) -> HttpResponse:
    """Show the visitor's cart."""
    found = services.find_cart(request.COOKIES.get(COOKIE, ""))
    lines = list(found.lines.select_related("product")) if found else []
    items = shown([line.product for line in lines])
    currency = lines[0].product.currency if lines else ""
    context = {
        "lines": [
            item | {"line": line, "total": format_money(line.total_minor, line.product.currency)}
            for line, item in zip(lines, items, strict=True)
        ],
        "total": format_money(sum(line.total_minor for line in lines), currency) if lines else "",
        "cookie_days": services.COOKIE_DAYS,
        "error": error,
    }
    return render(request, "cart/cart.html", context, status=400 if error else 200)


def asked_quantity(request: HttpRequest) -> int:
    value = request.POST.get("quantity", "1").strip()
    if not (value.isascii() and value.isdigit() and len(value) < 4):
        raise QuantityMissingError
    return int(value)


# The shop's pages are cached without a token: the Origin header is checked instead.
@csrf_exempt
@require_POST
@never_cache
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """Put a product into the cart; the first one sets the cookie."""
    token = request.COOKIES.get(COOKIE, "")
    try:
        require_same_origin(request)
        token = services.add_to_cart(token, slug, max(asked_quantity(request), 1))
    except CMSError as error:
        return cart(request, error)
    response: HttpResponseRedirect = redirect("cart:cart")
    response.set_cookie(
        COOKIE, token, max_age=services.COOKIE_DAYS * 86_400, httponly=True, samesite="Lax",
        secure=settings.SECURE,
    )  # fmt: skip
    return response


@csrf_exempt
@require_POST
@never_cache
def update(request: HttpRequest, slug: str) -> HttpResponse:
    """Change how many of a product are in the cart."""
    try:
        require_same_origin(request)
        services.set_quantity(request.COOKIES.get(COOKIE, ""), slug, asked_quantity(request))
    except CMSError as error:
        return cart(request, error)
    return redirect("cart:cart")
