"""What the cart has to say in policies: it holds nothing about a person."""

from django.utils.translation import gettext_lazy as _

from core.extensions.policies import PolicyFact, PolicyText
from plugins.cart.services import COOKIE_DAYS

CART_TEXT = PolicyText(
    identifier="cart.cookie",
    kind="cookies",
    heading={"en": "Cart", "zh-hans": "购物车"},
    text={
        "en": (
            "When you put something into the cart, a cookie with a random number finds it again "
            "for {{ cart.cookie_days }} days. It says nothing about you, and the cart is deleted with it."
        ),
        "zh-hans": (
            "当您把商品放入购物车时，一个仅含随机编号的 Cookie 会在 {{ cart.cookie_days }} 天内帮您找回购物车。"
            "它不包含任何关于您的信息，到期后购物车会一并删除。"
        ),
    },
)
COOKIE_FACT = PolicyFact(
    identifier="cart.cookie_days",
    verbose_name=_("Life of the cart's cookie"),
    unit="days",
    value=lambda: COOKIE_DAYS,
)
