"""Products, carts and their lines. Money is in minor units: pence, cents, fen."""

from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.generations import PRODUCTS, raise_generations


class Product(models.Model):
    """Something that can be put into a cart."""

    slug = models.SlugField(_("name in addresses"), max_length=120, unique=True)
    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    price_minor = models.PositiveIntegerField(_("price in pence or cents"))
    currency = models.CharField(_("currency"), max_length=3, default="GBP")
    image = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL, models.SET_NULL, null=True, blank=True,
        related_name="+", verbose_name=_("picture"),
    )  # fmt: skip
    image_alt = models.CharField(_("its alternative text"), max_length=300, blank=True)
    stock = models.PositiveIntegerField(_("in stock"), default=0)
    is_listed = models.BooleanField(_("shown in the shop"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("product")
        verbose_name_plural = _("products")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            super().save(*args, **kwargs)
            raise_generations(PRODUCTS)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        with transaction.atomic():
            raise_generations(PRODUCTS)
            return super().delete(*args, **kwargs)


class Cart(models.Model):
    """A visitor's cart, known by the hash of a random token in their cookie and nothing else."""

    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"cart {self.pk}"


class CartLine(models.Model):
    """So many of one product in a cart."""

    cart = models.ForeignKey(Cart, models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, models.CASCADE, related_name="+")
    quantity = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint("cart", "product", name="cart_line_per_product")]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.product_id}"

    @property
    def total_minor(self) -> int:
        """Return what the line costs."""
        return self.quantity * self.product.price_minor
