"""What readers do with comments: reactions, and flags that can hide one until a moderator looks."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count

from comments import errors
from comments.models import DiscussionSettings, Flag, FlagReason, Reaction, Status, VisitorComment
from comments.network_keys import network_name
from comments.sanitising import without_controls
from comments.services.moderating import change_status
from comments.services.placing import announce
from comments.write_lock import write_transaction
from core.extensions.commentables import comment_targets
from core.tokens import pseudonym

LONGEST_NOTE = 500
HIDDEN_BY = "flags"


def voter_of(user: Any, ip_address: str) -> str:
    """Return the pseudonym under which a reader has one voice: the account's, or the network's.

    Those of network addresses are made meaningless by retention once the address's time is over.
    """
    is_member = user is not None and user.is_authenticated
    who = f"user:{user.pk}" if is_member else f"ip:{network_name(ip_address)}"
    return pseudonym("comment-reader", who)


def offered_reactions() -> list[str]:
    """Return the kinds of reaction that the site offers, in its order."""
    names = DiscussionSettings.current().reaction_kinds.split(",")
    return list(dict.fromkeys(name.strip()[:20] for name in names if name.strip()))


def react(comment_id: int, kind: str, *, user: Any, ip_address: str) -> dict[str, int]:
    """Add a reader's reaction and return the counts. Called twice it changes nothing more."""
    with write_transaction():
        comment = shown_comment(comment_id)
        if kind not in offered_reactions():
            raise errors.ReactionUnknownError
        _row, is_new = Reaction.objects.get_or_create(
            comment=comment,
            kind=kind,
            voter=voter_of(user, ip_address),
            defaults={"user": user if user is not None and user.is_authenticated else None},
        )
        return counted(comment) if is_new else comment.reactions


def take_back(comment_id: int, kind: str, *, user: Any, ip_address: str) -> dict[str, int]:
    """Take a reader's reaction back and return the counts. Safe to call twice."""
    with write_transaction():
        comment = shown_comment(comment_id)
        gone, _ = comment.given_reactions.filter(
            kind=kind, voter=voter_of(user, ip_address)
        ).delete()
        return counted(comment) if gone else comment.reactions


def reactions_of(
    comment_id: int, *, user: Any, ip_address: str
) -> tuple[dict[str, int], list[str]]:
    """Return how many gave each reaction, and which ones this reader gave."""
    comment = shown_comment(comment_id)
    own = comment.given_reactions.filter(voter=voter_of(user, ip_address))
    return comment.reactions, sorted(own.values_list("kind", flat=True))


def count_again(comment_ids: Iterable[int]) -> None:
    """Bring the counts of comments in line with the reactions that are left. Safe to call twice."""
    for comment in VisitorComment.objects.filter(pk__in=list(comment_ids)):
        counted(comment)


def counted(comment: VisitorComment) -> dict[str, int]:
    counts = comment.given_reactions.order_by().values_list("kind").annotate(count=Count("pk"))
    comment.reactions = dict(sorted(counts))
    comment.save(update_fields=["reactions"])
    announce(comment)
    return comment.reactions


def flag(comment_id: int, reason: str, note: str = "", *, user: Any, ip_address: str) -> None:
    """Note that a reader finds fault with a comment; enough of them hide it until somebody looks.

    One reader counts once. What a moderator has looked at starts from nothing again.
    """
    if reason not in FlagReason.values:
        raise errors.FlagReasonUnknownError
    with write_transaction():
        comment = shown_comment(comment_id)
        own = DiscussionSettings.current()
        Flag.objects.get_or_create(
            comment=comment,
            voter=voter_of(user, ip_address),
            defaults={
                "reason": reason,
                "note": without_controls(note).strip()[:LONGEST_NOTE],
                "user": user if user is not None and user.is_authenticated else None,
            },
        )
        open_flags = comment.flagged.filter(settled_at=None).count()
        if own.flags_to_hide and open_flags >= own.flags_to_hide:
            change_status([comment.pk], Status.HOLD, agent=HIDDEN_BY)
            VisitorComment.objects.filter(pk=comment.pk).update(main_reason="flagged")


def shown_comment(comment_id: int) -> VisitorComment:
    """Return a comment that everybody can read, also what it stands under, or raise."""
    comment = VisitorComment.objects.approved().filter(pk=comment_id).first()
    if comment is None or not comment_targets.get().get_many([comment.target_id]):
        raise errors.CommentUnknownError
    return comment
