"""The rows of the queue: each comment with all a decision needs, in a fixed number of queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from wagtail.models import Page

from comments.models import Flag, Status, VisitorComment
from comments.moderation.authors import AuthorCard, cards_for
from comments.moderation.links import reveal
from comments.moderation.reasons import Reason, chips_of, flag_sentence, latest_records
from comments.sanitising import to_html
from core.extensions.commentables import comment_targets

LONGEST_QUOTE = 160


@dataclass(frozen=True)
class Under:
    """What a comment stands under: its title, and its address where the public may read it."""

    id: int
    title: str = ""
    link: str = ""


@dataclass(frozen=True)
class Quoted:
    """A neighbour in the thread, in a few words."""

    key: int
    name: str
    words: str
    status: str
    level: int = 0


@dataclass
class Row:
    """One comment in the queue."""

    comment: VisitorComment
    under: Under
    html: SafeString
    author: AuthorCard
    url: str
    parent: Quoted | None = None
    reasons: Sequence[Reason] = ()
    flags: list[str] = field(default_factory=list)

    @property
    def is_blank(self) -> bool:
        """Tell whether nothing is left but the place that its replies need."""
        return not (self.comment.comment or self.comment.user_name or self.comment.user_email)

    @property
    def score(self) -> int | None:
        return None if self.comment.score is None else round(self.comment.score * 100)


def rows_of(comments: Sequence[VisitorComment]) -> list[Row]:
    """Return the rows of a page of comments."""
    keys = [comment.pk for comment in comments]
    under = stands_under({comment.target_id for comment in comments})
    cards = cards_for(comments)
    parents = parents_of(comments)
    records = latest_records(keys)
    flags = flags_on(keys)
    # One look-up for the page: the addresses of all screens of a comment begin with its own.
    base = reverse("visitor_comments:queue")
    return [
        Row(
            comment=comment,
            under=under.get(comment.target_id, Under(comment.target_id)),
            html=html_of(comment),
            author=cards[comment.pk],
            url=f"{base}{comment.pk}/",
            parent=parents.get(comment.parent_id) if comment.level else None,
            reasons=chips_of(records.get(comment.pk)),
            flags=flags.get(comment.pk, []),
        )
        for comment in comments
    ]


def html_of(comment: VisitorComment) -> SafeString:
    """Return a comment's words as they would be shown, with the targets of its links revealed."""
    return reveal(comment.rendered or to_html(comment.comment))


def stands_under(target_ids: set[int]) -> Mapping[int, Under]:
    """Return what comments stand under; a page that is not public has a title and no address."""
    public = comment_targets.get().get_many(target_ids)
    found = {key: Under(key, each.title, each.link) for key, each in public.items()}
    if hidden := target_ids - set(found):
        for key, title in Page.objects.filter(pk__in=hidden).values_list("pk", "title"):
            found[key] = Under(key, title)
    return found


def quoted(values: Mapping[str, Any]) -> Quoted:
    words = Truncator(strip_tags(to_html(values["comment"]))).chars(LONGEST_QUOTE)
    return Quoted(
        values["pk"], values["user_name"], words, values["status"], values.get("level", 0)
    )


def parents_of(comments: Iterable[VisitorComment]) -> dict[int, Quoted]:
    keys = {comment.parent_id for comment in comments if comment.level}
    if not keys:
        return {}
    rows = VisitorComment.objects.filter(pk__in=keys)
    return {row["pk"]: quoted(row) for row in rows.values("pk", "user_name", "comment", "status")}


def flags_on(keys: Iterable[int]) -> dict[int, list[str]]:
    """Return what readers flagged each comment for and nobody has looked at yet, in one query."""
    rows = (
        Flag.objects.filter(comment__in=list(keys), settled_at=None)
        .values_list("comment", "reason")
        .annotate(count=Count("pk"))
        .order_by("-count")
    )
    found: dict[int, list[str]] = {}
    for key, reason, count in rows:
        found.setdefault(key, []).append(flag_sentence(reason, count))
    return found


def neighbours_of(comment: VisitorComment, *, each_way: int = 2) -> list[Quoted]:
    """Return a comment among those before and behind it in its thread, in thread order.

    Spam and trash are left out, since no reader would see them there. Two queries.
    """
    seen = VisitorComment.objects.on(comment.target_id).filter(
        status__in=[Status.APPROVED, Status.HOLD]
    )
    columns = ("pk", "user_name", "comment", "status", "level")
    before = seen.filter(path__lt=comment.path).order_by("-path").values(*columns)[:each_way]
    behind = seen.filter(path__gt=comment.path).order_by("path").values(*columns)[:each_way]
    own = VisitorComment.objects.filter(pk=comment.pk).values(*columns)
    return [quoted(row) for row in [*reversed(before), *own, *behind]]
