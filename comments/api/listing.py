"""Which comments a list of wp/v2 has: filters, order and pages, in a fixed number of queries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, Q, When, Window
from django.db.models.functions import RowNumber

from comments.api.items import COLUMNS
from comments.models import Status, VisitorComment, VisitorCommentQuerySet
from comments.paging import kept_counts
from comments.repeats import author_ref
from comments.scopes import Scope
from core.extensions.commentables import CommentTarget, comment_targets
from core.generations import COMMENTS, Kept, comments_of, depend_on
from core.rest.collections import paginate
from core.rest.declare import RestRequest

STATES = {"approve": Status.APPROVED, "approved": Status.APPROVED, "1": Status.APPROVED,
          "hold": Status.HOLD, "0": Status.HOLD, "spam": Status.SPAM,
          "trash": Status.TRASH}  # fmt: skip
ORDERINGS = {"date": "posted_at", "date_gmt": "posted_at", "id": "xtdcomment_ptr",
             "post": "target_id", "type": "xtdcomment_ptr"}  # fmt: skip
# All that the number of comments in a list follows from.
FILTERS = ("status", "type", "post", "parent", "parent_exclude", "author", "author_exclude",
           "author_email", "search", "include", "exclude", "after", "before")  # fmt: skip
Comments = VisitorCommentQuerySet
# Sorts behind every digit, so that it ends the range of the paths below a comment.
PAST_DIGITS = ":"


@dataclass(frozen=True)
class Found:
    """The rows of one page with WordPress's counts."""

    rows: list[dict[str, Any]]
    total: int
    pages: int


def list_rows(
    request: RestRequest,
    *,
    held: int | None,
    scope: Scope | None,
    opened: Mapping[int, CommentTarget],
) -> Found:
    """Return the page of comments that a checked request asks for.

    `held` is the number of a comment that waits and is shown all the same; `scope` is where the
    asker moderates, to which the list keeps and where the search looks at what only moderators
    read, or None for the public list. `opened` are the targets asked for that the asker may read.
    """
    params, sees_all = request.params, scope is not None
    depend_on(*([comments_of(key) for key in params.get("post") or ()] or [COMMENTS]))
    comments = VisitorComment.objects.order_by()
    # Readers see approved ones alone, and no restricted comment is one of them.
    comments = comments.unrestricted() if sees_all else comments
    comments = filtered(comments, params, held=held, sees_all=sees_all)
    if scope is not None:
        comments = scope.narrow(comments)
        total = comments.count()
    else:
        targets = sorted(opened) if params.get("post") else []
        hidden = [] if params.get("post") else hidden_targets()
        comments = comments.filter(target_id__in=targets) if params.get("post") else comments
        comments = comments.exclude(target_id__in=hidden) if hidden else comments
        total = comments.count() if held else count_of(comments, params, targets, hidden)
    offset, limit, pages = paginate(total, request, refuses_past_end=False)
    ordered = in_order(comments, params)
    if offset:
        # The rows before the page are counted in the index alone, and never read.
        keys = ordered.values("xtdcomment_ptr")[offset : offset + limit]
        ordered = in_order(VisitorComment.objects.filter(xtdcomment_ptr__in=keys), params)
        rows = list(ordered.values(*COLUMNS))
    else:
        rows = list(ordered.values(*COLUMNS)[:limit])
    if held is not None:
        for row in rows:
            if row["xtdcomment_ptr_id"] == held and not sees_all:
                row["status"] = Status.HOLD
    return Found(rows, total, pages)


def newest_below(target_ids: Iterable[int], most: int) -> list[dict[str, Any]]:
    """Return the newest approved comments of each target, at most so many of each: one query."""
    keys = sorted(target_ids)
    depend_on(*(comments_of(key) for key in keys))
    newest = [F("posted_at").desc(), F("xtdcomment_ptr").desc()]
    place = Window(RowNumber(), partition_by=F("target_id"), order_by=newest)
    comments = VisitorComment.objects.order_by().approved().filter(target_id__in=keys)
    found = comments.annotate(place=place).filter(place__lte=most)
    return list(found.order_by("target_id", *newest).values(*COLUMNS)) if keys else []


