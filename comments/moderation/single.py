"""One comment with everything around it: thread, author, reasons and history."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_POST

from comments.models import VisitorComment
from comments.moderation.access import comment_or_404, moderators_only
from comments.moderation.authors import show_in_clear
from comments.moderation.histories import history_of
from comments.moderation.outcomes import outcome_in
from comments.moderation.queue import STATE_LABELS, actions_for, way_here
from comments.moderation.rows import Row, html_of, neighbours_of, rows_of
from comments.moderation.searches import Search
from comments.scopes import scope_of, visible
from comments.searching import Criteria, by_author_of
from core.extensions.masking import masking

MOST_OTHERS = 5


@moderators_only
def show(request: HttpRequest, key: int) -> HttpResponse:
    """Show one comment with all that is known of it; addresses are masked."""
    comment = comment_or_404(request, key)
    return page_of(request, comment, rows_of([comment])[0])


@require_POST
@moderators_only
def unmask(request: HttpRequest, key: int) -> HttpResponse:
    """Show the same with the author's addresses in clear, this once, and put that on record."""
    comment = comment_or_404(request, key)
    row = rows_of([comment])[0]
    try:
        show_in_clear(row.author, comment, to=request.user)
    except PermissionError:
        raise PermissionDenied from None
    response = page_of(request, comment, row)
    add_never_cache_headers(response)
    return response


def page_of(request: HttpRequest, comment: VisitorComment, row: Row) -> HttpResponse:
    key = comment.pk
    others = by_author_of(comment, visible(request.user)).exclude(pk=key).order_by("-pk")
    context = {
        "row": row,
        "comment": comment,
        "neighbours": neighbours_of(comment),
        "others": [(other, html_of(other)) for other in others[:MOST_OTHERS]],
        "all_others": [
            (label, Search(Criteria(status=status, same_author_as=key)).url(), count)
            for status, label, count in states_of(row.author.counts)
        ],
        "history": history_of(comment),
        "actions": actions_for(comment.status, request.user),
        "is_whole_site": scope_of(request.user).is_whole_site,
        "may_unmask": masking.get().may_unmask(request.user),
        "outcome": outcome_in(request),
        **way_here(row.url),
        "back": Search(Criteria(status=comment.status)).url(),
    }
    return render(request, "comments/admin/single.html", context)


def states_of(counts: dict[str, int]) -> list[tuple[str, str, int]]:
    return [
        (value, str(label), counts[value])
        for value, label in STATE_LABELS.items()
        if counts.get(value)
    ]


@moderators_only
def thread(request: HttpRequest, key: int) -> HttpResponse:
    """Show a comment among its neighbours, as a part of the queue or as a page."""
    comment = comment_or_404(request, key)
    context = {"comment": comment, "neighbours": neighbours_of(comment, each_way=3)}
    return render(request, "comments/admin/thread.html", context)
