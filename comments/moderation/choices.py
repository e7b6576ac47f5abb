"""Which mails about comments somebody wants, as a part of their account in the admin."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.account import BaseSettingsPanel, notifications_tab

from comments.models import MailChoice
from comments.scopes import may_moderate


class MailChoiceForm(forms.ModelForm):
    """What waits concerns moderators alone."""

    class Meta:
        model = MailChoice
        fields = ["wants_held", "wants_own"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_moderate(self.instance.user):
            del self.fields["wants_held"]


class MailChoicePanel(BaseSettingsPanel):
    """Beside Wagtail's own notifications."""

    name = "visitor_comments"
    title = _("Mail about visitor comments")
    tab = notifications_tab
    order = 200
    form_class = MailChoiceForm

    def get_form(self) -> MailChoiceForm:
        found = MailChoice.objects.filter(user=self.user).first()
        instance = found or MailChoice(user=self.user)
        data = self.request.POST if self.request.method == "POST" else None
        return MailChoiceForm(data, instance=instance, prefix=self.name)
