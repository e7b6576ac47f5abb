"""Which posts and pages everybody may read at this moment."""

from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Min, Q, QuerySet
from django.utils import timezone

from core.generations import PAGES, Kept, expire_at
from pages.models import PostPage, StandardPage
from pages.statuses import MEMBERS_ONLY, PASSWORD, restricted


def published(
    entries: QuerySet[Any], *of: str, now: datetime | None = None
) -> QuerySet[Any]:  # fmt: skip
    """Return those with the status publish, which everybody may know of; some have a password.

    `of` are the relations that lead to entries where the rows are Wagtail's pages. Whoever plans
    a query for later gives what stands for `now` in it.
    """
    end_at_the_next_date()
    dates = [f"{relation}__published_at" for relation in of] or ["published_at"]
    now = now or timezone.now()
    to_come = reduce(or_, (Q(**{f"{date}__gt": now}) for date in dates))
    return entries.filter(live=True).exclude(to_come).exclude(restricted(MEMBERS_ONLY))


def readable(entries: QuerySet[Any], *of: str) -> QuerySet[Any]:
    """Return those that everybody may read: published, and without a password."""
    return published(entries, *of).exclude(restricted(PASSWORD))


next_dates: Kept[datetime | None] = Kept(PAGES)


def end_at_the_next_date() -> None:
    """Let what is being made end when the next post's date is reached: time alone publishes it."""
    coming = next_dates.get("next", find_next_date)
    if coming is not None and coming <= timezone.now():
        next_dates.current().pop("next", None)
        coming = next_dates.get("next", find_next_date)
    if coming is not None:
        expire_at(coming)


def find_next_date() -> datetime | None:
    now = timezone.now()
    dates = [
        model.objects.filter(live=True, published_at__gt=now).aggregate(next=Min("published_at"))
        for model in (PostPage, StandardPage)
    ]
    return min((each["next"] for each in dates if each["next"]), default=None)
