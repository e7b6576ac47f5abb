"""The comment form, with the field names of WordPress's."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from comments.models import DiscussionSettings

HONEYPOT = "hp_leave_empty"


class CommentForm(forms.Form):
    """What a visitor fills in. The service checks it; the form only shows and keeps it."""

    comment = forms.CharField(
        label=_("Comment"), widget=forms.Textarea(attrs={"rows": 6}), required=True
    )
    author = forms.CharField(
        label=_("Name"), max_length=245, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    email = forms.CharField(
        label=_("Mail address"), max_length=100, required=False,
        help_text=_("It is not shown."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip
    url = forms.CharField(
        label=_("Website"), max_length=200, required=False,
        widget=forms.URLInput(attrs={"autocomplete": "url"}),
    )  # fmt: skip

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.own = DiscussionSettings.current()
        for name in ("author", "email"):
            self.fields[name].required = self.own.require_name_email


def offers(own: DiscussionSettings) -> dict[str, Any]:
    """Return what the form shows by the site's settings, the same for everybody."""
    return {
        "honeypot": HONEYPOT,
        "offers_memory": own.show_cookies_opt_in,
        "offers_follow_up": own.offer_follow_up,
        "asks_akismet": bool(settings.AKISMET_API_KEY),
        "asks_proof": own.proof_of_work != "never",
    }
