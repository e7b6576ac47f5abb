"""The form of an endpoint."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm

from plugins.webhooks.models import Endpoint, Event


class EndpointForm(WagtailAdminModelForm):
    """Refuses at once an address that no message would be sent to."""

    url = forms.URLField(label=_("Address"), max_length=500, assume_scheme="https")
    events = forms.MultipleChoiceField(
        label=_("Is told when"), choices=Event.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Endpoint
        fields = ["name", "url", "events", "secret", "is_active"]

    def clean_url(self) -> Any:
        url = self.cleaned_data["url"]
        if not url.startswith(("https://", "http://")):
            raise forms.ValidationError(_("The address begins with https:// or http://."))
        if settings.SECURE and url.startswith("http://"):
            raise forms.ValidationError(
                _("This site is served over https: give an address that begins with https://.")
            )
        return url

    def clean_secret(self) -> Any:
        secret = self.cleaned_data["secret"].strip()
        if len(secret) < 24:
            raise forms.ValidationError(_("A signing secret has at least 24 characters."))
        return secret
