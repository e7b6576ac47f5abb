"""Reports of illegal content: the queue, and the decision."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comments.models import IllegalContentReport, RemovalGround
from comments.moderation.access import moderators_only
from comments.moderation.desk import Item, Line, decide, in_scope, show_item, show_list
from comments.moderation.removals import ReasonsForm
from comments.services import reporting
from core.extensions.masking import masking

REMOVE = "remove"


class DecisionForm(ReasonsForm):
    """What the reporter is told, and where the comment goes, why."""

    statement = forms.CharField(
        label=_("Your answer to the reporter"), required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What you decided, and why. It is mailed if an address was given."),
    )  # fmt: skip
    field_order = ("statement", "ground", "rule", "facts")


@moderators_only
def show(request: HttpRequest) -> HttpResponse:
    """Show the reports that wait, the oldest first, or those that are decided."""
    shows_done = request.GET.get("done") == "1"
    rows = IllegalContentReport.objects.filter(decided_at__isnull=not shows_done)
    rows = in_scope(rows, request.user, "comment__target_id")
    headings = [gettext("Report"), gettext("About"), gettext("Received")]
    if shows_done:
        headings.append(gettext("Outcome"))
    return show_list(
        request, "reports", gettext("Reports of illegal content"), headings,
        rows.order_by("-decided_at" if shows_done else "pk", "pk"), line_of,
        shows_done=shows_done,
    )  # fmt: skip


def line_of(report: IllegalContentReport) -> Line:
    cells = [
        report.reference,
        report.get_about_display(),
        date_format(localtime(report.received_at), "DATETIME_FORMAT"),
    ]
    if report.decided_at:
        cells.append(outcome_of(report))
    return Line(cells, url=reverse("visitor_comments:report", args=[report.pk]))


def outcome_of(report: IllegalContentReport) -> str:
    return gettext("Removed") if report.was_upheld else gettext("Left where it was")


@moderators_only
def decide_on(request: HttpRequest, key: int) -> HttpResponse:
    """Show a report with its comment; posted, decide it."""
    rows = IllegalContentReport.objects.select_related("comment__user")
    rows = in_scope(rows, request.user, "comment__target_id")
    report = get_object_or_404(rows, pk=key)
    item = item_of(report, request)
    if request.method != "POST" or report.decided_at:
        return show_item(request, item)
    form = item.form

    def act(data: dict[str, Any]) -> str:
        removes = request.POST.get("decision") == REMOVE
        reporting.decide_report(
            key,
            reasons=form.reasons() if removes else None,
            statement=data["statement"],
            by=request.user,
        )
        return gettext("The report is decided, and who has to be told is told.")

    return decide(request, item, act, reverse("visitor_comments:reports"))


def item_of(report: IllegalContentReport, request: HttpRequest) -> Item:
    facts = [
        (gettext("Reference"), report.reference),
        (gettext("About"), report.get_about_display()),
        (gettext("Reported by"), masking.get().name(report.name) or gettext("nobody named")),
        (gettext("Received"), date_format(localtime(report.received_at), "DATETIME_FORMAT")),
    ]
    words = [(gettext("Why it is illegal"), report.explanation)]
    notes, form, buttons = [], None, []
    if report.comment is None or not report.comment.comment:
        notes.append(gettext("The comment is gone: there is nothing to remove any more."))
    if not report.email:
        notes.append(gettext("No address was given: nobody is answered."))
    if report.decided_at:
        facts.append((gettext("Outcome"), outcome_of(report)))
        facts.append(
            (gettext("Decided"), date_format(localtime(report.decided_at), "DATETIME_FORMAT"))
        )
        words.append((gettext("The answer"), report.statement))
    else:
        form = DecisionForm(
            request.POST if request.method == "POST" else None,
            initial={"ground": RemovalGround.ILLEGAL},
        )
        buttons = [
            (REMOVE, gettext("Remove the comment and answer"), True),
            ("leave", gettext("Leave it and answer"), False),
        ]
    return Item(
        title=gettext("Report of illegal content"),
        facts=facts,
        words=words,
        comment=report.comment,
        notes=notes,
        form=form,
        buttons=buttons,
        back=reverse("visitor_comments:reports"),
    )
