"""A thread as HTML: stored fragments joined in path order."""

from bisect import insort
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from comments.fragments import making, set_fragment, shown
from comments.models import DiscussionSettings, VisitorComment
from comments.paging import Pages, pages_of
from comments.services.reacting import offered_reactions
from core.generations import comments_of, depend_on

NO_REACTIONS: Mapping[str, int] = {}


class Row(NamedTuple):
    """What is shown of one comment; rows are in thread order by their path."""

    path: str
    key: int
    head: str
    rendered: str
    reactions: Mapping[str, int] = NO_REACTIONS
    is_waiting: bool = False


@dataclass(frozen=True)
class Thread:
    """The approved comments of a target, ready for a page.

    `count` is that of all of them; `pages` is None where all are shown, and `page` the number of
    the one that is.
    """

    html: SafeString
    count: int
    pages: Pages | None = None
    page: int = 1


# The form that reactions are sent by; no heading of a text can have this identifier.
REACT = "react."
COLUMNS = ("path", "xtdcomment_ptr_id", "html", "rendered", "reactions", "fragment_version")


def read_thread(
    target_id: int, *, can_reply: bool, page: int = 0, held: VisitorComment | None = None
) -> Thread:
    """Return the thread of a target; the number of queries is the same for any length.

    `page` 0 is the one that the settings show first. `held` is a comment that waits and is shown
    to its author alone.
    """
    depend_on(comments_of(target_id))
    own = DiscussionSettings.current()
    approved = VisitorComment.objects.on(target_id).approved()
    pages = pages_of(target_id, own)
    if pages is not None:
        page = page or pages.first_shown
        rows = read_rows(on_page(approved, own, pages, page))
        count = approved.count()
    else:
        rows = read_rows(in_order(approved, own))
        count = len(rows)
    if held is not None:
        set_fragment(held)
        row = Row(held.path, held.pk, held.html, held.rendered, is_waiting=True)
        insort(rows, row) if own.thread_comments else rows.append(row)
    newest_first = own.comment_order == "desc"
    if own.thread_comments:
        deepest = own.thread_comments_depth - 1
        html = join(rows, deepest=deepest, can_reply=can_reply, newest_first=newest_first)
    else:
        html = join(rows, deepest=0, can_reply=False, newest_first=newest_first)
    return Thread(html, count, pages, page or 1)


def in_order(
    comments: QuerySet[VisitorComment], own: DiscussionSettings
) -> QuerySet[VisitorComment]:
    if own.thread_comments:
        return comments.order_by("path")
    return comments.order_by("posted_at", "xtdcomment_ptr")


def on_page(
    comments: QuerySet[VisitorComment], own: DiscussionSettings, pages: Pages, page: int
) -> QuerySet[VisitorComment]:
    """Return the comments of one page: from its first top comment up to that of the next page.

    Replies whose top comment is not shown stand behind the one before it.
    """
    start = (page - 1) * pages.per_page
    if not own.thread_comments:
        return in_order(comments, own)[start : start + pages.per_page]
    tops = comments.filter(depth=0).order_by("path").values_list("path", flat=True)
    edges = list(tops[start : start + pages.per_page + 1])
    if edges and page > 1:
        comments = comments.filter(path__gte=edges[0])
    if len(edges) > pages.per_page:
        comments = comments.filter(path__lt=edges[-1])
    return comments.order_by("path")


def read_rows(comments: QuerySet[VisitorComment]) -> list[Row]:
    how = making()
    found = list(comments.values_list(*COLUMNS))
    stale = [key for _, key, _, _, _, made in found if made != how.version]
    if not stale:
        return [Row(*columns) for *columns, _ in found]
    fresh = {comment.pk: comment for comment in VisitorComment.objects.filter(pk__in=stale)}
    for comment in fresh.values():
        set_fragment(comment, how)
    return [
        Row(path, key, fresh[key].html, fresh[key].rendered, reactions) if key in fresh
        else Row(path, key, head, rendered, reactions)
        for path, key, head, rendered, reactions, _ in found
    ]  # fmt: skip


def join(
    rows: Iterable[Row], *, deepest: int, can_reply: bool, newest_first: bool = False
) -> SafeString:
    """Return nested lists of rows, no deeper than `deepest`, the top ones in either order.

    A reply whose parent is not shown moves up to the nearest comment above it that is. As in
    WordPress, there is no link to reply where a reply could stand no deeper. A page of a thousand
    comments repeats this markup a thousand times: elements tell parts apart, the list alone has
    a class, and every reaction's button belongs to the one form REACT of the page.
    """
    reply, report = escape(gettext("Reply")), escape(gettext("Report"))
    kinds = [(each, escape(each), named(each)) for each in offered_reactions()]
    waiting = escape(gettext("Your comment is waiting to be read by a moderator."))
    groups: list[list[str]] = []
    out: list[str] = []
    above: list[str] = []
    depth = -1
    for path, key, head, rendered, reactions, is_waiting in rows:
        while above and not path.startswith(above[-1]):
            above.pop()
        level = min(len(above), deepest)
        above.append(path)
        if level == 0:
            if out:
                out.append("</li>" + "</ol></li>" * depth)
            out = []
            groups.append(out)
        elif level > depth:
            out.append("<ol>")
        else:
            out.append("</li>" + "</ol></li>" * (depth - level))
        depth = level
        out.append(f"<li>{shown(head, rendered)}")
        if is_waiting:
            out.append(f'<p class="notice comment-waiting">{waiting}</p></article>')
            continue
        out.append(f'<footer role="group" aria-labelledby="by-{key}">')
        if can_reply and level < deepest:
            out.append(f'<a href="?replytocom={key}#respond">{reply}</a> ')
        for kind, name, words in kinds:
            count = f" <b>{reactions[kind]}</b>" if reactions.get(kind) else ""
            out.append(
                f'<button form="{REACT}" name="{name}" value="{key}">{words}{count}</button> '
            )
        out.append(f'<a href="/comments/{key}/flag/">{report}</a></footer></article>')
    if out:
        out.append("</li>" + "</ol></li>" * depth)
    if newest_first:
        groups.reverse()
    inner = "".join("".join(group) for group in groups)
    return mark_safe(f'<ol class="comment-list">{inner}</ol>' if groups else "")


def named(kind: str) -> str:
    """Return the words of a reaction: translated for the usual ones, as written for others."""
    usual = {"like": gettext("Like"), "thanks": gettext("Thanks"), "agree": gettext("I agree")}
    return escape(usual.get(kind, kind))


def single(comment: VisitorComment, *, is_waiting: bool) -> SafeString:
    """Return one comment as it stands in a thread, with a word that it waits where it does."""
    own = DiscussionSettings.current()
    set_fragment(comment)
    row = Row(
        comment.path, comment.pk, comment.html, comment.rendered, comment.reactions, is_waiting
    )
    can_reply = own.thread_comments and comment.depth < own.thread_comments_depth - 1
    listed = join([row], deepest=1, can_reply=can_reply)
    return mark_safe(
        listed.removeprefix('<ol class="comment-list"><li>').removesuffix("</li></ol>")
    )
