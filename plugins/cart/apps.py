"""Wiring of the cart."""

from django.utils.translation import gettext_lazy as _

from core.plugins import PluginConfig, PluginMeta


class CartConfig(PluginConfig):
    name = "plugins.cart"
    label = "cart"
    verbose_name = _("Cart")
    plugin = PluginMeta(name="Cart", version="1.0", url_prefix="cart/")
