"""Errors of the media room, with sentences that a person can act on."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import CMSError
from media.stripping import StrippingError

SENTENCES: dict[str, str | Promise] = {
    "unknown_type": _(
        "This is no kind of file that can be stored here. Save it as a JPEG or PNG and upload that."
    ),
    "empty": _("This file is empty. Look whether it was saved, and upload it again."),
    "raw_photo": _(
        "This is a camera's raw file, whose hidden data cannot be removed without harm. Export "
        "the picture as a JPEG or TIFF and upload that."
    ),
    "damaged": _(
        "This file is damaged, so its hidden data cannot be removed safely. Open it in the program "
        "that made it, save it anew and upload that."
    ),
    "encrypted": _(
        "This file is locked, so its hidden data cannot be removed. Save it without a password and "
        "upload that."
    ),
    "unsafe": _(
        "This drawing declares parts that no picture needs and that could do harm. Save it as a "
        "plain SVG or as a PNG and upload that."
    ),
    "too_large": _("This file is too large. Save it smaller and upload that."),
    "too_many_pixels": _(
        "This picture has more pixels than can be handled. Scale it down and upload that."
    ),
    "too_many_frames": _(
        "This animation has more frames than can be handled. Shorten it or scale it down and "
        "upload that."
    ),
    "too_many_pages": _(
        "This document has more pages than can be handled. Split it and upload its parts."
    ),
    "too_many_parts": _(
        "This file is built from more parts than any program needs. Save it anew and upload that."
    ),
    "inflated_too_large": _(
        "A packed part of this file grows beyond measure when it is opened. Save it anew and "
        "upload that."
    ),
    "location_left": _(
        "Hidden data of this file could not be removed safely, so it was not stored. Save it anew "
        "in a picture program and upload that."
    ),
}
# Where pictures and documents are welcome.
NEITHER = _(
    "Only pictures and PDFs are stored here. Save a picture as JPEG or PNG, a text as PDF, and "
    "upload that."
)


class UploadRefusedError(CMSError):
    """A file was refused, since it could not be stored without what it hides."""

    code = "upload_refused"

    @classmethod
    def from_stripping(cls, error: StrippingError, **data: Any) -> "UploadRefusedError":
        sentence = SENTENCES.get(error.code, SENTENCES["damaged"])
        return cls(sentence, code=error.code, **data)


class PictureNotEditedError(CMSError):
    """A picture could not be turned or cropped; `code` is WordPress's."""

    code = "rest_image_not_edited"
