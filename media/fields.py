"""The image field through which every stored byte passes stripped."""

from pathlib import PurePath
from typing import Any

from django.core.files.base import ContentFile, File
from django.db.models import Model
from wagtail.images.models import WagtailImageField, WagtailImageFieldFile

from media.errors import UploadRefusedError
from media.stripping import EXTENSIONS, Stripped, StrippingError, strip


class StrippedContent(ContentFile):  # type: ignore[type-arg]  # not generic at run time
    """A file's bytes after stripping, with what was removed."""

    def __init__(self, stripped: Stripped, name: str | None) -> None:
        super().__init__(stripped.data, name)
        self.stripped = stripped


def strip_file(content: "File[Any]") -> StrippedContent:
    """Return the file without what it hides; UploadRefusedError where that cannot be done."""
    if isinstance(content, StrippedContent):
        content.seek(0)
        return content
    content.seek(0)
    data = content.read()
    content.seek(0)
    try:
        stripped = strip(data)
    except StrippingError as error:
        raise UploadRefusedError.from_stripping(error) from error
    return StrippedContent(stripped, named_for(content.name, stripped.container))


def named_for(name: str | None, container: str) -> str | None:
    """Return a file name whose extension tells what the bytes are.

    Web servers believe the extension, so it must not say anything else.
    """
    if not name or PurePath(name).suffix.lower() in EXTENSIONS[container]:
        return name
    return str(PurePath(name).with_suffix(EXTENSIONS[container][0]))


class StrippedImageFieldFile(WagtailImageFieldFile):
    """A file that is stripped on its way to storage, whoever saves it."""

    file: Any
    name: Any

    def strip_pending(self) -> None:
        """Strip a file that was assigned and not stored yet. Safe to call twice."""
        if self and not self._committed:
            content = strip_file(self.file)
            self.file = content
            self.name = named_for(self.name, content.stripped.container)

    def save(self, name: str, content: "File[Any]", save: bool = True) -> None:
        stripped = strip_file(content)
        super().save(named_for(name, stripped.stripped.container) or name, stripped, save)


class StrippedImageField(WagtailImageField):
    """An image field for which no unstripped byte reaches storage.

    Stripping happens in pre_save, so that forms, REST, bulk creation, imports, fixtures and the
    shell are all covered; FieldFile.save repeats it for code that writes past the model.
    """

    attr_class = StrippedImageFieldFile

    def pre_save(self, model_instance: Model, add: bool) -> Any:
        getattr(model_instance, self.attname).strip_pending()
        return super().pre_save(model_instance, add)
