"""WordPress's statuses of entries, read from Wagtail's own means of saying the same."""

from typing import Any

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Cast
from django.utils import timezone
from wagtail.models import PageViewRestriction, Revision

PUBLISH, FUTURE, DRAFT, PENDING = "publish", "future", "draft", "pending"
PRIVATE, TRASH = "private", "trash"
STATUSES = (PUBLISH, FUTURE, DRAFT, PENDING, PRIVATE, TRASH)
PASSWORD = (PageViewRestriction.PASSWORD,)
MEMBERS_ONLY = (PageViewRestriction.LOGIN, PageViewRestriction.GROUPS)


def with_status(entries: QuerySet[Any]) -> QuerySet[Any]:
    """Add to each entry its `status`, and whether it `is_protected` by a password.

    Costs one small query more: restrictions of pages that have others below them. A post that is
    live with a date to come counts as future, as everything that shows posts holds it back.
    """
    scheduled = Revision.page_revisions.filter(
        object_id=Cast(OuterRef("pk"), CharField()), approved_go_live_at__isnull=False
    )
    return entries.annotate(
        status=Case(
            When(trashed_at__isnull=False, then=Value(TRASH)),
            When(Q(live=True) & restricted(MEMBERS_ONLY), then=Value(PRIVATE)),
            When(live=True, published_at__gt=timezone.now(), then=Value(FUTURE)),
            When(live=True, then=Value(PUBLISH)),
            When(Exists(scheduled), then=Value(FUTURE)),
            When(is_pending=True, then=Value(PENDING)),
            default=Value(DRAFT),
            output_field=CharField(),
        ),
        is_protected=Case(When(restricted(PASSWORD), then=Value(True)), default=Value(False)),
    )


def status_of(entry: Any) -> str:
    """Return the status of one entry as it is stored."""
    return str(with_status(type(entry).objects.filter(pk=entry.pk)).values_list("status").get()[0])


def restricted(types: tuple[str, ...]) -> Q:
    """Return the condition that a page or one above it has a view restriction of these types."""
    restrictions = PageViewRestriction.objects.filter(restriction_type__in=types)
    condition = Q(Exists(restrictions.filter(page_id=OuterRef("pk"))))
    above = restrictions.filter(page__numchild__gt=0).values_list("page__path", flat=True)
    for path in above:
        condition |= Q(path__startswith=path)
    return condition
