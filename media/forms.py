"""The admin's image form, which tells an editor at once why a file is refused."""

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _
from wagtail.images.forms import BaseImageForm

from media.errors import UploadRefusedError
from media.fields import strip_file


class ImageForm(BaseImageForm):
    """Strips an uploaded file while the form is checked, so that a refusal is a form error."""

    class Meta(BaseImageForm.Meta):
        labels = {"description": _("Alternative text")}

    def clean_file(self) -> File:
        file = self.cleaned_data["file"]
        if "file" not in self.changed_data:
            return file
        try:
            stripped = strip_file(file)
        except UploadRefusedError as error:
            raise ValidationError(str(error), code=error.code) from error
        stripped.image = getattr(file, "image", None)
        return stripped
