"""What pictures and documents of the library have in common."""

from typing import Any

from django.db import models
from django.utils.crypto import get_random_string
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from core.statements import wait_turn
from media.removed import removed_words


class RemembersName:
    """A row that knows under which name its file was stored when it was read or saved."""

    _stored_name: str | None = None

    @classmethod
    def from_db(cls, db: Any, field_names: Any, values: Any) -> Any:
        row = super().from_db(db, field_names, values)  # type: ignore[misc]  # a model's
        row._stored_name = row.__dict__.get("file")
        return row


def is_named_past_the_field(row: Any) -> bool:
    """Tell whether somebody gave a row a file that was put into storage past its field."""
    if "file" in row.get_deferred_fields() or not row.file or not row.file._committed:
        return False
    name = row.file.name
    return name != row._stored_name and bool(row.file.storage.exists(name))


class Attachment(RemembersName, models.Model):
    """What a picture and a document of the library have in common with WordPress's attachments.

    `removed` says what stripping took out, for the editor, as [{"what", "bytes"}].
    """

    slug = models.SlugField(max_length=120, unique=True, editable=False)
    caption = models.TextField(_("caption"), blank=True)
    details = models.TextField(_("longer description"), blank=True)
    attached_to = models.ForeignKey(
        "wagtailcore.Page", models.SET_NULL, null=True, editable=False, related_name="+"
    )
    modified_at = models.DateTimeField(auto_now=True)
    removed = models.JSONField(default=list, editable=False)

    title: Any

    # Where a file hangs is no use of it.
    attached_to.wagtail_reference_index_ignore = True

    class Meta:
        abstract = True

    @property
    def removed_words(self) -> str:
        return removed_words(self.removed)

    def take_slug(self, wanted: str = "") -> None:
        """Give the row a slug that no picture and no document has, after `wanted` or its title.

        Nobody else is given it before the transaction ends, which is one that writes.
        """
        base = slugify(wanted or self.title)[:100] or "file"
        wait_turn(f"slug {base}")
        is_taken = any(
            model._base_manager.filter(slug=base)
            .exclude(pk=self.pk if isinstance(self, model) else None)
            .exists()
            for model in Attachment.__subclasses__()
        )
        self.slug = f"{base}-{get_random_string(6).lower()}" if is_taken else base
