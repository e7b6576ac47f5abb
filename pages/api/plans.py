"""Plans of what is asked for most: lists and single items that everybody may read."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet

from core.generations import PAGES as PAGES_CHANGED
from core.generations import Kept
from core.planned import ANY_KEY, ANY_MOMENT, Planned
from core.rest.declare import RestRequest
from pages.api.listing import Kind, columns_of, is_public
from pages.statuses import protected
from pages.visible import end_at_the_next_date, published


class ListPlan(NamedTuple):
    """A list's rows in their order, and their keys alone, which are counted."""

    shown: Planned
    counted: Planned


# Restrictions and the tree of terms are written into a plan: it holds until a page changes.
lists: Kept[ListPlan] = Kept(PAGES_CHANGED, most=300)
singles: Kept[Planned] = Kept(PAGES_CHANGED)
LONGEST_KEPT = 2_000


def plan_of_list(
    make: Callable[[RestRequest], QuerySet[Any]], request: RestRequest, kind: Kind
) -> ListPlan:
    """Return the plan of a list, kept where everybody gets the same one for the same question."""

    def plan() -> ListPlan:
        items = make(request)
        counted = Planned(items.order_by().values("pk"))
        if "is_protected" not in items.query.annotations:
            items = items.annotate(is_protected=protected())
        return ListPlan(Planned(items.values(*columns_of(items, kind))), counted)

    if not is_public(request) or request.params.get("search"):
        return plan()
    end_at_the_next_date()
    asked = asked_for(request, kind)
    return lists.get(asked, plan) if len(asked) < LONGEST_KEPT else plan()


def asked_for(request: RestRequest, kind: Kind) -> str:
    """Return what a list is made of: the parameters that it has, but not its pages."""
    params = request.params
    return repr((kind.name, request.locale, [params.get(name) for name in kind.narrowing]))


def published_row(
    entries: Callable[[], QuerySet[Any]], key: int, kind: Kind, now: datetime
) -> dict[str, Any] | None:
    """Return the row of what everybody may know of, which needs no more to be asked."""

    def plan() -> Planned:
        of: Sequence[str] = [kind.of] if kind.of else []
        items = published(entries().filter(pk=ANY_KEY), *of, now=ANY_MOMENT)
        return Planned(items.annotate(is_protected=protected()).values(*columns_of(items, kind)))

    end_at_the_next_date()
    return next(iter(singles.get(kind.name, plan).rows(now=now, key=key)), None)
