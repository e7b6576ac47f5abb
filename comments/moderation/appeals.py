"""Appeals against removals: the queue, and the decision."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comments.models import Appeal
from comments.moderation.access import moderators_only
from comments.moderation.desk import Item, Line, decide, in_scope, show_item, show_list
from comments.services import removing

UPHOLD = "uphold"


class AnswerForm(forms.Form):
    """The answer that is mailed to the author."""

    answer = forms.CharField(
        label=_("Your answer"), required=False, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("The author reads this: what you decided, and why."),
    )  # fmt: skip


@moderators_only
def show(request: HttpRequest) -> HttpResponse:
    """Show the appeals that wait, the oldest first, or those that are decided."""
    shows_done = request.GET.get("done") == "1"
    rows = Appeal.objects.filter(decided_at__isnull=not shows_done).select_related("removal")
    rows = in_scope(rows, request.user, "removal__comment__target_id")
    headings = [gettext("Appeal"), gettext("Ground"), gettext("Received")]
    if shows_done:
        headings.append(gettext("Outcome"))
    return show_list(
        request, "appeals", gettext("Appeals"), headings,
        rows.order_by("-decided_at" if shows_done else "pk", "pk"), line_of,
        shows_done=shows_done,
    )  # fmt: skip


def line_of(appeal: Appeal) -> Line:
    cells = [
        gettext("Against the removal of comment %(number)s")
        % {"number": appeal.removal.comment_id},
        appeal.removal.get_ground_display(),
        date_format(localtime(appeal.at), "DATETIME_FORMAT"),
    ]
    if appeal.decided_at:
        cells.append(outcome_of(appeal))
    return Line(cells, url=reverse("visitor_comments:appeal", args=[appeal.pk]))


def outcome_of(appeal: Appeal) -> str:
    return gettext("The comment is back") if appeal.was_upheld else gettext("It stays removed")


@moderators_only
def decide_on(request: HttpRequest, key: int) -> HttpResponse:
    """Show an appeal with the removal it is against; posted, decide it."""
    rows = Appeal.objects.select_related("removal__comment", "removal__by", "decided_by")
    rows = in_scope(rows, request.user, "removal__comment__target_id")
    appeal = get_object_or_404(rows, pk=key)
    item = item_of(appeal, request)
    if request.method != "POST" or appeal.decided_at:
        return show_item(request, item)

    def act(data: dict[str, Any]) -> str:
        removing.decide_appeal(
            key,
            is_upheld=request.POST.get("decision") == UPHOLD,
            answer=data["answer"],
            by=request.user,
        )
        return gettext("The appeal is decided and the answer is mailed.")

    return decide(request, item, act, reverse("visitor_comments:appeals"))


def item_of(appeal: Appeal, request: HttpRequest) -> Item:
    removal = appeal.removal
    facts = [
        (gettext("Ground"), removal.get_ground_display()),
        (gettext("Rule or law"), removal.rule),
        (gettext("What was found"), removal.facts),
        (gettext("Removed by"), removal.by.public_name if removal.by else gettext("a rule")),
        (gettext("Received"), date_format(localtime(appeal.at), "DATETIME_FORMAT")),
    ]
    words = [(gettext("What the author says"), appeal.text)]
    notes, form, buttons = [], None, []
    if appeal.decided_at:
        facts.append((gettext("Outcome"), outcome_of(appeal)))
        facts.append(
            (gettext("Decided"), date_format(localtime(appeal.decided_at), "DATETIME_FORMAT"))
        )
        words.append((gettext("The answer"), appeal.answer))
    else:
        if removal.by_id == request.user.pk:
            notes.append(
                gettext("You removed this comment yourself. Better let another person decide.")
            )
        form = AnswerForm(request.POST if request.method == "POST" else None)
        buttons = [
            (UPHOLD, gettext("Bring the comment back"), False),
            ("refuse", gettext("Leave it removed"), True),
        ]
    return Item(
        title=gettext("Appeal against a removal"),
        facts=[(label, value) for label, value in facts if value],
        words=words,
        comment=removal.comment,
        notes=notes,
        form=form,
        buttons=buttons,
        back=reverse("visitor_comments:appeals"),
    )
