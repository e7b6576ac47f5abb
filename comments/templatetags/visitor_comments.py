"""The comments below a page."""

from typing import Any

from django import template
from django.conf import settings
from django.utils.translation import gettext as _

from comments.forms import HONEYPOT, CommentForm
from comments.models import DiscussionSettings, VisitorComment
from comments.services import is_open
from comments.threads import read_thread
from comments.views import offered_in
from core.extensions.commentables import comment_targets

register = template.Library()


@register.inclusion_tag("comments/section.html", takes_context=True)
def visitor_comments(context: dict[str, Any], page: Any) -> dict[str, Any]:
    """Show the thread of a page and, while it is open, the form.

    `?replytocom=ID` names the comment that the form replies to.
    """
    target = comment_targets.get().get_many([page.pk]).get(page.pk)
    own = DiscussionSettings.load()
    opened = target is not None and is_open(target, own)
    thread = read_thread(page.pk, can_reply=opened and own.thread_comments)
    request = context.get("request")
    parent = parent_of(request.GET.get("replytocom", "") if request else "", page.pk)
    return {
        "thread": thread,
        "is_open": opened,
        "target_id": page.pk,
        "form": CommentForm(),
        "parent": parent,
        "parent_id": parent.pk if parent else 0,
        "honeypot": HONEYPOT,
        "offered": offered_in(target.language, known_user(request)) if target and opened else (),
        "offers_memory": own.show_cookies_opt_in,
        "asks_akismet": bool(settings.AKISMET_API_KEY),
        "needs_sign_in": own.comment_registration,
        "frame": context.get("frame"),
        "heading": heading(thread.count),
    }


def known_user(request: Any) -> Any:
    """Return who is signed in. Without a session's cookie nobody is asked: the question alone
    would make the answer vary by cookie, and no cache could keep it."""
    if request is None or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    return getattr(request, "user", None)


def parent_of(value: str, target_id: int) -> VisitorComment | None:
    if not value.isdigit() or len(value) > 18:
        return None
    return VisitorComment.objects.approved().on(target_id).filter(pk=value).first()


def heading(count: int) -> str:
    if count == 0:
        return _("Comments")
    return _("One comment") if count == 1 else _("%(count)d comments") % {"count": count}
