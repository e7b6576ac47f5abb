"""How well screening and moderation did in the last seven days, in one line."""

from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Any

from django.core.cache import cache
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comments.models import ModerationAct, Status
from comments.scopes import Scope

DAYS = 7
# The median of so many recent decisions is the median of all, as near as anybody can tell.
MOST_DECISIONS = 2000
KEPT_SECONDS = 300


@dataclass(frozen=True)
class Quality:
    """What went wrong in a week, and how long people waited.

    `missed` is spam that screening published and a moderator found; `wronged` are comments that
    screening called spam and a moderator did not; `median_seconds` runs from writing to a decision.
    """

    missed: int
    wronged: int
    decisions: int
    median_seconds: float | None


def weekly(scope: Scope) -> Quality:
    """Return the quality of the last seven days within a scope, a few minutes old at most."""
    key = f"comments.quality:{','.join(scope.paths) if scope.paths is not None else '*'}"
    found = cache.get(key)
    if found is None:
        found = measure(scope)
        cache.set(key, found, KEPT_SECONDS)
    return found


def measure(scope: Scope) -> Quality:
    """Return the quality of the last seven days, in three queries.

    Only explicit decisions of people count, and none that was taken back. What a person had let
    through or thrown away before is that person's mistake and not screening's.
    """
    since = timezone.now() - timedelta(days=DAYS)
    acts = ModerationAct.objects.filter(
        at__gte=since, by__isnull=False, undone_at=None, note="", comment__isnull=False
    )
    if scope.paths is not None:
        acts = acts.filter(comment__target_id__in=scope.pages().order_by().values("pk"))
    earlier = ModerationAct.objects.filter(
        comment=OuterRef("comment"), pk__lt=OuterRef("pk"), by__isnull=False, undone_at=None
    )
    firsts = acts.filter(~Exists(earlier))
    rejected, accepted = [Status.SPAM, Status.TRASH], [Status.APPROVED, Status.HOLD]
    missed = firsts.filter(old_status=Status.APPROVED, new_status=Status.SPAM).count()
    wronged = firsts.filter(old_status__in=rejected, new_status__in=accepted).count()
    # When an imported comment was written says nothing of how long it waited here.
    times = firsts.filter(old_status=Status.HOLD).exclude(comment__channel="import").order_by("-pk")
    waits = [
        (at - written).total_seconds()
        for at, written in times.values_list("at", "comment__submit_date")[:MOST_DECISIONS]
    ]
    return Quality(missed, wronged, len(waits), median(waits) if waits else None)


def weekly_line(scope: Scope) -> list[str]:
    """Return the line as its parts, in words; empty where nobody decided anything."""
    quality = weekly(scope)
    if not (quality.decisions or quality.missed or quality.wronged):
        return []
    parts: list[Any] = [
        ngettext(
            "%(count)d spam comment got through", "%(count)d spam comments got through",
            quality.missed,
        ) % {"count": quality.missed},
        ngettext(
            "%(count)d good comment was called spam", "%(count)d good comments were called spam",
            quality.wronged,
        ) % {"count": quality.wronged},
    ]  # fmt: skip
    if quality.median_seconds is not None:
        now = timezone.now()
        waited = timesince(now - timedelta(seconds=max(quality.median_seconds, 60)), now, depth=1)
        parts.append(_("half of the comments waited less than %(time)s") % {"time": waited})
    return parts
