"""Reusable blocks: content that several posts show by reference, as in WordPress's editor."""

from collections.abc import Iterable

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pages.models.tracked import Tracked


class ReusableBlock(Tracked):
    """A piece of block-editor text; a post refers to it by `<!-- wp:block {"ref":ID} /-->`.

    Texts show it while it is published.
    """

    class Status(models.TextChoices):
        """WordPress's statuses but for the scheduled one."""

        PUBLISH = "publish", _("Published")
        DRAFT = "draft", _("Draft")
        PENDING = "pending", _("Waiting for review")
        PRIVATE = "private", _("Private")
        TRASH = "trash", _("In the trash")

    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(_("slug"), max_length=200, allow_unicode=True, blank=True)
    raw_content = models.TextField(
        _("text"), blank=True,
        help_text=_("As the block editor writes it. What changes here changes in every text that "
                    "shows the block."),
    )  # fmt: skip
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.PUBLISH,
        help_text=_("Only a published block is shown in the texts that refer to it."),
    )  # fmt: skip
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("reusable block")
        verbose_name_plural = _("reusable blocks")

    def __str__(self) -> str:
        return self.title

    @classmethod
    def texts_of(cls, keys: Iterable[int]) -> dict[int, str]:
        """Return the texts of published blocks by key; the others are left out."""
        rows = cls.objects.filter(pk__in=keys, status=cls.Status.PUBLISH)
        return dict(rows.values_list("pk", "raw_content"))
