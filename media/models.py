"""Images, whose file field strips location before a byte is stored."""

from typing import Any

from django.db import models, transaction
from django.utils.crypto import get_random_string
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import AbstractImage, AbstractRendition, get_upload_to

from core.generations import PAGES, raise_generations
from core.signals import image_changed
from media.fields import StrippedContent, StrippedImageField
from media.kinds import mime_type_of

LONGEST_CREDIT = 500


class SiteImage(AbstractImage):
    """An image of the site's library.

    The stored bytes hold no location; hash and size are those of the stored bytes.
    `description` is the alternative text. `removed` says what stripping took out, for the
    editor, as [{"what", "bytes"}]. `sizes` has WordPress's named sizes as they lie in storage.
    """

    file = StrippedImageField(
        verbose_name=_("file"), upload_to=get_upload_to, width_field="width", height_field="height"
    )
    slug = models.SlugField(max_length=120, unique=True, editable=False)
    caption = models.TextField(_("caption"), blank=True)
    credit = models.CharField(_("credit"), max_length=LONGEST_CREDIT, blank=True)
    details = models.TextField(_("longer description"), blank=True)
    modified_at = models.DateTimeField(auto_now=True)
    removed = models.JSONField(default=list, editable=False)
    sizes = models.JSONField(default=dict, editable=False)

    admin_form_fields = ("title", "file", "description", "caption", "credit", "collection", "tags",
                         "focal_point_x", "focal_point_y", "focal_point_width",
                         "focal_point_height")  # fmt: skip

    @cached_property
    def mime_type(self) -> str:
        return mime_type_of(self.file.name)

    def _set_image_file_metadata(self) -> None:
        self.file.strip_pending()
        content = getattr(self.file, "_file", None)
        if isinstance(content, StrippedContent):
            stripped = content.stripped
            self.removed = [{"what": part.what, "bytes": part.bytes} for part in stripped.removed]
            self.credit = self.credit or stripped.credit.line()[:LONGEST_CREDIT]
        super()._set_image_file_metadata()

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.slug:
            base = slugify(self.title)[:100] or "image"
            taken = SiteImage.objects.filter(slug=base).exists()
            self.slug = f"{base}-{get_random_string(6).lower()}" if taken else base
        with transaction.atomic():
            if self.file and not self.file._committed:
                self._set_image_file_metadata()
                self.sizes = {}
            super().save(*args, **kwargs)
            raise_generations(PAGES)
            image_changed.send(SiteImage, image_id=self.pk)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        with transaction.atomic():
            raise_generations(PAGES)
            return super().delete(*args, **kwargs)


class SiteRendition(AbstractRendition):
    """A size of an image, made from stripped bytes."""

    image = models.ForeignKey(SiteImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("image", "filter_spec", "focal_point_key"), name="unique_rendition"
            )
        ]
