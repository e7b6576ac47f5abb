"""Forms with which readers report a comment and authors appeal against a removal.

The services check what is sent; the forms only show and keep it.
"""

from django import forms
from django.utils.translation import gettext_lazy as _

from comments.models import ReportSubject


class ReportForm(forms.Form):
    """What a report of illegal content says (DSA, article 16(2))."""

    about = forms.ChoiceField(
        label=_("What is it about?"),
        choices=[("", _("Choose one")), *ReportSubject.choices],
        required=False,
    )
    explanation = forms.CharField(
        label=_("Why is it illegal?"),
        help_text=_("Say which words you mean and what is wrong with them, and the law if you "
                    "know it."),
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": 5000}),
        required=False,
    )  # fmt: skip
    name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.CharField(
        label=_("Your mail address"),
        max_length=254,
        required=False,
        help_text=_("We answer there, and show it to nobody. A report about the sexual abuse of "
                    "children may do without name and address; we then cannot answer."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip
    is_honest = forms.BooleanField(
        label=_("I believe in good faith that this report is accurate and complete."),
        error_messages={"required": _("Confirm this, so that the report counts.")},
    )


class AppealForm(forms.Form):
    """Why a comment should come back."""

    text = forms.CharField(
        label=_("Why should the comment come back?"),
        widget=forms.Textarea(attrs={"rows": 8, "maxlength": 5000}),
        required=False,
    )
