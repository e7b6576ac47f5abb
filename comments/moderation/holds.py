"""Legal holds: the list, keeping a comment as evidence, releasing it."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from comments.models import LegalHold
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
from comments.scopes import may_moderate
from comments.services import holding

USUAL_DAYS = 365


class HoldForm(forms.Form):
    """Why a comment is kept, by what right and until when."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, required=False,
        help_text=_("For moderators and data officers."),
    )  # fmt: skip
    legal_basis = forms.CharField(
        label=_("Legal basis"), max_length=200, required=False,
        help_text=_("Whoever asks for erasure of the comment is told this. For example: Defence "
                    "of legal claims (GDPR, article 17, paragraph 3(e))."),
    )  # fmt: skip
    until = forms.DateField(
        label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


def show(request: HttpRequest) -> HttpResponse:
    """Show the legal holds, those in force first."""
    require(request, "view_legalhold")
    may_release, moderates = may(request.user, "change_legalhold"), may_moderate(request.user)

    def line_of(hold: LegalHold) -> Line:
        is_over = hold.released_at is not None
        return Line(
            [
                gettext("Comment %(number)s") % {"number": hold.comment_id},
                hold.reason,
                hold.legal_basis,
                date_format(hold.until, "DATE_FORMAT") if hold.until else "",
                state_of(hold),
            ],
            url=reverse("visitor_comments:single", args=[hold.comment_id]) if moderates else "",
            action=""
            if is_over or not may_release
            else reverse("visitor_comments:release", args=[hold.pk]),
            action_label=gettext("Release"),
        )

    # Databases differ in where they put what has no moment of release.
    rows = LegalHold.objects.order_by(F("released_at").desc(nulls_first=True), "-pk")
    rows = in_scope(rows, request.user, "comment__target_id")
    headings = [
        gettext("Kept"),
        gettext("Reason"),
        gettext("Legal basis"),
        gettext("Until"),
        gettext("State"),
    ]
    return show_list(request, "holds", gettext("Legal holds"), headings, rows, line_of)


def state_of(hold: LegalHold) -> str:
    if hold.released_at is not None:
        return gettext("released")
    return gettext("its author asked for erasure") if hold.erasure_due else gettext("in force")


def make(request: HttpRequest, key: int) -> HttpResponse:
    """Show the form that keeps a comment as evidence; posted, keep it."""
    require(request, "add_legalhold")
    comment = comment_or_404(request, key)
    initial = {"until": timezone.localdate() + timedelta(days=USUAL_DAYS)}
    item = Item(
        title=gettext("Keep as evidence"),
        comment=comment,
        notes=[
            gettext("While the hold lasts nobody deletes the comment: neither moderators, nor "
               "retention, nor an erasure that its author asks for.")
        ],
        form=HoldForm(request.POST if request.method == "POST" else None, initial=initial),
        buttons=[("hold", gettext("Keep as evidence"), False)],
        back=reverse("visitor_comments:single", args=[key]),
    )  # fmt: skip
    if request.method != "POST":
        return show_item(request, item)

    def act(data: dict[str, Any]) -> str:
        holding.set_hold(
            key,
            reason=data["reason"],
            legal_basis=data["legal_basis"],
            until=data["until"],
            by=request.user,
        )
        return gettext("The comment is kept as evidence.")

    return decide(request, item, act, reverse("visitor_comments:holds"))


@require_POST
def release(request: HttpRequest, key: int) -> HttpResponse:
    """End a hold; an erasure that waited for it is done at once."""
    require(request, "change_legalhold")
    mine = in_scope(LegalHold.objects.filter(pk=key), request.user, "comment__target_id")
    holding.release_hold(get_object_or_404(mine).pk)
    messages.success(request, gettext("The hold is released."))
    return redirect("visitor_comments:holds")
