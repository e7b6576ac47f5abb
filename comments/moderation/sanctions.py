"""Sanctions: the list, making one from a comment's author, lifting one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from comments.models import Sanction, SanctionKind
from comments.moderation.access import comment_or_404
from comments.moderation.desk import (
    Item,
    Line,
    decide,
    in_scope,
    may,
    require,
    show_item,
    show_list,
)
from comments.scopes import scope_of
from comments.services import sanctioning


class SanctionForm(forms.Form):
    """What a sanction is made of."""

    kind = forms.ChoiceField(
        label=_("Sanction"),
        choices=[
            (SanctionKind.WARN, _("Warn: the person is told, nothing else")),
            (SanctionKind.LIMIT, _("Limit: every comment waits for a moderator")),
            (SanctionKind.BAN, _("Ban: no comment is taken")),
        ],
        widget=forms.RadioSelect,
        initial=SanctionKind.WARN,
    )
    days = forms.IntegerField(
        label=_("For how many days"), initial=30, min_value=1, max_value=sanctioning.MOST_DAYS
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=sanctioning.LONGEST_REASON, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The person reads this by mail. Name nobody else."),
    )  # fmt: skip


def show(request: HttpRequest) -> HttpResponse:
    """Show the sanctions, those in force first."""
    require(request, "view_sanction")
    now, may_lift = timezone.now(), may(request.user, "change_sanction")
    may_lift = may_lift and scope_of(request.user).is_whole_site

    def line_of(made: Sanction) -> Line:
        runs = made.lifted_at is None and (made.ends_at is None or made.ends_at > now)
        return Line(
            [
                made.get_kind_display(),
                made.user.public_name if made.user else gettext("an address without account"),
                made.reason,
                date_format(timezone.localtime(made.starts_at), "DATE_FORMAT"),
                end_of(made),
            ],
            url=reverse("visitor_comments:single", args=[made.comment_id])
            if made.comment_id
            else "",
            action=reverse("visitor_comments:lift", args=[made.pk]) if runs and may_lift else "",
            action_label=gettext("Lift"),
        )

    rows = Sanction.objects.select_related("user").order_by("-pk")
    rows = in_scope(rows, request.user, "comment__target_id")
    headings = [
        gettext("Sanction"),
        gettext("On"),
        gettext("Reason"),
        gettext("From"),
        gettext("Until"),
    ]
    return show_list(request, "sanctions", gettext("Sanctions"), headings, rows, line_of)


def end_of(made: Sanction) -> str:
    if made.lifted_at is not None:
        return gettext("lifted %(day)s") % {
            "day": date_format(timezone.localtime(made.lifted_at), "DATE_FORMAT")
        }
    if made.ends_at is None:
        return ""
    return date_format(timezone.localtime(made.ends_at), "DATE_FORMAT")


def make(request: HttpRequest, key: int) -> HttpResponse:
    """Show the form that sanctions a comment's author; posted, do it."""
    require(request, "add_sanction")
    comment = comment_or_404(request, key)
    notes = [gettext("The person is told by mail: the reason, the end, and how to appeal.")]
    if comment.user_id is None and not comment.is_address_verified:
        notes.append(
            gettext(
                "Nothing proves who wrote this: the address was typed, and may be another person's."
            )
        )
    item = Item(
        title=gettext("Sanction the author"),
        comment=comment,
        notes=notes,
        form=SanctionForm(request.POST if request.method == "POST" else None),
        buttons=[("sanction", gettext("Sanction the author"), True)],
        back=reverse("visitor_comments:single", args=[key]),
    )
    if request.method != "POST":
        return show_item(request, item)

    def act(data: dict[str, Any]) -> str:
        sanctioning.sanction_author(
            key, kind=data["kind"], reason=data["reason"], days=data["days"], by=request.user
        )
        return gettext("The author is sanctioned and told by mail.")

    return decide(request, item, act, reverse("visitor_comments:sanctions"))


@require_POST
def lift(request: HttpRequest, key: int) -> HttpResponse:
    """End a sanction now."""
    require(request, "change_sanction")
    if not scope_of(request.user).is_whole_site:
        raise PermissionDenied
    if sanctioning.lift_sanction(key):
        messages.success(request, gettext("The sanction is lifted."))
    else:
        messages.warning(request, gettext("The sanction had ended already."))
    return redirect("visitor_comments:sanctions")
