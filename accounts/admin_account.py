"""One's own account in the Wagtail admin: one's public face, with nothing that a site needs not.

Wagtail's own panel demands a first and a last name, and changes the mail address without asking
the mailbox; the public page of the account changes it, and asks.
"""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.account import AccountView as WagtailAccountView
from wagtail.admin.views.account import BaseSettingsPanel, NameEmailSettingsPanel

from accounts.forms import ProfileForm


class ProfilePanel(BaseSettingsPanel):
    """In the place of Wagtail's panel of names and address."""

    name = "public"
    title = _("Your public face")
    order = NameEmailSettingsPanel.order
    form_class = ProfileForm


class AccountView(WagtailAccountView):
    """Wagtail's page of the account, with our panel."""

    def get_panels(self) -> list[BaseSettingsPanel]:
        return [
            ProfilePanel(panel.request, panel.user, panel.profile)
            if isinstance(panel, NameEmailSettingsPanel)
            else panel
            for panel in super().get_panels()
        ]
