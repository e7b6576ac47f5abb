"""Errors of the media room, with sentences that a person can act on."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import CMSError
from media.stripping import StrippingError

SENTENCES: dict[str, str | Promise] = {
    "unknown_type": _("This is not a picture that we know. Save it as a JPEG and upload that."),
    "not_supported_yet": _(
        "Pictures of this kind cannot be cleared of their location yet, so they are not "
        "stored. Save it as a JPEG and upload that."
    ),
    "damaged": _(
        "This picture is damaged, so its hidden data cannot be removed safely. Open it in a "
        "picture program, save it anew as a JPEG and upload that."
    ),
    "too_large": _("This file is too large. Save the picture smaller and upload that."),
    "too_many_pixels": _(
        "This picture has more pixels than can be handled. Scale it down and upload that."
    ),
    "too_many_segments": _(
        "This picture is built from more parts than any camera writes. Save it anew as a JPEG "
        "and upload that."
    ),
    "location_left": _(
        "Hidden data of this picture could not be removed safely, so it was not stored. Save "
        "it anew in a picture program and upload that."
    ),
}


class UploadRefusedError(CMSError):
    """A file was refused, since it could not be stored without what it hides."""

    code = "upload_refused"

    @classmethod
    def from_stripping(cls, error: StrippingError, **data: Any) -> "UploadRefusedError":
        sentence = SENTENCES.get(error.code, SENTENCES["damaged"])
        return cls(sentence, code=error.code, **data)
