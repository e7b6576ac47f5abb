"""Removing a comment with a stated reason, which its author is told and can appeal against."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comments.models import RemovalGround
from comments.moderation.access import comment_or_404, moderators_only
from comments.moderation.desk import Item, decide, show_item
from comments.services import removing


class ReasonsForm(forms.Form):
    """What the author is told; the service says what is missing."""

    ground = forms.ChoiceField(label=_("Ground"), choices=RemovalGround.choices, required=False)
    rule = forms.CharField(
        label=_("Rule or law"), max_length=removing.LONGEST_RULE, required=False,
        help_text=_("Which rule of conduct, or which law."),
    )  # fmt: skip
    facts = forms.CharField(
        label=_("What is wrong with it"), max_length=removing.LONGEST_FACTS, required=False,
        help_text=_("The author reads this. Quote as little as you can, and name nobody else."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip

    def reasons(self) -> removing.Reasons:
        """Return what was filled in, for the services."""
        data = self.cleaned_data
        return removing.Reasons(ground=data["ground"], rule=data["rule"], facts=data["facts"])


@moderators_only
def remove(request: HttpRequest, key: int) -> HttpResponse:
    """Show the form that removes a comment with reasons; posted, remove it."""
    comment = comment_or_404(request, key)
    form = ReasonsForm(request.POST if request.method == "POST" else None)
    item = Item(
        title=gettext("Remove with a stated reason"),
        comment=comment,
        notes=[unreachable()] if not (comment.user_email or comment.user_id) else [told_by_mail()],
        form=form,
        buttons=[("remove", gettext("Remove and tell the author"), True)],
        back=reverse("visitor_comments:single", args=[key]),
    )
    if request.method != "POST":
        return show_item(request, item)

    def act(data: dict[str, Any]) -> str:
        removing.remove_with_reasons(key, form.reasons(), by=request.user)
        return gettext("The comment is removed and its author is told.")

    return decide(request, item, act, item.back)


def told_by_mail() -> str:
    return gettext("The author gets these words by mail, with the way to appeal once.")


def unreachable() -> str:
    return gettext("The author left no address: nobody can be told.")
