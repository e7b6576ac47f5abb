"""What an administrator says of an import."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator, validate_domain_name
from django.utils.translation import gettext_lazy as _


class ImportForm(forms.Form):
    """A file, and how it is to be imported."""

    file = forms.FileField(
        label=_("Export file"),
        validators=[FileExtensionValidator(["xml", "wxr"])],
        help_text=_("In WordPress: Tools, Export, All content."),
        widget=forms.FileInput(attrs={"accept": ".xml,.wxr"}),
    )
    with_media = forms.BooleanField(
        label=_("Fetch pictures and files"), required=False, initial=True,
        help_text=_("From the former site, which has to be reachable still. Each is cleared of "
                    "hidden data."),
    )  # fmt: skip
    media_hosts = forms.CharField(
        label=_("Further hosts to fetch files from"), required=False,
        help_text=_("Host names, separated by commas, where files do not lie with the site."),
    )  # fmt: skip

    def clean_media_hosts(self) -> list[str]:
        hosts = [host.strip().lower() for host in self.cleaned_data["media_hosts"].split(",")]
        named = [host for host in hosts if host]
        for host in named:
            try:
                validate_domain_name(host)
            except ValidationError as error:
                raise ValidationError(_("%(host)s is no host name."),
                                      params={"host": host}) from error  # fmt: skip
        return named

    @property
    def options(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("with_media", "media_hosts")}
