"""What stripping took out of a file, in words for the editor who uploaded it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

WORDS = {
    "location": gettext_lazy("location"),
    "camera": gettext_lazy("camera"),
    "thumbnail": gettext_lazy("thumbnail"),
    "description": gettext_lazy("description and keywords"),
    "pictures": gettext_lazy("further pictures"),
    "comment": gettext_lazy("comment"),
    "trailer": gettext_lazy("bytes behind the end"),
    "other": gettext_lazy("parts of no known kind"),
    "script": gettext_lazy("scripts and links"),
    "attachment": gettext_lazy("attached files"),
}


def removed_words(removed: Iterable[Mapping[str, Any]]) -> str:
    """Return "location, camera, thumbnail: 38 kB"; "" where nothing was removed.

    The location is named first, and the rest in the order of WORDS.
    """
    sizes = {part["what"]: part["bytes"] for part in removed}
    kinds = [str(word) for what, word in WORDS.items() if what in sizes]
    if not kinds:
        return ""
    return _("%(kinds)s: %(size)s") % {
        "kinds": _(", ").join(kinds),
        "size": filesizeformat(sum(sizes.values())),
    }
