"""Where a moderator may act: on the whole site, or below the pages of their groups."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from wagtail.models import Page

from comments.models import ModeratorScope, VisitorComment, VisitorCommentQuerySet

CHANGE, DELETE = "comments.change_visitorcomment", "comments.delete_visitorcomment"


@dataclass(frozen=True)
class Scope:
    """The comments that somebody may moderate.

    `paths` are the tree paths of the pages below which they may, the pages included; None is the
    whole site, and none at all is nothing.
    """

    paths: tuple[str, ...] | None = None

    @property
    def is_whole_site(self) -> bool:
        """Tell whether decisions that reach beyond single comments may be taken too."""
        return self.paths is None

    def pages(self) -> QuerySet[Page]:
        """Return the pages in scope."""
        if self.paths is None:
            return Page.objects.all()
        below = Q(pk__in=[])
        for path in self.paths:
            below |= Q(path__startswith=path)
        return Page.objects.filter(below)

    def narrow(self, comments: VisitorCommentQuerySet) -> VisitorCommentQuerySet:
        """Leave out the comments that are not in scope."""
        if self.paths is None:
            return comments
        return comments.filter(target_id__in=self.pages().order_by().values("pk"))

    def covers(self, target_id: int) -> bool:
        """Tell whether comments on a target may be moderated."""
        return self.paths is None or self.pages().filter(pk=target_id).exists()


def may_moderate(user: Any) -> bool:
    """Tell whether somebody is a moderator at all; `scope_of` tells where."""
    return bool(user.is_active and user.has_perm(CHANGE))


def scope_of(user: Any) -> Scope:
    """Return where somebody's moderation holds: the edges have asked already whether they may.

    A group without pages moderates the whole site; several groups add up. Who may moderate by
    another right than a group's, such as an administrator, may everywhere. Two queries at most.
    """
    if user.is_superuser:
        return Scope()
    moderating = Permission.objects.filter(
        content_type__app_label="comments", codename=CHANGE.partition(".")[2]
    )
    rows = list(
        user.groups.filter(permissions__in=moderating).values_list(
            "pk", "comment_scopes__pk", "comment_scopes__page__path"
        )
    )
    has_whole_group = any(scope_id is None for _, scope_id, _ in rows)
    if not rows or has_whole_group or user.user_permissions.filter(pk__in=moderating).exists():
        return Scope()
    return Scope(outermost(path for _, _, path in rows if path))


def outermost(paths: Iterable[str]) -> tuple[str, ...]:
    found: list[str] = []
    for path in sorted(paths):
        if not found or not path.startswith(found[-1]):
            found.append(path)
    return tuple(found)


def set_scopes(group_id: int, page_ids: Iterable[int]) -> None:
    """Let a group moderate below these pages alone; none is the whole site. Safe to call twice."""
    wanted = set(page_ids)
    rows = ModeratorScope.objects.filter(group_id=group_id)
    rows.exclude(page_id__in=wanted).delete()
    rows.filter(page=None).delete()
    ModeratorScope.objects.bulk_create(
        [ModeratorScope(group_id=group_id, page_id=key) for key in sorted(wanted)],
        ignore_conflicts=True,
    )


def visible(user: Any) -> VisitorCommentQuerySet:
    """Return the comments that a moderator may see and decide on; restricted ones are nobody's."""
    return scope_of(user).narrow(VisitorComment.objects.unrestricted())
