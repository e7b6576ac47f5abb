"""The admin's forms, which tell an editor at once why a file is refused."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.documents.fields import WagtailDocumentField
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from media.errors import SENTENCES, UploadRefusedError
from media.fields import strip_file
from media.renditions import UNREADABLE, read_pixels
from media.stripping import DOCUMENTS, PICTURES

ONLY_PDF = _(
    "PDF only. Office files and videos hide authors, earlier wording and places that cannot be "
    "taken out safely: save them as PDF, or put videos where videos are hosted."
)


class StrippedImageFormField(WagtailImageField):
    """Strips an upload before anything else looks at it.

    Wagtail's own check raises on a damaged picture, which an editor would see as a server error.
    """

    def to_python(self, data: Any) -> Any:
        if data not in self.empty_values:
            self.check_image_file_size(data)
            try:
                data = strip_file(data, PICTURES)
                read_pixels(data)
            except UploadRefusedError as error:
                raise ValidationError(str(error), code=error.code) from error
            except UNREADABLE as error:
                raise ValidationError(SENTENCES["damaged"], code="damaged") from error
        return super().to_python(data)

    def check_image_file_format(self, f: Any) -> None:
        """The name was made to tell what the bytes are, so there is nothing to compare."""

    def check_image_pixel_size(self, f: Any) -> None:
        """Stripping has looked, and Wagtail's own look would read all pixels."""


class StrippedDocumentFormField(WagtailDocumentField):
    """Strips a document before anything else looks at it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.help_text = ONLY_PDF

    def to_python(self, data: Any) -> Any:
        if data not in self.empty_values:
            try:
                data = strip_file(data, DOCUMENTS)
            except UploadRefusedError as error:
                sentence = ONLY_PDF if error.code == "unknown_type" else str(error)
                raise ValidationError(sentence, code=error.code) from error
        return super().to_python(data)


def put_in_place(form: forms.BaseForm, field_class: type[forms.FileField]) -> None:
    """Have a form strip its file, where it has one: a part of a form may leave it out."""
    if old := form.fields.get("file"):
        form.fields["file"] = field_class(label=old.label, widget=old.widget, required=old.required)


class ImageForm(BaseImageForm):
    """The image form: a stripping file field, and words for those who cannot see the picture.

    Alternative text is asked for wherever the form shows its field. The first step of a multiple
    upload does not, and its second step does.
    """

    class Meta(BaseImageForm.Meta):
        labels = {"description": _("Alternative text")}
        help_texts = {
            "description": _("What the picture tells, for readers who cannot see it."),
            "credit": _("Whose picture it is. Left empty, it is filled from the file."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put_in_place(self, StrippedImageFormField)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        is_asked = "description" in self.fields and self.add_prefix("description") in self.data
        if is_asked and "description" in cleaned:
            if cleaned.get("is_decorative"):
                cleaned["description"] = ""
            elif not cleaned["description"].strip():
                self.add_error(
                    "description",
                    ValidationError(
                        _("Write what the picture tells, or tick that it is decorative."),
                        code="alternative_text_missing",
                    ),
                )
        return cleaned


class DocumentForm(BaseDocumentForm):
    """The document form with a stripping file field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put_in_place(self, StrippedDocumentFormField)
