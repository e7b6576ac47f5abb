"""The form of the discussion settings: it asks before a change makes a policy untrue."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from core.extensions.policies import Value, policy_promises


class DiscussionSettingsForm(WagtailAdminModelForm):
    """Names the policies that state what is about to change."""

    save_anyway = forms.BooleanField(
        required=False,
        label=_("Save although policies in force say otherwise"),
        help_text=_("Publish new versions of them afterwards."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not cleaned.get("save_anyway"):
            for title in policy_promises.get().broken_by(self.facts(cleaned)):
                self.add_error(
                    "save_anyway",
                    _(
                        "“%(title)s”, which is in force, says otherwise. Tick this box to save "
                        "anyway."
                    )
                    % {"title": title},
                )
        return cleaned

    def facts(self, cleaned: dict[str, Any]) -> dict[str, Value]:
        """Return the facts that change, with their values to be."""
        facts: dict[str, Value] = {}
        changed = set(self.changed_data)
        if "show_cookies_opt_in" in changed:
            facts["comments.remembers_author"] = cleaned["show_cookies_opt_in"]
        if changed & {"close_comments_for_old_posts", "close_comments_days_old"}:
            closes = cleaned["close_comments_for_old_posts"]
            facts["comments.open_days"] = cleaned["close_comments_days_old"] if closes else 0
        return facts
