"""The main menu, one list per language."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from pages.models.tracked import Tracked


class MenuItem(Tracked):
    """One entry of the main menu; it leads to a page or to an address."""

    locale = models.ForeignKey("wagtailcore.Locale", models.CASCADE, verbose_name=_("language"))
    label = models.CharField(_("label"), max_length=60)
    page = models.ForeignKey(
        "wagtailcore.Page", models.CASCADE, null=True, blank=True, related_name="+",
        verbose_name=_("page"),
    )  # fmt: skip
    url = models.CharField(_("or address"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["locale", "position", "pk"]
        verbose_name = _("menu entry")
        verbose_name_plural = _("menu")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(page__isnull=False) | ~models.Q(url=""),
                name="menu_item_leads_somewhere",
                violation_error_message=_("Choose a page or give an address."),
            )
        ]

    def __str__(self) -> str:
        return self.label
