"""Who runs the site: what every policy and mail needs to say."""

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from core.extensions.policies import policy_promises
from pages.models.tracked import Tracked

# The fields of the legal entity, as every policy shows them and texts may name them.
ENTITY_FIELDS = ("legal_name", "address", "registration", "contact_email", "contact_phone",
                 "privacy_email", "minors_email", "complaint_authority")  # fmt: skip


class SiteIdentityForm(WagtailAdminModelForm):
    """Warns an editor before a change makes a policy in force say what is no longer so."""

    save_anyway = forms.BooleanField(
        required=False,
        label=_("Save although policies in force say otherwise"),
        help_text=_("Publish new versions of them afterwards."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        changed = {f"entity.{name}": cleaned[name].strip() for name in self.changed_data
                   if name in ENTITY_FIELDS and name in cleaned}  # fmt: skip
        if changed and not cleaned.get("save_anyway"):
            for title in policy_promises.get().broken_by(changed):
                self.add_error(
                    "save_anyway",
                    _(
                        "“%(title)s”, which is in force, says otherwise. Tick this box to save "
                        "anyway."
                    )
                    % {"title": title},
                )
        return cleaned


@register_setting(icon="site")
class SiteIdentitySettings(Tracked, BaseGenericSetting):
    """The site's time zone and the legal entity behind it; name and tagline are on home pages."""

    timezone = models.CharField(
        _("time zone"), max_length=64, default="UTC",
        help_text=_("An IANA name such as Europe/London. A date alone means midnight there."),
    )  # fmt: skip
    legal_name = models.CharField(_("legal name"), max_length=200, blank=True)
    address = models.CharField(_("postal address"), max_length=300, blank=True)
    registration = models.CharField(
        _("register and number"), max_length=200, blank=True,
        help_text=_("Where the company is registered, and under which number."),
    )  # fmt: skip
    contact_email = models.EmailField(_("contact address"), blank=True)
    contact_phone = models.CharField(_("telephone"), max_length=60, blank=True)
    privacy_email = models.EmailField(_("address for privacy questions"), blank=True)
    minors_email = models.EmailField(_("address for questions about minors"), blank=True)
    complaint_authority = models.CharField(
        _("authority for complaints"), max_length=300, blank=True,
        help_text=_("Its name and how to reach it."),
    )  # fmt: skip

    edit_handler = ObjectList(
        [FieldPanel(name) for name in ("timezone", *ENTITY_FIELDS, "save_anyway")],
        base_form_class=SiteIdentityForm,
    )

    class Meta:
        verbose_name = _("site identity")

    def entity(self) -> dict[str, str]:
        """Return what is known of the legal entity, by field."""
        return {name: value for name in ENTITY_FIELDS if (value := getattr(self, name).strip())}
