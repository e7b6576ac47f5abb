"""One's own account in the Wagtail admin: one's public face, with nothing that a site needs not.

Wagtail's own panel demands a first and a last name, and changes the mail address without asking
the mailbox; the public page of the account changes it, and asks.
"""

import io
from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps
from wagtail.admin.forms.account import AvatarPreferencesForm
from wagtail.admin.views.account import AccountView as WagtailAccountView
from wagtail.admin.views.account import (
    AvatarSettingsPanel,
    BaseSettingsPanel,
    NameEmailSettingsPanel,
)

from accounts.forms import ProfileForm
from core.errors import CMSError
from core.extensions.pictures import pictures

SIDE = 400
# What Pillow raises for a picture whose pixels cannot be read.
UNREADABLE = (OSError, SyntaxError, ValueError, EOFError, MemoryError)


class ProfilePanel(BaseSettingsPanel):
    """In the place of Wagtail's panel of names and address."""

    name = "public"
    title = _("Your public face")
    order = NameEmailSettingsPanel.order
    form_class = ProfileForm


class PortraitField(forms.ImageField):
    """Strips an upload before anything else looks at it, and names the fault of a bad one."""

    def to_python(self, data: Any) -> Any:
        if data not in self.empty_values:
            try:
                data = pictures.get().stripped(data)
            except CMSError as error:
                raise ValidationError(str(error), code=error.code) from error
        return super().to_python(data)


class PortraitForm(AvatarPreferencesForm):
    """Wagtail's form, which takes for granted that a picture can be read and is upright."""

    avatar = PortraitField(label=AvatarPreferencesForm.base_fields["avatar"].label, required=False)

    def clean_avatar(self) -> Any:
        upload = self.cleaned_data["avatar"]
        if "avatar" not in self.changed_data:
            return self._original_avatar
        if not upload:
            # Wagtail's form keeps the picture, though its screen offers to take it away.
            return upload
        try:
            return portrait_of(upload)
        except UNREADABLE as error:
            sentence = self.fields["avatar"].error_messages["invalid_image"]
            raise ValidationError(sentence, code="invalid_image") from error


def portrait_of(upload: Any) -> Any:
    """Return a picture that is no larger than it is shown, turned as it is shown."""
    upload.seek(0)
    with Image.open(upload) as picture:
        colours = picture.info.get("icc_profile") if picture.mode in {"RGB", "RGBA"} else None
        is_large = max(picture.size) > SIDE
        picture.draft("RGB", (2 * SIDE, 2 * SIDE))
        upright = ImageOps.exif_transpose(picture)
    if not is_large:
        upload.seek(0)
        return upload
    has_alpha = upright.has_transparency_data
    portrait = upright.convert("RGBA" if has_alpha else "RGB")
    portrait.thumbnail((SIDE, SIDE))
    out = io.BytesIO()
    portrait.save(out, "PNG" if has_alpha else "JPEG", icc_profile=colours)
    name = PurePath(upload.name).with_suffix(".png" if has_alpha else ".jpg").name
    return ContentFile(out.getvalue(), name)


class PortraitPanel(AvatarSettingsPanel):
    """In the place of Wagtail's panel of the profile picture, which shows no errors."""

    template_name = "account/admin_portrait.html"
    form_class = PortraitForm


REPLACED: dict[type[BaseSettingsPanel], type[BaseSettingsPanel]] = {
    NameEmailSettingsPanel: ProfilePanel,
    AvatarSettingsPanel: PortraitPanel,
}


class AccountView(WagtailAccountView):
    """Wagtail's page of the account, with our panels."""

    def get_panels(self) -> list[BaseSettingsPanel]:
        return [
            REPLACED.get(type(panel), type(panel))(panel.request, panel.user, panel.profile)
            for panel in super().get_panels()
        ]
