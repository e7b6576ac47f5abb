"""Putting comments into their threads and taking them out: the one place that writes the tables.

Everything here runs inside the caller's write transaction unless it says otherwise.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Value
from django.db.models.functions import Concat

from comments import errors
from comments.fragments import making, number_fragment, set_fragment, shown
from comments.models import OutgoingCopy, ScreeningRecord, Status, VisitorComment
from comments.sanitising import sanitise
from comments.screening.decision import Decision
from comments.services.holding import drop_ended_holds, held_among
from comments.storing import (
    BESIDE_AUTHOR,
    count_reply,
    delete_beside,
    find_parent,
    insert_comment,
    insert_own,
    insert_record,
    keys_in,
    lock_threads,
    store_fragments,
    uncount_replies,
)
from comments.write_lock import write_transaction
from core.generations import COMMENTS, comments_of, raise_generations
from core.signals import CommentPlace, comment_erased

# A path has room for twenty levels; deeper replies stand beside their parent.
DEEPEST_LEVEL = 18
# What is left of a comment's author, and of what was judged of it, where its words stay.
NOBODY: dict[str, Any] = {
    "user": None, "user_name": "", "user_email": "", "user_url": "", "ip_address": None,
    "followup": False, "edited_at": None, "user_agent": "", "referrer": "", "ip_hash": "",
    "author_key": "", "is_address_verified": False, "imported_at": None, "author_ref": None,
    "repeat_key": None, "fingerprint": 0, "score": None, "main_reason": "", "recheck_at": None,
    "recheck_until": None, "meta": {},
}  # fmt: skip
# What is left where its place alone has to stay.
NOTHING: dict[str, Any] = {**NOBODY, "comment": "", "rendered": "", "reactions": {}}


def store_imported(
    comment: VisitorComment, *, parent_id: int = 0, status: str = Status.APPROVED
) -> VisitorComment:
    """Store a comment that was received and judged elsewhere, as imports and the demo do."""
    comment.comment = sanitise(comment.comment, comment.markup)
    comment.status = Status(status)
    set_fragment(comment)
    with write_transaction():
        place(comment, parent_id)
        announce(comment)
    return comment


def place(comment: VisitorComment, parent_id: int, *, among: Iterable[str] = Status.values) -> None:
    """Insert a comment, whose fragment is made, at its place in the thread.

    Raises ParentUnknownError where the parent is not on the same target in one of the states
    `among`. Runs inside a write transaction.
    """
    above, comment.depth = "", 0
    if parent_id:
        found = find_parent(parent_id, comment.target_id)
        if found is None or found[1] not in among:
            raise errors.ParentUnknownError
        above, _, comment.thread_id = found
        above = above[: DEEPEST_LEVEL * 10]
        comment.parent_id, comment.depth = keys_in(above)[-1], len(above) // 10
    comment.level = comment.depth
    comment.follow()
    insert_comment(comment, above)
    number_fragment(comment)
    insert_own(comment)
    count_reply(above)


def keep_records(comment: VisitorComment, decision: Decision, source: str = "submission") -> None:
    """Keep what screening decided with every screener's reasons, and what was sent to others."""
    if not decision.screened:
        return
    insert_record(
        ScreeningRecord(
            comment=comment,
            source=source,
            outcome=decision.status,
            score=decision.score,
            evidence=decision.kept_evidence(),
            reference=decision.reference,
        )
    )
    for each in decision.screened:
        for sent in each.disclosures:
            OutgoingCopy.objects.create(
                comment=comment, processor=sent.processor, fields=list(sent.fields)
            )


def set_flags(comment: VisitorComment) -> None:
    """Set contrib's flags after `status`, for who saves them by name."""
    comment.follow({"status"})


def fragment_of(comment: VisitorComment) -> str:
    """Return a comment's open article anew, head and text."""
    set_fragment(comment)
    return shown(comment.html, comment.rendered)


def announce(comment: VisitorComment, *, was: str = "") -> None:
    """Tell caches that what a comment shows has changed; one that nobody sees changes nothing."""
    if Status.APPROVED in {comment.status, was}:
        raise_generations(COMMENTS, comments_of(comment.target_id))


def to_remove(keys: Iterable[int]) -> list[VisitorComment]:
    """Return comments that are to be removed, locked: nobody changes or answers them meanwhile."""
    rows = VisitorComment.objects.filter(pk__in=list(keys))
    # Their threads first, as whoever answers takes them.
    lock_threads({int(path[:10]) for path in rows.values_list("path", flat=True)})
    return list(rows.select_for_update(of=("self",)).order_by("pk"))


def remove(comments: Sequence[VisitorComment]) -> int:
    """Remove words and persons of comments that `to_remove` has locked; return how many.

    Rows go too, but for those that others have answered, which stay as neutral places. The number
    of statements does not grow with the comments. Raises HeldError where one is under a legal hold.
    """
    if not comments:
        return 0
    keys = [comment.pk for comment in comments]
    drop_ended_holds(keys)
    delete_beside(keys)
    answered = answered_among(keys)
    empty([comment for comment in comments if comment.pk in answered], NOTHING)
    gone = [comment for comment in comments if comment.pk not in answered]
    uncount_replies(comment.path for comment in gone)
    VisitorComment.objects.filter(pk__in=[comment.pk for comment in gone]).delete()
    raise_generations(COMMENTS, *(comments_of(comment.target_id) for comment in comments))
    return tell_erased(comments)


def disown(comments: Sequence[VisitorComment]) -> int:
    """Remove the persons of comments that `to_remove` has locked and keep their words; return how
    many. Raises HeldError where one is under a legal hold."""
    if not comments:
        return 0
    keys = [comment.pk for comment in comments]
    drop_ended_holds(keys)
    delete_beside(keys, BESIDE_AUTHOR)
    empty(comments, NOBODY)
    raise_generations(COMMENTS, *(comments_of(comment.target_id) for comment in comments))
    return tell_erased(comments)


def tell_erased(comments: Sequence[VisitorComment]) -> int:
    places = [CommentPlace(comment.pk, comment.target_id) for comment in comments]
    comment_erased.send(VisitorComment, places=places)
    return len(comments)


def answered_among(keys: Sequence[int]) -> set[int]:
    """Return those of some comments below which stands another that is none of them."""
    below = VisitorComment.objects.filter(
        target_id=OuterRef("target_id"),
        # All there are: the index by place names the state before the path.
        status__in=Status.values,
        path__gt=OuterRef("path"),
        path__lt=Concat(OuterRef("path"), Value("9" * 10)),
    ).exclude(pk__in=keys)
    rows = VisitorComment.objects.filter(Exists(below), pk__in=keys)
    return set(rows.order_by().values_list("pk", flat=True))


def empty(comments: Sequence[VisitorComment], left: Mapping[str, Any]) -> None:
    """Set columns of comments to what is left of them, and make what is shown of them anew."""
    if not comments:
        return
    keys = [comment.pk for comment in comments]
    VisitorComment.objects.filter(pk__in=keys).update(**left)
    how = making()
    for comment in comments:
        for name, value in left.items():
            setattr(comment, name, value)
        set_fragment(comment, how)
    store_fragments(comments)


def delete_comments(keys: Iterable[int]) -> int:
    """Delete comments for good; return how many.

    Those with replies leave a neutral placeholder, those under a legal hold stay as they are.
    """
    wanted = set(keys)
    with write_transaction():
        return remove(to_remove(wanted - held_among(wanted).keys()))
