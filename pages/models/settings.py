"""Who runs the site: what every policy and mail needs to say."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from pages.models.tracked import Tracked


@register_setting(icon="site")
class SiteIdentitySettings(Tracked, BaseGenericSetting):
    """The site's time zone and the legal entity behind it; name and tagline are on home pages."""

    timezone = models.CharField(
        _("time zone"), max_length=64, default="UTC",
        help_text=_("An IANA name such as Europe/London. A date alone means midnight there."),
    )  # fmt: skip
    legal_name = models.CharField(_("legal name"), max_length=200, blank=True)
    address = models.CharField(_("postal address"), max_length=300, blank=True)
    contact_email = models.EmailField(_("contact address"), blank=True)
    privacy_email = models.EmailField(_("address for privacy questions"), blank=True)
    minors_email = models.EmailField(_("address for questions about minors"), blank=True)

    class Meta:
        verbose_name = _("site identity")
