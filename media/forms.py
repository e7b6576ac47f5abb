"""The admin's image form, which tells an editor at once why a file is refused."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from media.errors import UploadRefusedError
from media.fields import strip_file


class StrippedImageFormField(WagtailImageField):
    """Strips an upload before anything else looks at it.

    Wagtail's own check raises on a damaged picture, which an editor would see as a server error.
    """

    def to_python(self, data: Any) -> Any:
        if data not in self.empty_values:
            try:
                data = strip_file(data)
            except UploadRefusedError as error:
                raise ValidationError(str(error), code=error.code) from error
        return super().to_python(data)


class ImageForm(BaseImageForm):
    """The image form with a stripping file field."""

    file = StrippedImageFormField(label=_("File"), widget=BaseImageForm.Meta.widgets["file"])

    class Meta(BaseImageForm.Meta):
        labels = {"description": _("Alternative text")}
