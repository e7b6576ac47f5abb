"""Forms of the accounts room."""

from typing import Any

from allauth.account.forms import SignupForm as AllauthSignupForm
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.dates import MONTHS
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.ages import ENDS_AT, end_of, fits
from accounts.errors import AddressTakenError
from accounts.guardians import say_age
from accounts.models import Bracket, User
from accounts.services import record_agreement
from core.errors import CMSError
from core.extensions.acceptance import acceptance_gate

UNTICKED = {
    "accept": _("You can register once you agree to this text."),
    "acknowledge": _("You can register once you have taken note of this text."),
}


ADULT = "adult"
OLDEST_UNDER_AGE = 18


def years_of_birth() -> list[tuple[Any, Any]]:
    """Return the years in which somebody can be born who is under 18, for a choice."""
    last = timezone.localdate().year
    years = range(last, last - OLDEST_UNDER_AGE - 1, -1)
    return [("", _("Choose")), *((year, str(year)) for year in years)]


class AgeForm(forms.Form):
    """How old somebody is, and the guardian of who is under age.

    The month of birth only tells when the bracket ends: it is used here and kept nowhere.
    """

    age = forms.ChoiceField(
        label=_("Your age"),
        choices=[
            ("", _("Choose")),
            (ADULT, _("18 or older")),
            (Bracket.UNDER_18, _("14 to 17")),
            (Bracket.UNDER_14, _("Under 14")),
        ],
    )
    birth_month = forms.TypedChoiceField(
        label=_("If you are under 18: the month of your birth"), coerce=int, empty_value=None,
        choices=[("", _("Choose")), *MONTHS.items()], required=False,
        help_text=_("It tells us when you are older. We keep only that month, not your birth."),
        widget=forms.Select(attrs={"autocomplete": "bday-month"}),
    )  # fmt: skip
    birth_year = forms.TypedChoiceField(
        label=_("If you are under 18: the year of your birth"), coerce=int, empty_value=None,
        choices=years_of_birth, required=False,
        widget=forms.Select(attrs={"autocomplete": "bday-year"}),
    )  # fmt: skip
    guardian_email = forms.CharField(
        label=_("If you are under 18: the mail address of your guardian"), max_length=254,
        required=False, widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_("A parent, for instance. We ask them by mail; you can name them later."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        age = cleaned.get("age")
        if age in ENDS_AT:
            year, month = cleaned.get("birth_year"), cleaned.get("birth_month")
            if not year or not month:
                self.add_error("birth_month", _("Say the month and the year of your birth."))
            elif not fits(Bracket(age), year, month, timezone.localdate()):
                self.add_error("age", _("This age and this month do not go together."))
        return cleaned

    def keep_age(self, user: User) -> bool:
        """Keep the age of who is under 18, and ask their guardian; tell whether anything is kept.

        Raises what accounts.guardians.say_age raises.
        """
        said, language = self.cleaned_data, get_language() or "en"
        if said["age"] == ADULT:
            return False
        bracket = Bracket(said["age"])
        ends_in = end_of(bracket, said["birth_year"], said["birth_month"])
        say_age(user, bracket, ends_in, guardian_email=said["guardian_email"], locale=language)
        return True


class GuardianForm(forms.Form):
    """The guardian of somebody who has said that they are under age."""

    guardian_email = forms.CharField(
        label=_("The mail address of your guardian"), max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_("A parent, for instance. We ask them whether they agree."),
    )  # fmt: skip


class SignupForm(AgeForm, AllauthSignupForm):
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
        self.order_fields(["email", "display_name", "password1", "password2", *AgeForm.base_fields])

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
        """Create the account, record the agreements and keep the age, or none of it."""
        versions = [(version.document, version.number) for version in self.offered]
        try:
            with transaction.atomic():
                user = super().save(request)
                record_agreement(
                    user, versions, locale=get_language() or "en", surface="registration"
                )
                self.keep_age(user)
        except IntegrityError:
            if User.objects.filter(email__iexact=self.cleaned_data["email"]).exists():
                raise AddressTakenError from None
            raise
        return user

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Save, or lead back to the form where another version came into force meanwhile, or
        somebody registered the same address."""
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
