"""Forms of the privacy room."""

from django import forms
from django.utils.translation import gettext_lazy as _

from privacy.models import Kind

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


class AnswerForm(forms.Form):
    """An officer's answer to a request."""

    text = forms.CharField(
        label=_("Answer"),
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "It is mailed to the person and not stored. A refusal gives its reasons and says to "
            "whom the person can complain."
        ),
    )
    is_refusal = forms.BooleanField(label=_("The request is refused"), required=False)
