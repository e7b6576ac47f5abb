"""The comments below a page."""

from typing import Any

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from comments.author_tokens import held_key
from comments.forms import CommentForm, offers
from comments.models import DiscussionSettings, VisitorComment
from comments.services import is_open
from comments.threads import Thread, read_thread
from comments.views import offered_in, parent_of
from core.extensions.commentables import comment_targets
from core.generations import DISCUSSION, PAGES, Kept, answer_privately, current_generation

register = template.Library()


@register.inclusion_tag("comments/section.html", takes_context=True)
def visitor_comments(context: dict[str, Any], page: Any) -> dict[str, Any]:
    """Show the thread of a page and, while it is open, the form.

    `?replytocom=ID` names the comment that the form replies to; `comment_page` in the context is
    the number of the page of comments that the address names.
    """
    target = comment_targets.get().get_many([page.pk]).get(page.pk)
    own = DiscussionSettings.current()
    opened = target is not None and is_open(target, own)
    request = context.get("request")
    query = request.GET if request else {}
    thread = read_thread(
        page.pk,
        can_reply=opened,
        page=context.get("comment_page") or 0,
        held=held_in(query, page.pk),
    )
    parent = parent_of(query.get("replytocom", ""), page.pk)
    shows_form = opened and not own.comment_registration
    return {
        "thread": thread,
        "older": neighbour(thread, -1, target),
        "newer": neighbour(thread, 1, target),
        "is_open": opened,
        "target": target,
        "form_html": form_html(target, own, parent, context) if shows_form else "",
        "thread_url": reverse("comments:thread", args=[page.pk]) if target else "",
        "heading": heading(thread.count),
        "newest_first": own.comment_order == "desc",
    }


kept_forms: Kept[str] = Kept(PAGES)


def form_html(
    target: Any, own: DiscussionSettings, parent: VisitorComment | None, context: dict[str, Any]
) -> str:
    """Return the form below a target: the same for every visitor until settings or pages change."""

    user = known_user(context.get("request"))
    # Asked each time, since what is in force may change by the clock alone.
    offered = offered_in(target.language, user)

    def make() -> str:
        return render_to_string("comments/form.html", {
            **offers(own),
            "form": CommentForm(),
            "target": target,
            "parent": parent,
            "offered": offered,
            "frame": context.get("frame"),
        })  # fmt: skip

    if parent is not None or user is not None:
        return make()
    asked = tuple(version.field for version in offered)
    return kept_forms.get((target.id, get_language(), current_generation(DISCUSSION), asked), make)


def held_in(query: Any, target_id: int) -> VisitorComment | None:
    """Return the comment that waits and that the address shows to its author alone."""
    key = held_key(query)
    if key is None:
        return None
    answer_privately()
    waiting = VisitorComment.objects.on(target_id).exclude(status="approved")
    return waiting.filter(pk=key).first()


def neighbour(thread: Thread, step: int, target: Any) -> str:
    """Return the address of the page of comments before or behind, "" where there is none."""
    if thread.pages is None or target is None:
        return ""
    number = thread.page + step
    if not 1 <= number <= thread.pages.count:
        return ""
    return f"{target.link}{thread.pages.path(number)}#comments"


def known_user(request: Any) -> Any:
    """Return who is signed in. Without a session's cookie nobody is asked: the question alone
    would make the answer vary by cookie, and no cache could keep it."""
    if request is None or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    return getattr(request, "user", None)


def heading(count: int) -> str:
    if count == 0:
        return _("Comments")
    return _("One comment") if count == 1 else _("%(count)d comments") % {"count": count}
