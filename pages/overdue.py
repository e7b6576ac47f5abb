"""Scheduled publications that did not happen, and why, for those who can mend them."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils import timezone
from wagtail.models import Revision

from pages.models.policy_pages import PolicyPage
from pages.publishing import problems_of

# The worker looks for what is due every half minute.
PATIENCE = timedelta(minutes=5)


class Overdue(NamedTuple):
    """A page that should be public since a moment, and what keeps it from being so."""

    page_id: int
    title: str
    due_at: datetime
    reasons: list[str]


def find_overdue() -> list[Overdue]:
    """Return what was due and is not published, longest overdue first."""
    now = timezone.now()
    late = Revision.page_revisions.filter(approved_go_live_at__lt=now - PATIENCE)
    found = []
    for revision in late.order_by("approved_go_live_at"):
        page = revision.as_object()
        problems = problems_of(page, now) if isinstance(page, PolicyPage) else {}
        reasons = [str(sentence) for sentence in problems.values()]
        found.append(Overdue(page.pk, page.title, revision.approved_go_live_at, reasons))
    return found