kept_targets: Kept[frozenset[int]] = Kept(COMMENTS)


def hidden_targets() -> list[int]:
    """Return the targets with comments that the public may not read.

    What stands there is left out of every public list, since its count would tell of it as well.
    """
    approved = VisitorComment.objects.order_by().approved()
    commented = kept_targets.get(
        "commented", lambda: frozenset(approved.values_list("target_id", flat=True).distinct())
    )
    return sorted(commented - comment_targets.get().get_many(commented).keys())


def count_of(
    comments: Comments, params: dict[str, Any], targets: list[int], hidden: list[int]
) -> int:
    """Return how many comments everybody may see match, counted once a change of comments.

    `targets` are those asked for, `hidden` those left out.
    """
    name = comments_of(targets[0]) if len(targets) == 1 else COMMENTS
    key = repr([targets, hidden, *(params.get(each) for each in FILTERS)])
    return kept_counts.get_of(name, key, comments.count)


def in_order(comments: Comments, params: dict[str, Any]) -> Comments:
    name = params["orderby"]
    sign = "" if params["order"] == "asc" else "-"
    if name == "include" and params.get("include"):
        places = [When(pk=key, then=place) for place, key in enumerate(params["include"])]
        return comments.order_by(Case(*places, default=len(places)))
    if name == "parent":
        first = Case(When(depth=0, then=0), default=F("parent_id"))
        return comments.order_by(first.desc() if sign else first.asc(), f"{sign}xtdcomment_ptr")
    return comments.order_by(f"{sign}{ORDERINGS.get(name, 'posted_at')}", f"{sign}xtdcomment_ptr")


def filtered(
    comments: Comments, params: dict[str, Any], *, held: int | None, sees_all: bool
) -> Comments:
    wanted = params.get("status") or "approve"
    if wanted == "all":
        shown = Q(status__in=[Status.APPROVED, Status.HOLD])
    elif wanted == "any":
        shown = ~Q(status__in=[Status.SPAM, Status.TRASH])
    else:
        shown = Q(status=STATES.get(wanted, Status.APPROVED))
    if held is not None:
        shown |= Q(pk=held)
    comments = comments.filter(shown)
    kind = params.get("type") or VisitorComment.Kind.COMMENT
    if kind != "all":
        comments = comments.filter(kind=kind)
    if params.get("post"):
        comments = comments.filter(target_id__in=params["post"])
    if params.get("parent"):
        comments = comments.filter(below(params["parent"]))
    if params.get("parent_exclude"):
        comments = comments.exclude(below(params["parent_exclude"]))
    if params.get("author"):
        comments = comments.filter(user_id__in=params["author"])
    if params.get("author_exclude"):
        comments = comments.exclude(user_id__in=params["author_exclude"])
    if params.get("author_email"):
        comments = comments.filter(author_ref=author_ref(params["author_email"]))
    if params.get("search"):
        comments = comments.filter(containing(params["search"], sees_all=sees_all))
    if params.get("include"):
        comments = comments.filter(pk__in=params["include"])
    if params.get("exclude"):
        comments = comments.exclude(pk__in=params["exclude"])
    if params.get("after"):
        comments = comments.filter(posted_at__gt=params["after"])
    if params.get("before"):
        comments = comments.filter(posted_at__lt=params["before"])
    return comments


def below(parents: list[int]) -> Q:
    """Return what stands directly below some comments, 0 for the top; found by the path's index."""
    found = Q(pk__in=[])
    if 0 in parents:
        found |= Q(depth=0)
    rows = VisitorComment.objects.filter(pk__in=[key for key in parents if key])
    for target_id, path, depth in rows.values_list("target_id", "path", "depth"):
        found |= Q(
            target_id=target_id, path__gt=path, path__lt=f"{path}{PAST_DIGITS}", depth=depth + 1
        )
    return found


def containing(words: str, *, sees_all: bool) -> Q:
    # WordPress also searches addresses, by which a stranger learns who has commented.
    found = Q(comment__icontains=words) | Q(user_name__icontains=words)
    if sees_all:
        found |= Q(user_email__icontains=words) | Q(user_url__icontains=words)
    return found
