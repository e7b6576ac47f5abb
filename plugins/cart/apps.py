"""Wiring of the cart."""

from django.utils.translation import gettext_lazy as _

from core.plugins import PluginConfig, PluginMeta


class CartConfig(PluginConfig):
    name = "plugins.cart"
    label = "cart"
    verbose_name = _("Cart")
    plugin = PluginMeta(name="Cart", version="1.0", url_prefix="cart/")

    def ready(self) -> None:
        # Models need the app registry.
        from core.extensions.cart import cart_provider
        from core.extensions.data_inventory import activities, cookie_uses, data_tables
        from core.extensions.personal_data import account_blockers
        from core.extensions.policies import policy_facts, policy_texts
        from plugins.cart.blockers import SHOP_BLOCKERS
        from plugins.cart.data_inventory import ACTIVITY, CART_COOKIE, TABLES
        from plugins.cart.policy_text import CART_TEXT, COOKIE_FACT
        from plugins.cart.provider import ShopCart

        cart_provider.provide(ShopCart())
        account_blockers.register(SHOP_BLOCKERS)
        policy_texts.register(CART_TEXT)
        policy_facts.register(COOKIE_FACT)
        activities.register(ACTIVITY)
        cookie_uses.register(CART_COOKIE)
        for table in TABLES:
            data_tables.register(table)
