"""Forms of the accounts room."""

from typing import Any

from allauth.account.forms import SignupForm as AllauthSignupForm
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import get_random_string
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services import record_agreement
from core.errors import CMSError
from core.extensions.acceptance import acceptance_gate

UNTICKED = {
    "accept": _("You can register once you agree to this text."),
    "acknowledge": _("You can register once you have taken note of this text."),
}


class SignupForm(AllauthSignupForm):
    """Registration by mail address, with one agreement for each policy version in force."""

    display_name = forms.CharField(
        label=_("Name shown to others"), max_length=150, required=False,
        help_text=_("Left empty, you are shown as “Member”."),
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = acceptance_gate.get().required("register", locale=get_language() or "en")
        for version in self.offered:
            self.fields[version.field] = forms.BooleanField(
                label=format_html(
                    '<span lang="{}">{}</span> <a href="{}">{}</a>',
                    version.locale, version.wording, version.url, _("Read it"),
                ),
                error_messages={"required": UNTICKED.get(version.action, UNTICKED["accept"])},
            )  # fmt: skip
        self.order_fields(["email", "display_name", "password1", "password2"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        given = {name for name in self.data if name.startswith("agree-")}
        if given - set(self.fields):
            raise ValidationError(
                _(
                    "The text changed while you were reading. Please read the version that is in "
                    "force now, and agree again."
                ),
                code="policy_version_changed",
            )
        return cleaned

    def save(self, request: HttpRequest) -> User:
        """Create the account and record the agreements, or neither."""
        versions = [(version.document, version.number) for version in self.offered]
        with transaction.atomic():
            user = super().save(request)
            record_agreement(user, versions, locale=get_language() or "en", surface="registration")
        return user

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Save, or lead back to the form where another version came into force meanwhile."""
        try:
            return super().try_save(request)
        except CMSError as error:
            messages.error(request, str(error))
            return None, redirect("account_signup")


def made_up_username() -> str:
    """Return a user name that tells nothing; people sign in with their address."""
    return f"member-{get_random_string(12).lower()}"


class ProfileForm(forms.ModelForm):
    """What a member may change of their public face."""

    class Meta:
        model = User
        fields = ["display_name", "description"]


class ApplicationPasswordForm(forms.Form):
    """The name of a new application password."""

    name = forms.CharField(
        label=_("Name"), max_length=100, help_text=_("For instance the program that will use it.")
    )
