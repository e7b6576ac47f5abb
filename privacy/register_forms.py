"""Forms of the officers' registers."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from privacy.register_models import Breach, BreachEvent, Disclosure

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
WORDS = forms.Textarea(attrs={"rows": 4})


class DisclosureForm(forms.ModelForm):
    """What was handed over, to whom and by what right."""

    # Checked by the service, which takes addresses that a browser's rule would refuse.
    email = forms.CharField(
        label=_("Whose data: the mail address"), max_length=320,
        help_text=_("It is not stored: a keyed hash finds the entry when the person asks."),
    )  # fmt: skip

    class Meta:
        model = Disclosure
        fields = ("authority", "file_number", "basis", "what", "disclosed_on", "is_secret",
                  "secret_until")  # fmt: skip
        widgets = {"what": WORDS, "disclosed_on": DAY, "secret_until": DAY}

    field_order = ("email",)


class BreachForm(forms.ModelForm):
    """What happened, as far as it is known; it can be told better later."""

    class Meta:
        model = Breach
        fields = ("found_at", "what", "kinds", "people", "records", "risk", "consequences")
        widgets = {"found_at": MOMENT, "what": WORDS, "kinds": WORDS, "consequences": WORDS}

    def clean_found_at(self) -> Any:
        found_at = self.cleaned_data["found_at"]
        if found_at > timezone.now():
            raise forms.ValidationError(_("A breach cannot have been found in the future."))
        return found_at


class BreachEventForm(forms.ModelForm):
    """One thing that was done, or somebody who was told."""

    class Meta:
        model = BreachEvent
        fields = ("kind", "at", "text")
        widgets = {"at": MOMENT, "text": WORDS}
