"""The queue: the comments of one state that a search finds, with all that a decision needs."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.core.cache import cache
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from comments.models import DiscussionSettings, Status, VisitorComment
from comments.moderation.access import may_delete, moderators_only
from comments.moderation.outcomes import outcome_in, with_same_outcome
from comments.moderation.quality import weekly_line
from comments.moderation.reasons import label_of
from comments.moderation.rows import rows_of, stands_under
from comments.moderation.searches import ORDER_LABELS, Search, form_of, keep, search_in
from comments.paging import kept_counts
from comments.scopes import Scope, scope_of
from comments.searching import Place, count_up_to, matching, step
from comments.services.moderating import DELETED
from core.generations import COMMENTS

MOST_OPTIONS, MOST_COUNTED = 40, 1000
# How old the numbers beside the filters' choices may be.
OPTIONS_KEPT_SECONDS = 60
STATE_LABELS = {
    Status.HOLD: gettext_lazy("Waiting"),
    Status.APPROVED: gettext_lazy("Approved"),
    Status.SPAM: gettext_lazy("Spam"),
    Status.TRASH: gettext_lazy("Trash"),
}


@moderators_only
def show(request: HttpRequest) -> HttpResponse:
    """Show a page of the queue."""
    search = search_in(request)
    scope = scope_of(request.user)
    visible = scope.narrow(VisitorComment.objects.unrestricted())
    found = matching(search.criteria, visible)
    places = {name: Place.parse(request.GET.get(name, "")) for name in ("after", "before")}
    rows = VisitorComment.objects.select_related("user")
    page = step(found, search.order, rows=rows, **places)
    if not page.rows and any(places.values()):
        # All of that page has been decided on: what is left begins at the front.
        return redirect(with_same_outcome(request, search.url()))
    own = DiscussionSettings.load()
    counts = counts_in(scope)
    total = counts.get(search.criteria.status, 0)
    if search.criteria.is_narrow:
        is_whole = not (page.has_next or page.has_previous)
        total = len(page.rows) if is_whole else count_up_to(MOST_COUNTED, search.criteria, found)
    context = {
        "search": search,
        "form": form_of(search),
        "orders": [(each, label, search.url(order=each)) for each, label in ORDER_LABELS.items()],
        "states": states(search, counts),
        "posts": posts_in(search, scope),
        "reasons": reasons_in(search, scope),
        "pills": (narrowings := pills(search)),
        "filter_count": len(narrowings) - bool(search.criteria.words),
        "rows": rows_of(page.rows),
        "total": total,
        "is_more": search.criteria.is_narrow and total == MOST_COUNTED,
        **way_here(search.url(**{name: str(place) for name, place in places.items() if place})),
        "first_url": search.url() if page.has_previous else "",
        "previous_url": neighbour(search, page.rows, "before") if page.has_previous else "",
        "next_url": neighbour(search, page.rows, "after") if page.has_next else "",
        "actions": actions_for(search.criteria.status, request.user),
        "is_whole_site": scope.is_whole_site,
        "outcome": outcome_in(request),
        "quality": weekly_line(scope),
        "uses_keys": own.admin_keyboard and wants_keys(request.user),
        "watches": bool(own.log_only_screeners.strip()),
    }
    return render(request, "comments/admin/queue.html", context)


def way_here(url: str) -> dict[str, str]:
    """Return where forms and links of the rows lead, worked out once for all of them."""
    return {
        "here": url,
        "here_quoted": quote(url),
        "act_url": reverse("visitor_comments:moderate"),
    }


def neighbour(search: Search, rows: Any, name: str) -> str:
    if not rows:
        return search.url()
    row = rows[0] if name == "before" else rows[-1]
    return search.place(name, Place.of(row, search.order))


def wants_keys(user: Any) -> bool:
    # Wagtail's own switch for its keys, in everybody's account.
    profile = getattr(user, "wagtail_userprofile", None)
    return bool(profile is None or profile.keyboard_shortcuts)


@dataclass(frozen=True)
class State:
    """A tab: a state, how many comments are in it, and where it leads."""

    value: str
    label: str
    count: int
    url: str
    is_current: bool


def counts_in(scope: Scope) -> dict[str, int]:
    """Return how many comments are in each state.

    Approved ones, of which an old site has most, are counted once a change.
    """
    visible = scope.narrow(VisitorComment.objects.order_by())
    others = visible.unrestricted().filter(status__in=[Status.HOLD, Status.SPAM, Status.TRASH])
    counts = dict(others.values_list("status").annotate(count=Count("pk")))
    approved = visible.filter(status=Status.APPROVED)
    if scope.is_whole_site:
        counts[Status.APPROVED] = kept_counts.get_of(COMMENTS, "site", approved.count)
    else:
        counts[Status.APPROVED] = approved.count()
    return counts


def states(search: Search, counts: dict[str, int]) -> list[State]:
    current = search.criteria.status
    return [
        State(value, str(label), counts.get(value, 0), search.url(status=value), value == current)
        for value, label in STATE_LABELS.items()
    ]


@dataclass(frozen=True)
class Option:
    """One choice of a filter, with how many comments of the state it would leave."""

    value: str
    label: str
    is_chosen: bool


def tally(search: Search, scope: Scope, column: str) -> list[tuple[Any, int]]:
    """Return the values of a column in the state, the most frequent first, each with its number."""
    status = search.criteria.status
    paths = "*" if scope.paths is None else ",".join(scope.paths)
    key = f"comments.tally:{column}:{status}:{paths}"
    found = cache.get(key)
    if found is None:
        visible = scope.narrow(VisitorComment.objects.filter(status=status))
        counted = visible.order_by().values_list(column).annotate(count=Count("pk"))
        found = list(counted.order_by("-count", column)[:MOST_OPTIONS])
        cache.set(key, found, OPTIONS_KEPT_SECONDS)
    return found


def reasons_in(search: Search, scope: Scope) -> list[Option]:
    """Return the main reasons that comments of the state have, the most frequent first."""
    return [
        Option(code, f"{label_of(code)} ({count})", code == search.criteria.reason)
        for code, count in tally(search, scope, "main_reason")
        if code
    ]


def posts_in(search: Search, scope: Scope) -> list[Option]:
    """Return the posts under which most comments of the state stand, and the chosen one."""
    rows = tally(search, scope, "target_id")
    chosen = search.criteria.target_id
    if chosen is not None and chosen not in {key for key, _count in rows}:
        rows = [*rows, (chosen, 0)]
    titles = stands_under({key for key, _count in rows})
    return [
        Option(str(key), f"{titles[key].title if key in titles else key} ({count})", key == chosen)
        for key, count in rows
    ]


def pills(search: Search) -> list[tuple[str, str]]:
    """Return what the list is narrowed by, in words, each with the address that takes it out."""
    criteria, found = search.criteria, []
    if criteria.words or criteria.author:
        if criteria.words:
            found.append((_("Words: %(words)s") % {"words": criteria.words}, search.url(f=None)))
        if criteria.author:
            found.append((_("Author: %(name)s") % {"name": criteria.author}, search.url(f=None)))
    if criteria.same_author_as is not None:
        found.append((_("One author"), search.url(by=None)))
    if criteria.target_id is not None:
        title = stands_under({criteria.target_id}).get(criteria.target_id)
        found.append((title.title if title else str(criteria.target_id), search.url(post=None)))
    if criteria.reason:
        found.append((label_of(criteria.reason), search.url(reason=None)))
    if criteria.score_from is not None or criteria.score_to is not None:
        low, high = criteria.score_from or 0, 1 if criteria.score_to is None else criteria.score_to
        found.append(
            (
                _("Spam score %(low)d to %(high)d %%")
                % {"low": round(low * 100), "high": round(high * 100)},
                search.url(score_from=None, score_to=None),
            )
        )
    if criteria.since is not None or criteria.until is not None:
        first, last = criteria.since or "…", criteria.until or "…"
        found.append((f"{first} – {last}", search.url(since=None, until=None)))
    return found


def actions_for(status: str, user: Any) -> list[tuple[str, str]]:
    """Return what can be done with comments of a state, the usual first."""
    labels = {
        Status.APPROVED: _("Approve"),
        Status.SPAM: _("Spam"),
        Status.TRASH: _("Trash"),
        Status.HOLD: _("Hold"),
    }
    actions = [(str(value), label) for value, label in labels.items() if value != status]
    if status in {Status.SPAM, Status.TRASH} and may_delete(user):
        actions.append((DELETED, _("Delete for good")))
    return actions


@require_POST
@moderators_only
def search(request: HttpRequest) -> HttpResponse:
    """Take a search and lead to its list, whose address names nobody."""
    return redirect(keep(request).url())
