"""A thread as HTML: stored fragments joined in path order."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from comments.fragments import VERSION
from comments.models import DiscussionSettings, Status, VisitorComment
from comments.services import fragment_of
from core.generations import comments_of, depend_on


@dataclass(frozen=True)
class Thread:
    """The approved comments of a target, ready for a page."""

    html: SafeString
    count: int


def read_thread(target_id: int, *, can_reply: bool) -> Thread:
    """Return the thread of a target; the number of queries is the same for any length."""
    depend_on(comments_of(target_id))
    own = DiscussionSettings.load()
    deepest = own.thread_comments_depth - 1 if own.thread_comments else 0
    rows = (
        VisitorComment.objects.on(target_id)
        .approved()
        .in_thread_order()
        .values_list("pk", "level", "html", "fragment_version", "user_name")
    )
    shown = list(rows)
    stale = [key for key, _, _, version, _ in shown if version != VERSION]
    fresh = {c.pk: fragment_of(c) for c in VisitorComment.objects.filter(pk__in=stale)}
    html = join(
        ((key, min(level, deepest), fresh.get(key, stored), name)
         for key, level, stored, _, name in shown),
        can_reply=can_reply,
    )  # fmt: skip
    return Thread(html, len(shown))


def join(rows: Iterable[tuple[int, int, str, str]], *, can_reply: bool) -> SafeString:
    """Return nested lists of (key, level, fragment, name) rows in thread order.

    A reply whose parent is not shown moves up to the nearest level that is.
    """
    reply, report = escape(gettext("Reply")), escape(gettext("Report"))
    report_url = escape(reverse("comment_rights:report"))
    out: list[str] = []
    depth = -1
    for key, level, fragment, name in rows:
        level = min(level, depth + 1)
        if level > depth:
            out.append('<ol class="comment-list">')
        else:
            out.append("</li>" + "</ol></li>" * (depth - level))
        depth = level
        out.append(f"<li>{fragment}")
        out.append('<p class="comment-actions">')
        shown = name or gettext("Anonymous")
        if can_reply:
            to_whom = escape(gettext("Reply to %(name)s") % {"name": shown})
            out.append(
                f'<a class="comment-reply" rel="nofollow" '
                f'href="?replytocom={key}#respond" data-comment="{key}" aria-label="{to_whom}">'
                f"{reply}</a> "
            )
        whose = escape(gettext("Report the comment of %(name)s") % {"name": shown})
        out.append(
            f'<a class="comment-report" rel="nofollow" href="{report_url}?comment={key}" '
            f'aria-label="{whose}">{report}</a></p></article>'
        )
    if depth >= 0:
        out.append("</li></ol>" * (depth + 1))
    return mark_safe("".join(out))


def held_fragment(comment: VisitorComment) -> SafeString:
    """Return a comment that only its author sees while it waits."""
    waiting = Status(comment.status) != Status.APPROVED
    note = (
        f'<p class="comment-waiting" role="status">'
        f"{escape(gettext('Your comment is waiting to be read by a moderator.'))}</p>"
        if waiting
        else ""
    )
    return mark_safe(f"{fragment_of(comment)}{note}</article>")
