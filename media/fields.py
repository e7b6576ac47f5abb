"""The file fields through which every stored byte passes stripped."""

import logging
import warnings
import weakref
from collections.abc import Collection
from contextlib import suppress
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage
from django.db import router, transaction
from django.db.models import FileField, Model
from django.db.models.fields.files import FieldFile
from PIL import Image, UnidentifiedImageError
from wagtail.images.models import WagtailImageField, WagtailImageFieldFile
from willow.svg import WillowSvgException

from media.errors import UploadRefusedError
from media.stripping import DOCUMENTS, EXTENSIONS, PICTURES, Stripped, StrippingError, strip

logger = logging.getLogger(__name__)
ORIENTATION = 0x0112
ON_ITS_SIDE = frozenset({5, 6, 7, 8})


class StrippedContent(ContentFile):  # type: ignore[type-arg]  # not generic at run time
    """A file's bytes after stripping, with what was removed."""

    def __init__(self, stripped: Stripped, name: str | None) -> None:
        super().__init__(stripped.data, name)
        self.stripped = stripped


def strip_file(content: "File[Any]", accept: Collection[str] = PICTURES) -> StrippedContent:
    """Return the file without what it hides; UploadRefusedError where that cannot be done."""
    if isinstance(content, StrippedContent) and content.stripped.container in accept:
        content.seek(0)
        return content
    content.seek(0)
    data = content.read()
    content.seek(0)
    stripped = strip_bytes(data, accept)
    return StrippedContent(stripped, named_for(content.name, stripped.container))


def strip_bytes(data: bytes, accept: Collection[str] = PICTURES) -> Stripped:
    """Strip as the site's settings say; UploadRefusedError names the fault for a person."""
    try:
        return strip(data, accept=accept, keep_camera=settings.MEDIA_KEEP_CAMERA)
    except StrippingError as error:
        raise UploadRefusedError.from_stripping(error) from error


def named_for(name: str | None, container: str) -> str | None:
    """Return a file name whose extension tells what the bytes are.

    Web servers believe the extension, so it must not say anything else.
    """
    if not name or PurePath(name).suffix.lower() in EXTENSIONS[container]:
        return name
    if not PurePath(name).name.strip("."):
        name = "file"
    return str(PurePath(name).with_suffix(EXTENSIONS[container][0]))


class Provisional:
    """Waits for the commit of a transaction in which a file was stored; without one, it goes.

    Django tells nobody of a rollback, but lets go of whatever waits for the commit then.
    """

    def __init__(self, storage: Storage, name: str) -> None:
        with suppress(NotImplementedError):
            # Whole, so that nothing else is meant should the storage's folder become another one.
            name = storage.path(name)
        self.end = weakref.finalize(self, discard, storage, name)
        self.end.atexit = False

    def __call__(self) -> None:
        self.end.detach()


def discard(storage: Storage, name: str) -> None:
    try:
        # In a folder that is the storage's no longer, nothing is for it to delete.
        with suppress(SuspiciousFileOperation):
            storage.delete(name)
    except Exception:  # whatever a store raises: there is nobody left to tell
        logger.exception("A file of a transaction that was rolled back is left in the storage.")


class StrippedFile(FieldFile):
    """A file that is stripped on its way to storage, whoever saves it."""

    file: Any
    name: Any
    _committed: bool
    accept = PICTURES

    def strip_pending(self) -> None:
        """Strip a file that was assigned and not stored yet. Safe to call twice."""
        if self and not self._committed:
            content = strip_file(self.file, self.accept)
            self.file = content
            self.name = named_for(self.name, content.stripped.container)

    def save(self, name: str, content: "File[Any]", save: bool = True) -> None:
        stripped = strip_file(content, self.accept)
        super().save(named_for(name, stripped.stripped.container) or name, stripped, False)
        using = self.instance._state.db or router.db_for_write(type(self.instance))
        transaction.on_commit(Provisional(self.storage, self.name), using=using)
        if save:
            self.instance.save()

    save.alters_data = True  # type: ignore[attr-defined]  # Django's mark for templates


class StrippedField(FileField):
    """A file field for which no unstripped byte reaches storage.

    Stripping happens in pre_save, so that forms, REST, bulk creation, imports, fixtures and the
    shell are all covered; FieldFile.save repeats it for code that writes past the model.
    """

    def pre_save(self, model_instance: Model, add: bool) -> Any:
        getattr(model_instance, self.attname).strip_pending()
        return super().pre_save(model_instance, add)


def shown_size(file: "File[Any]") -> tuple[int, int] | None:
    """Return a picture's width and height as it is shown, None for a drawing; reads no pixels."""
    close = file.closed
    file.open()
    try:
        with warnings.catch_warnings():
            # A warning of a decoder is no reason to refuse what it decodes.
            warnings.simplefilter("ignore")
            picture = Image.open(file)
            width, height = picture.size
            # Pillow tells the size of a TIFF as it is shown. A PNG's own way to its tags reads all
            # pixels, for a block behind them; stripping puts it before them.
            is_stored_turned = picture.format != "TIFF"
            tags = Image.Image.getexif(picture)
            if is_stored_turned and tags.get(ORIENTATION) in ON_ITS_SIDE:
                return height, width
            return width, height
    except UnidentifiedImageError:
        return None
    finally:
        if close:
            file.close()
        else:
            file.seek(0)


class StrippedImageFieldFile(StrippedFile, WagtailImageFieldFile):
    """A picture's file, whose width and height are those of the picture as it is shown.

    Bytes that are no picture have no size: they may be assigned, and stripping refuses them.
    """

    def get_image_dimensions(self) -> tuple[int, int]:
        return shown_size(self) or super().get_image_dimensions()

    def _get_image_dimensions(self) -> tuple[int, int]:
        try:
            size: tuple[int, int] = super()._get_image_dimensions()
        except WillowSvgException:
            # Of an older upload: its row must still be read, so that scan_media can mend it.
            return 0, 0
        except Exception:
            if self._committed:
                raise
            return 0, 0
        return size


class StrippedImageField(StrippedField, WagtailImageField):
    """A field for pictures."""

    attr_class = StrippedImageFieldFile


class StrippedDocumentFieldFile(StrippedFile):
    """A document's file."""

    accept = DOCUMENTS


class StrippedDocumentField(StrippedField):
    """A field for documents: PDF, and nothing whose hidden parts cannot be taken out."""

    attr_class = StrippedDocumentFieldFile
