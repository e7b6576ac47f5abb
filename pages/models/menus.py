"""Menus: lists of links, one of them the main menu of each language."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale

from pages.models.terms import Term
from pages.models.tracked import Tracked

NAV_MENU = "nav_menu"
MAIN = "main"
FOLLOWABLE = {"", "http", "https", "mailto", "tel"}


class MenuManager(models.Manager["Menu"]):
    def get_queryset(self) -> models.QuerySet["Menu"]:
        return super().get_queryset().filter(taxonomy=NAV_MENU)

    def main(self, language: str) -> "Menu":
        """Return the menu that every page in a language shows; it is made where it is not there."""
        slug = main_slug(language)
        name = "Main menu" if slug == MAIN else f"Main menu ({language})"
        return self.get_or_create(slug=slug, defaults={"name": name})[0]


class Menu(Term):
    """A list of links. As in WordPress it is a term, and its entries are filed under it."""

    objects = MenuManager()

    class Meta:
        proxy = True
        verbose_name = _("menu")
        verbose_name_plural = _("menus")

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.taxonomy = NAV_MENU
        super().save(*args, **kwargs)


def main_slug(language: str) -> str:
    """Return the slug of a language's main menu."""
    return MAIN if language == settings.LANGUAGE_CODE else f"{MAIN}-{language}"


def is_followable(url: str) -> bool:
    """Tell whether a link leads somewhere and runs nothing, as javascript: would."""
    try:
        return urlsplit(url.strip()).scheme.lower() in FOLLOWABLE
    except ValueError:
        return False


class MenuItem(Tracked):
    """One entry of a menu; it leads to a page, to the posts of a term, or to an address.

    An entry that names no menu belongs to the main menu of its language.
    """

    locale = models.ForeignKey("wagtailcore.Locale", models.CASCADE, verbose_name=_("language"))
    menu = models.ForeignKey(
        Menu, models.CASCADE, null=True, blank=True, related_name="entries",
        verbose_name=_("menu"), help_text=_("Left empty, it is the main menu of the language."),
    )  # fmt: skip
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="children",
        verbose_name=_("below"),
    )  # fmt: skip
    label = models.CharField(_("label"), max_length=200)
    page = models.ForeignKey(
        "wagtailcore.Page", models.CASCADE, null=True, blank=True, related_name="+",
        verbose_name=_("page"),
    )  # fmt: skip
    term = models.ForeignKey(
        Term, models.CASCADE, null=True, blank=True, related_name="+",
        verbose_name=_("or category or tag"),
    )  # fmt: skip
    url = models.CharField(_("or address"), max_length=500, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    hint = models.CharField(_("words shown over the link"), max_length=200, blank=True)
    description = models.TextField(_("description"), blank=True)
    opens_new_window = models.BooleanField(_("opens a new window"), default=False)
    css_classes = models.CharField(max_length=200, blank=True, editable=False)
    relation = models.CharField(max_length=200, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["locale", "position", "pk"]
        verbose_name = _("menu entry")
        verbose_name_plural = _("menu entries")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(page__isnull=False)
                | models.Q(term__isnull=False)
                | ~models.Q(url=""),
                name="menu_item_leads_somewhere",
                violation_error_message=_("Choose a page or a term, or give an address."),
            )
        ]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        super().clean()
        if not is_followable(self.url):
            raise ValidationError({"url": _("Give a web address, a path, mailto: or tel:.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.menu_id is None:
            self.menu = Menu.objects.main(Locale.objects.get(pk=self.locale_id).language_code)
        super().save(*args, **kwargs)
