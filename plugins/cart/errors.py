"""Errors of the cart."""

from django.utils.translation import gettext_lazy as _

from core.errors import CMSError


class ProductUnknownError(CMSError):
    """There is no such product in the shop."""

    code = "product_unknown"
    message = _("This product is no longer in the shop.")


class QuantityError(CMSError):
    """The quantity is no number from 1 on, or more than there is."""

    code = "quantity_invalid"

    @classmethod
    def too_many(cls, most: int) -> "QuantityError":
        if most == 0:
            return cls(_("This product is sold out."))
        return cls(_("There are %(most)d of these at most. Choose fewer.") % {"most": most})


class QuantityMissingError(QuantityError):
    """The quantity is no number."""

    message = _("Give a number from 0 to 99.")
