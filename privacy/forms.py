"""Forms of the privacy room."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from privacy.models import Basis, Kind
from privacy.reasons import Delay, Ground
from privacy.services import LONGEST_NOTE

KIND_LABELS = (
    (Kind.EXPORT, _("Send me a copy of my data")),
    (Kind.ERASURE, _("Erase my data")),
    (Kind.CORRECTION, _("Correct something about me")),
    (Kind.RESTRICTION, _("Keep my data but do not use it")),
    (Kind.OBJECTION, _("I object to a use of my data")),
)


KEEP_TEXT_WARNING = _(
    "A text may still tell who wrote it: by what it says, by its style, or by what others quote."
)


class RequestForm(forms.Form):
    """What is asked, and for which address."""

    kind = forms.ChoiceField(
        label=_("What do you ask for?"),
        choices=KIND_LABELS,
        widget=forms.RadioSelect,
        initial=Kind.EXPORT,
    )
    # Checked by the service, which takes addresses that a browser's rule would refuse.
    email = forms.CharField(
        label=_("Your mail address"),
        max_length=320,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    keep_text = forms.BooleanField(
        label=_("When my data is erased, leave the text of my comments under “Anonymous”"),
        help_text=KEEP_TEXT_WARNING,
        required=False,
    )


AUTHORITIES = (
    (Basis.NO_MAILBOX, _("I cannot reach that mailbox any more")),
    (Basis.GUARDIAN, _("I am the guardian of whose data it is")),
    (Basis.ESTATE, _("I speak for somebody who has died")),
    (Basis.OTHER, _("I may ask for another reason")),
)


class AuthorityForm(RequestForm):
    """A request of somebody who does not have the mailbox that it is about."""

    basis = forms.ChoiceField(
        label=_("Why do you ask from another mailbox?"),
        choices=AUTHORITIES,
        widget=forms.RadioSelect,
        initial=Basis.NO_MAILBOX,
    )
    contact = forms.CharField(
        label=_("A mail address at which we reach you"),
        max_length=320,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    note = forms.CharField(
        label=_("How can we see that you may ask?"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "For instance something that only you can know. Please send no copy of an identity "
            "card: if one is needed, we ask for it."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("The mail address that the data is kept under")
        self.fields["email"].widget.attrs["autocomplete"] = "off"


class OpenForm(AuthorityForm):
    """A request that reached an officer in another way, such as by letter."""

    basis = forms.ChoiceField(label=_("Asked by"), choices=Basis)
    contact = forms.CharField(label=_("Answer to another address"), max_length=320, required=False)
    note = forms.CharField(
        label=_("Note"),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("How it was proven who asks. It goes when the request has ended."),
    )
    received_on = forms.DateField(
        label=_("Received on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("The time for an answer counts from this day."),
    )
    is_urgent = forms.BooleanField(
        label=_("Erase at once, without the time in which it could be cancelled"), required=False
    )


class CancellationForm(forms.Form):
    """The password once more."""

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class ExtensionForm(forms.Form):
    """More time for an answer."""

    days = forms.IntegerField(label=_("Days more"), min_value=1)
    ground = forms.ChoiceField(label=_("Because"), choices=Delay)


class AnswerForm(forms.Form):
    """An officer's answer to a request; a correction can set fields at once."""

    text = forms.CharField(
        label=_("Answer"),
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "It is mailed to the person and not stored. A refusal gives its reasons and says to "
            "whom the person can complain."
        ),
    )
    is_refusal = forms.BooleanField(label=_("The request is refused"), required=False)
    ground = forms.ChoiceField(
        label=_("On which ground it is refused"), choices=Ground, required=False
    )

    def __init__(
        self, *args: Any, corrects: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.corrects = corrects or {}
        for name, label in self.corrects.items():
            self.fields[f"correct-{name}"] = forms.CharField(label=label, required=False)

    @property
    def corrections(self) -> dict[str, str]:
        """Return the fields that are to be set, with their new values."""
        return {name: self.cleaned_data[f"correct-{name}"] for name in self.corrects}

    @property
    def correcting(self) -> list[forms.BoundField]:
        """Return the fields of a correction, for the page."""
        return [self[f"correct-{name}"] for name in self.corrects]
