"""What of the shop stands in the way of cancelling an account: that it runs the shop.

Carts are no orders, and belong to a cookie and not to an account: they hold nobody back.
"""

from collections.abc import Iterator

from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from core.extensions.personal_data import Blocker, Condition, Subject

RUNS_THE_SHOP = "cart.change_product"


class ShopBlockers:
    """Accounts that may change what the shop sells."""

    identifier = "cart.shop"

    def blockers(self, subject: Subject) -> Iterator[Blocker]:
        user = get_user_model().objects.filter(pk=subject.user_id).first()
        if user is not None and user.has_perm(RUNS_THE_SHOP):
            yield Blocker(
                Condition.SHOP,
                "runs_the_shop",
                _("The account runs the shop."),
                _("Ask another administrator to take the shop from it."),
            )


SHOP_BLOCKERS = ShopBlockers()
