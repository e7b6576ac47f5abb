"""Images and documents, whose file fields strip location before a byte is stored."""

from typing import Any

from django.db import models, transaction
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import (
    AbstractImage,
    AbstractRendition,
    SourceImageIOError,
    get_rendition_storage,
    get_rendition_upload_to,
    get_upload_to,
)

from core.generations import PAGES, raise_generations
from core.signals import image_changed
from media.attachments import Attachment, is_named_past_the_field
from media.fields import StrippedContent, StrippedDocumentField, StrippedImageField
from media.kinds import mime_type_of
from media.mending import mend
from media.numbers import NumberedKey, NumberField
from media.renditions import UNREADABLE
from media.stripping import Removed, Stripped

LONGEST_CREDIT = 500


def as_rows(removed: tuple[Removed, ...]) -> list[dict[str, Any]]:
    return [{"what": part.what, "bytes": part.bytes} for part in removed]


def stripped_of(file: Any) -> Stripped | None:
    """Return what stripping did to a file that is on its way to storage."""
    content = getattr(file, "_file", None)
    return content.stripped if isinstance(content, StrippedContent) else None


class LibraryNumber(models.Model):
    """What numbers of pictures and documents are drawn from; it has no rows."""

    def __str__(self) -> str:
        return str(self.pk)


class SiteImage(AbstractImage, Attachment):
    """An image of the site's library.

    The stored bytes hold no location; hash and size are those of the stored bytes.
    `description` is the alternative text; where `is_decorative`, it is empty on purpose.
    `sizes` has WordPress's named sizes as they lie in storage, and `alternatives` the same picture
    in other formats, by format, the smallest first. A "jpeg" among them stands in for an original
    that browsers do not show.
    """

    id = NumberedKey(primary_key=True)
    file = StrippedImageField(
        verbose_name=_("file"), upload_to=get_upload_to, width_field="width", height_field="height"
    )
    description = models.TextField(_("alternative text"), blank=True, default="")
    is_decorative = models.BooleanField(
        _("decorative"),
        default=False,
        help_text=_("The picture says nothing that a reader who cannot see it would miss."),
    )
    credit = models.CharField(_("credit"), max_length=LONGEST_CREDIT, blank=True)
    sizes = models.JSONField(default=dict, editable=False)
    alternatives = models.JSONField(default=dict, editable=False)

    admin_form_fields = ("title", "file", "description", "is_decorative", "caption", "credit",
                         "collection", "tags", "focal_point_x", "focal_point_y",
                         "focal_point_width", "focal_point_height")  # fmt: skip

    @cached_property
    def mime_type(self) -> str:
        return mime_type_of(self.file.name)

    def generate_rendition_file(self, filter: Any, *, source: Any = None) -> Any:
        """Say of pixels that cannot be read what Wagtail's screens and tags expect to be told."""
        try:
            return super().generate_rendition_file(filter, source=source)
        except UNREADABLE as error:
            raise SourceImageIOError(f"Image {self.pk} cannot be read.") from error

    def get_upload_to(self, filename: str) -> str:
        folder, _slash, name = super().get_upload_to(filename).rpartition("/")
        # Of signs that have no likeness among the first 128, the extension alone is left.
        return f"{folder}/file{name}" if name.startswith(".") else f"{folder}/{name}"

    @property
    def default_alt_text(self) -> str:
        return "" if self.is_decorative else super().default_alt_text

    def take_from(self, stripped: Stripped) -> None:
        """Remember what was removed, and the credit where the file gave one and nobody else."""
        self.removed = as_rows(stripped.removed)
        self.credit = self.credit or stripped.credit.line()[:LONGEST_CREDIT]

    def _set_image_file_metadata(self) -> None:
        self.file.strip_pending()
        if stripped := stripped_of(self.file):
            self.take_from(stripped)
        super()._set_image_file_metadata()

    def adopt(self) -> Stripped | None:
        """Strip the file that lies in storage already; None where nothing was to do."""
        stripped = mend(self.file)
        if stripped is not None:
            self.take_from(stripped)
            super()._set_image_file_metadata()
            self.file.close()
        return stripped

    def save(self, *args: Any, **kwargs: Any) -> None:
        if is_named_past_the_field(self):
            self.adopt()
        with transaction.atomic():
            if not self.slug:
                self.take_slug()
            if self.file and not self.file._committed:
                self._set_image_file_metadata()
                self.sizes, self.alternatives = {}, {}
            super().save(*args, **kwargs)
            raise_generations(PAGES)
            image_changed.send(SiteImage, image_id=self.pk)
        self._stored_name = self.file.name

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        with transaction.atomic():
            raise_generations(PAGES)
            return super().delete(*args, **kwargs)


class SiteRendition(AbstractRendition):
    """A size of an image, made from stripped bytes, that carries nothing but pixels and colour."""

    file = StrippedImageField(
        upload_to=get_rendition_upload_to, storage=get_rendition_storage,
        width_field="width", height_field="height",
    )  # fmt: skip
    image = models.ForeignKey(SiteImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("image", "filter_spec", "focal_point_key"), name="unique_rendition"
            )
        ]

    def adopt(self) -> Stripped | None:
        """Strip the file that lies in storage already; None where nothing was to do."""
        return mend(self.file)


class SiteDocument(AbstractDocument, Attachment):
    """A document of the site's library: a PDF without what its program wrote of its author.

    `number` is its id in wp/v2/media, where an image's is its key.
    """

    number = NumberField(unique=True, editable=False)
    file = StrippedDocumentField(verbose_name=_("file"), upload_to="documents")
    description = models.TextField(_("alternative text"), blank=True, default="")

    admin_form_fields = ("title", "file", "caption", "collection", "tags")

    def clean(self) -> None:
        """Stripping tells what the bytes are, and the name is made to say it."""

    def _set_document_file_metadata(self) -> None:
        self.file.strip_pending()
        if stripped := stripped_of(self.file):
            self.removed = as_rows(stripped.removed)
        super()._set_document_file_metadata()

    def adopt(self) -> Stripped | None:
        """Strip the file that lies in storage already; None where nothing was to do."""
        stripped = mend(self.file)
        if stripped is not None:
            self.removed = as_rows(stripped.removed)
            super()._set_document_file_metadata()
            self.file.close()
        return stripped

    def save(self, *args: Any, **kwargs: Any) -> None:
        if is_named_past_the_field(self):
            self.adopt()
        with transaction.atomic():
            if not self.slug:
                self.take_slug()
            if self.file and not self.file._committed:
                self._set_document_file_metadata()
            super().save(*args, **kwargs)
            raise_generations(PAGES)
        self._stored_name = self.file.name

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        with transaction.atomic():
            raise_generations(PAGES)
            return super().delete(*args, **kwargs)


class StorageScan(models.Model):
    """Where a scan of all stored files stands, so that it goes on after a stop.

    `stage` is the part that is being walked and `cursor` the last key of it that is done.
    """

    is_fixing = models.BooleanField()
    stage = models.CharField(max_length=40)
    cursor = models.TextField(blank=True)
    report = models.JSONField(default=dict)
    started_at = models.DateTimeField(auto_now_add=True)
    modified_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"Scan at {self.stage}"
