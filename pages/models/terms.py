"""Terms: the categories and tags of posts, in one table as in WordPress."""

from typing import Any
from uuid import uuid4

from django.db import models, transaction
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from pages.models.tracked import Tracked

CATEGORY, TAG = "category", "post_tag"


class Term(Tracked):
    """A word that posts are filed under; its slug is unique within its taxonomy."""

    taxonomy = models.CharField(max_length=32, editable=False)
    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("slug"), max_length=200, allow_unicode=True, blank=True)
    description = models.TextField(_("description"), blank=True)
    parent = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="children",
        verbose_name=_("parent"),
    )  # fmt: skip
    meta = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint("taxonomy", "slug", name="term_slug_unique_in_taxonomy")
        ]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.slug:
            self.slug = slugify(self.name, allow_unicode=True)
        if self.slug:
            super().save(*args, **kwargs)
            return
        # A name without letters and digits: as in WordPress, the term's number is its slug.
        with transaction.atomic():
            self.slug = uuid4().hex
            super().save(*args, **kwargs)
            number = str(self.pk)
            others = Term.objects.filter(taxonomy=self.taxonomy, slug=number).exclude(pk=self.pk)
            self.slug = f"{number}-{number}" if others.exists() else number
            super().save(update_fields=["slug"])

    def get_absolute_url(self) -> str:
        name = "pages:category" if self.taxonomy == CATEGORY else "pages:tag"
        return reverse(name, args=[self.slug])


class CategoryManager(models.Manager["Category"]):
    def get_queryset(self) -> models.QuerySet["Category"]:
        return super().get_queryset().filter(taxonomy=CATEGORY)


class Category(Term):
    """A term with a place in a tree."""

    objects = CategoryManager()

    class Meta:
        proxy = True
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.taxonomy = CATEGORY
        super().save(*args, **kwargs)


class TagManager(models.Manager["Tag"]):
    def get_queryset(self) -> models.QuerySet["Tag"]:
        return super().get_queryset().filter(taxonomy=TAG)


class Tag(Term):
    """A term without a parent."""

    objects = TagManager()

    class Meta:
        proxy = True
        verbose_name = _("tag")
        verbose_name_plural = _("tags")

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.taxonomy = TAG
        super().save(*args, **kwargs)
