"""What the cart holds: a random number in a cookie, and what was put in under it."""

from django.utils.translation import gettext_lazy as _

from core.extensions.data_inventory import (
    Activity,
    CookieUse,
    DataTable,
    Nobody,
    PrivacyClass,
    Task,
    harmless,
    personal,
)
from plugins.cart.provider import COOKIE
from plugins.cart.services import COOKIE_DAYS

CARTS = "cart.carts"
ACTIVITY = Activity(
    identifier=CARTS,
    verbose_name=_("Carts"),
    purpose=_("Finds again what a visitor put into the cart."),
    legal_basis=_("GDPR, article 6, paragraph 1(b): steps before a contract, as the visitor asks"),
    subjects=_("Visitors of the shop"),
    retention=_("Until the cart's cookie ends."),
    facts=("cart.cookie_days",),
)
CLOCK = Task("plugins.cart.tasks.delete_expired_carts")
UNKNOWN = Nobody("Only the visitor's own cookie leads to the cart, whose page shows it whole.")
SHOP = "What the shop sells."
TABLES = (
    DataTable("cart.product",
              harmless("slug name description price_minor currency image image_alt stock "
                       "is_listed position", SHOP)),
    DataTable(
        "cart.cart",
        personal("token_hash", PrivacyClass.PSEUDONYM, CARTS, exported=UNKNOWN, erased=CLOCK),
        personal("created_at expires_at", PrivacyClass.CONDUCT, CARTS,
                 exported=UNKNOWN, erased=CLOCK),
    ),
    DataTable(
        "cart.cartline",
        personal("cart product quantity", PrivacyClass.CONDUCT, CARTS,
                 exported=UNKNOWN, erased=CLOCK),
    ),
)  # fmt: skip
CART_COOKIE = CookieUse(
    identifier="cart.cart",
    names=lambda: (COOKIE,),
    purpose=_("Finds the cart again."),
    days=lambda: COOKIE_DAYS,
)
