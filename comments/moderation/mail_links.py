"""Decisions by links in mails: a link shows the comment and asks, and a button decides.

Mail scanners open links, so that opening one does nothing. A link is signed for one moderator, one
comment and one decision, holds for three days, and is worth what its moderator may do by then.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy, override
from django.views.decorators.cache import never_cache

from comments import services
from comments.models import Status, VisitorComment
from comments.moderation.outcomes import sentence_for
from comments.moderation.rows import html_of, stands_under
from comments.scopes import may_moderate, visible
from core.extensions.people import notice_recipients
from core.tokens import sign, unsign

PURPOSE, VALID_SECONDS = "comment-decision", 3 * 24 * 60 * 60
LABELS = {
    Status.APPROVED: gettext_lazy("Approve"),
    Status.SPAM: gettext_lazy("Mark as spam"),
    Status.TRASH: gettext_lazy("Move to the trash"),
}


def decision_url(user: Any, comment: VisitorComment, action: str) -> str:
    """Return the address under which a moderator decides on a comment without signing in.

    It also names the state in which the moderator was told of the comment: once somebody else has
    decided, the link decides nothing any more.
    """
    token = sign(PURPOSE, [user.pk, comment.pk, str(action), comment.status])
    return f"{settings.SITE_URL}{reverse('comments:decide', args=[token])}"


@never_cache
def decide(request: HttpRequest, token: str) -> HttpResponse:
    """Show the comment and ask; posted, decide as its moderator."""
    try:
        user_id, key, action, seen = unsign(PURPOSE, token, max_age_seconds=VALID_SECONDS)
    except (BadSignature, ValueError):
        return shown(request, {}, status=404)
    user = get_user_model().objects.filter(pk=user_id, is_active=True).first()
    with override(language_of(user_id)):
        if user is None or not may_moderate(user):
            return shown(request, {}, status=403)
        comment = visible(user).filter(pk=key).first()
        if comment is None or action not in LABELS:
            return shown(request, {}, status=404)
        context = {
            "comment": comment,
            "html": html_of(comment),
            "under": stands_under({comment.target_id}).get(comment.target_id),
            "label": LABELS[Status(action)],
            "is_decided": comment.status != seen,
        }
        if request.method == "POST":
            shown_at = request.POST.get("shown_at", "")
            decided = services.decide_on([key], action, by=user, seen=f"{seen} {shown_at}".strip())
            if decided.changed:
                context |= {"done": sentence_for(action, 1), "batch": decided.batch}
            else:
                comment.refresh_from_db()
                context["is_decided"] = True
        return shown(request, context)


def shown(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    response = render(request, "comments/decide.html", context, status=status)
    # The address decides: no other site and no index may learn it. With no referrer at all the
    # browser names no origin when the button is pressed, and the form is refused as foreign.
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response


def language_of(user_id: int) -> str:
    recipient = notice_recipients.get().get_many([user_id]).get(user_id)
    return (recipient.language if recipient else "") or settings.LANGUAGE_CODE
