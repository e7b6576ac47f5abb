"""A thread as HTML: stored fragments joined in path order."""

import json
from bisect import insort
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from comments.fragments import NUMBER, making, set_fragment, shown
from comments.models import DiscussionSettings, VisitorComment
from comments.paging import Pages, count_shown, pages_of
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
COLUMNS = ("path", "xtdcomment_ptr_id", "html", "rendered", "fragment_version")
# Most comments have none, and reading nothing as JSON a thousand times takes a millisecond.
GIVEN = Cast("reactions", TextField())


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
        count = count_shown(target_id)
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
    found = list(comments.values_list(*COLUMNS, GIVEN))
    stale = [key for _, key, _, _, made, _ in found if made != how.version]
    fresh = {each.pk: each for each in VisitorComment.objects.filter(pk__in=stale)} if stale else {}
    for comment in fresh.values():
        set_fragment(comment, how)
    rows = [
        Row(path, key, head, rendered, NO_REACTIONS if given == "{}" else json.loads(given))
        for path, key, head, rendered, _, given in found
    ]
    if not fresh:
        return rows
    return [
        row._replace(head=fresh[row.key].html, rendered=fresh[row.key].rendered)
        if row.key in fresh
        else row
        for row in rows
    ]


def join(
    rows: Iterable[Row], *, deepest: int, can_reply: bool, newest_first: bool = False
) -> SafeString:
    """Return nested lists of rows, no deeper than `deepest`, the top ones in either order.

    A reply whose parent is not shown moves up to the nearest comment above it that is. As in
    WordPress, there is no link to reply where a reply could stand no deeper. A page of a thousand
    comments repeats this markup a thousand times: elements tell parts apart, and the list alone
    has a class.
    """
    kinds = [(each, named(each)) for each in offered_reactions()]
    usual = {has_reply: actions(kinds, NO_REACTIONS, has_reply) for has_reply in (True, False)}
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
        has_reply = can_reply and level < deepest
        made = actions(kinds, reactions, has_reply) if reactions else usual[has_reply]
        out.append(made.replace(NUMBER, str(key)))
    if out:
        out.append("</li>" + "</ol></li>" * depth)
    if newest_first:
        groups.reverse()
    inner = "".join("".join(group) for group in groups)
    return mark_safe(f'<ol class="comment-list">{inner}</ol>' if groups else "")


def actions(kinds: Iterable[tuple[str, str]], reactions: Mapping[str, int], has_reply: bool) -> str:
    """Return what may be done with a comment, and its end, with NUMBER in the place of its own.

    Every reaction's button belongs to the one form REACT of the page.
    """
    parts = [f'<footer role="group" aria-labelledby="by-{NUMBER}">']
    if has_reply:
        parts.append(f'<a href="?replytocom={NUMBER}#respond">{escape(gettext("Reply"))}</a> ')
    for kind, words in kinds:
        count = f" <b>{reactions[kind]}</b>" if reactions.get(kind) else ""
        name = f'form="{REACT}" name="{escape(kind)}" value="{NUMBER}"'
        parts.append(f"<button {name}>{words}{count}</button> ")
    parts.append(f'<a href="/comments/{NUMBER}/flag/">{escape(gettext("Report"))}</a></footer>')
    return f"{''.join(parts)}</article>"


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
