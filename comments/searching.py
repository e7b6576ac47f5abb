"""What a moderator looks for: criteria, the comments they match, and walking these in order.

A page of results costs the same at any depth: it begins behind a comment, never at an offset.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Q
from django.utils import timezone

from comments.models import Status, VisitorComment, VisitorCommentQuerySet

PAGE_SIZE = 25


class Order(StrEnum):
    """Which comments come first."""

    NEWEST = "newest"
    OLDEST = "oldest"
    WORST = "score"


@dataclass(frozen=True, kw_only=True)
class Criteria:
    """What is looked for; what is empty does not count.

    `words` are looked for in texts, `author` in names, addresses and sites; both may name people
    and never stand in an address. `same_author_as` is the number of one of an author's comments.
    Scores run from 0 to 1; `since` and `until` are days in the site's time zone, both included.
    """

    status: str = Status.HOLD
    words: str = ""
    author: str = ""
    same_author_as: int | None = None
    target_id: int | None = None
    reason: str = ""
    score_from: float | None = None
    score_to: float | None = None
    since: date | None = None
    until: date | None = None

    @property
    def is_narrow(self) -> bool:
        """Tell whether anything but the state is looked for."""
        return any(getattr(self, each.name) != each.default for each in fields(self)[1:])

    def kept(self) -> dict[str, Any]:
        """Return the criteria as JSON can keep them, without what is empty."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in asdict(self).items()
            if value not in ("", None)
        }

    @classmethod
    def from_kept(cls, kept: Mapping[str, Any]) -> "Criteria":
        """Return criteria that `kept` once gave."""
        days = {name: date.fromisoformat(kept[name]) for name in ("since", "until") if name in kept}
        return cls(**{**kept, **days})


def matching(criteria: Criteria, comments: VisitorCommentQuerySet) -> VisitorCommentQuerySet:
    """Return those of the comments that the criteria match, in no order."""
    found = comments.filter(status=criteria.status)
    if criteria.target_id is not None:
        found = found.filter(target_id=criteria.target_id)
    if criteria.reason:
        found = found.filter(main_reason=criteria.reason)
    if criteria.score_from is not None:
        found = found.filter(score__gte=criteria.score_from)
    if criteria.score_to is not None:
        found = found.filter(score__lte=criteria.score_to)
    if criteria.since is not None:
        found = found.filter(posted_at__gte=beginning_of(criteria.since))
    if criteria.until is not None:
        found = found.filter(posted_at__lt=beginning_of(criteria.until + timedelta(days=1)))
    if criteria.same_author_as is not None:
        one = VisitorComment.objects.filter(pk=criteria.same_author_as).first()
        found = by_author_of(one, found) if one else found.none()
    if criteria.author:
        found = found.filter(
            Q(user_name__icontains=criteria.author)
            | Q(user_email__icontains=criteria.author)
            | Q(user_url__icontains=criteria.author)
        )
    if criteria.words:
        found = found.filter(comment__icontains=criteria.words)
    return found


def beginning_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def by_author_of(comment: VisitorComment, among: VisitorCommentQuerySet) -> VisitorCommentQuerySet:
    """Return the comments of one comment's author, by the best that is known of them.

    A typed address may be an impostor's: this helps a moderator to look, and decides nothing.
    """
    if comment.user_id:
        return among.filter(user_id=comment.user_id)
    if comment.author_ref is not None:
        return among.filter(author_ref=comment.author_ref)
    if comment.author_key:
        return among.filter(author_key=comment.author_key)
    return among.filter(pk=comment.pk)


# Walking


@dataclass(frozen=True)
class Place:
    """Between which comments a page begins: behind one of this score and number."""

    key: int
    score: float | None = None

    def __str__(self) -> str:
        return f"{self.key}" if self.score is None else f"{self.key}:{self.score!r}"

    @classmethod
    def of(cls, comment: VisitorComment, order: Order) -> "Place":
        return cls(comment.pk, comment.score if order == Order.WORST else None)

    @classmethod
    def parse(cls, text: str) -> "Place | None":
        """Return the place that `str` once gave, None where the text is no place."""
        key, _, score = text.partition(":")
        try:
            return cls(int(key), float(score) if score else None) if len(key) < 19 else None
        except ValueError:
            return None


@dataclass(frozen=True)
class Step:
    """One page of results, and whether there are comments before and behind it."""

    rows: Sequence[VisitorComment]
    has_previous: bool
    has_next: bool


def step(
    comments: VisitorCommentQuerySet,
    order: Order,
    *,
    after: Place | None = None,
    before: Place | None = None,
    size: int = PAGE_SIZE,
    rows: VisitorCommentQuerySet | None = None,
) -> Step:
    """Return the page behind one place or before another; the first without either.

    By score, comments without one come last. The comments are walked by number alone, in one
    statement or up to three by score, and then fetched from `rows`, which may bring more along.
    """
    place = before or after
    backwards = before is not None
    keys: list[int] = []
    for stretch in stretches(comments, order, place, backwards=backwards):
        keys.extend(stretch.values_list("pk", flat=True)[: size + 1 - len(keys)])
        if len(keys) > size:
            break
    has_more = len(keys) > size
    keys = keys[:size][::-1] if backwards else keys[:size]
    by_key = (VisitorComment.objects.all() if rows is None else rows).in_bulk(keys)
    found = [by_key[key] for key in keys if key in by_key]
    if backwards:
        return Step(found, has_previous=has_more, has_next=True)
    return Step(found, has_previous=after is not None, has_next=has_more)


def count_up_to(most: int, criteria: Criteria, found: VisitorCommentQuerySet) -> int:
    """Return how many comments match; where texts or authors are searched, `most` at the most.

    An index counts what stands in columns; words have to be looked for in every comment.
    """
    if criteria.words or criteria.author:
        return found.order_by()[:most].count()
    return found.count()


def stretches(
    comments: VisitorCommentQuerySet, order: Order, place: Place | None, *, backwards: bool
) -> Iterator[VisitorCommentQuerySet]:
    """Yield what comes behind a place, piece by piece, each of which an index reads in order."""
    is_rising = (order == Order.OLDEST) != backwards
    by_key = "pk" if is_rising else "-pk"
    if order != Order.WORST:
        if place is not None:
            comments = comments.filter(**{"pk__gt" if is_rising else "pk__lt": place.key})
        yield comments.order_by(by_key)
        return
    scored = comments.filter(score__isnull=False)
    by_score = ("score", "pk") if backwards else ("-score", "-pk")
    unscored = comments.filter(score=None).order_by(by_key)
    if place is None:
        yield scored.order_by(*by_score)
        yield unscored
        return
    behind = {"pk__gt" if backwards else "pk__lt": place.key}
    if place.score is None:
        yield unscored.filter(**behind)
        if backwards:
            yield scored.order_by(*by_score)
        return
    yield comments.filter(score=place.score, **behind).order_by(by_key)
    further = {"score__gt" if backwards else "score__lt": place.score}
    yield comments.filter(**further).order_by(*by_score)
    if not backwards:
        yield unscored
