"""Followers of a discussion: asking, confirming, ending, and telling each of a comment once."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.core.signing import BadSignature
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from comments import errors, notifications
from comments.models import DiscussionSettings, Follower, FollowUpMail, Status, VisitorComment
from core.extensions.commentables import comment_targets
from core.extensions.personal_data import normalise_address
from core.tokens import sign, unsign

CONFIRM_PURPOSE, CONFIRM_LIFE = "comment-follow", timedelta(days=3)
# A link in a mail ends what it began for as long as anybody keeps mails.
END_PURPOSE, END_LIFE = "comment-unfollow", timedelta(days=3650)
# Anybody can type anybody's address: of mails that ask for a confirmation, one address gets no more
# in a day, and none twice about the same discussion.
DAY, MOST_ASKED_IN_A_DAY = timedelta(days=1), 3
BATCH = 200
# A mail that was claimed and not sent by then belongs to a worker that is gone.
CLAIM = timedelta(minutes=10)


def follow(
    target_id: int, email: str, *, user: Any = None, comment: VisitorComment | None = None,
    is_verified: bool = False,
) -> None:  # fmt: skip
    """Follow a whole discussion, or what is said below one comment.

    Nothing is sent before the address is confirmed by its mailbox, unless it is proven already. The
    caller learns nothing of who follows. Raises TargetUnknownError and AddressInvalidError. Safe to
    call twice.
    """
    from comments.tasks import ask_follower  # the task's module imports these services

    target = comment_targets.get().get_many([target_id]).get(target_id)
    if target is None or not DiscussionSettings.current().offer_follow_up:
        raise errors.TargetUnknownError
    try:
        address = normalise_address(email)
    except ValueError:
        raise errors.AddressInvalidError from None
    now = timezone.now()
    with transaction.atomic():
        follower, is_new = made_or_found(
            target_id, address, comment, user=user, language=target.language
        )
        if is_verified:
            follower.confirmed_at, follower.ended_at = follower.confirmed_at or now, None
            follower.save(update_fields=["confirmed_at", "ended_at"])
            return
        if follower.confirmed_at and not follower.ended_at:
            return
        if may_be_asked(follower, is_new=is_new, now=now):
            transaction.on_commit(lambda: ask_follower.enqueue(follower.pk))


def may_be_asked(follower: Follower, *, is_new: bool, now: datetime) -> bool:
    """Tell whether a mailbox may be asked once more, and note that it is."""
    waiting = Q(confirmed_at=None) | Q(ended_at__isnull=False)
    asked = Follower.objects.filter(waiting, email=follower.email, asked_at__gt=now - DAY)
    if asked.exclude(pk=follower.pk).count() >= MOST_ASKED_IN_A_DAY:
        return False
    if is_new:
        return True
    # Who has left since they were asked, which takes their mailbox, may come back at once.
    free = Q(asked_at__lte=now - DAY) | Q(ended_at__gt=F("asked_at"))
    return bool(Follower.objects.filter(free, pk=follower.pk).update(asked_at=now))


def made_or_found(
    target_id: int, address: str, comment: VisitorComment | None, *, user: Any, language: str
) -> tuple[Follower, bool]:
    existing = Follower.objects.filter(target_id=target_id, comment=comment, email=address)
    if (found := existing.first()) is not None:
        return found, False
    try:
        with transaction.atomic():
            return Follower.objects.create(
                target_id=target_id, comment=comment, email=address, user=user, language=language
            ), True
    except IntegrityError:
        return existing.get(), False


def confirm_token(follower: Follower) -> str:
    return sign(CONFIRM_PURPOSE, follower.pk)


def end_token(follower: Follower) -> str:
    return sign(END_PURPOSE, follower.pk)


def find(purpose: str, token: str, life: timedelta) -> Follower:
    """Return the follower that a mail's token stands for, or raise LinkUnknownError."""
    try:
        key = unsign(purpose, token, max_age_seconds=life.total_seconds())
    except BadSignature:
        raise errors.LinkUnknownError from None
    follower = Follower.objects.filter(pk=key).first()
    if follower is None:
        raise errors.LinkUnknownError
    return follower


def to_confirm(token: str) -> Follower:
    """Return who a confirmation link stands for."""
    return find(CONFIRM_PURPOSE, token, CONFIRM_LIFE)


def to_end(token: str) -> Follower:
    """Return who a link that ends following stands for."""
    return find(END_PURPOSE, token, END_LIFE)


def confirm(token: str) -> Follower:
    """Begin to send mail to who confirms. Safe to call twice."""
    follower = to_confirm(token)
    follower.confirmed_at, follower.ended_at = timezone.now(), None
    follower.save(update_fields=["confirmed_at", "ended_at"])
    return follower


def end(token: str, *, everywhere: bool = False) -> Follower:
    """Send no more mail to a follower, of one discussion or of all. Safe to call twice."""
    follower = to_end(token)
    rows = Follower.objects.filter(ended_at=None)
    rows = rows.filter(email=follower.email) if everywhere else rows.filter(pk=follower.pk)
    rows.update(ended_at=timezone.now())
    return follower


def followed_among(target_ids: Collection[int]) -> set[int]:
    """Return the targets on which somebody may have to be told; one look-up in an index."""
    if not target_ids:
        return set()
    rows = following(target_ids).order_by().values_list("target_id", flat=True)
    return set(rows.distinct())


def following(target_ids: Collection[int]) -> Any:
    return Follower.objects.filter(
        target_id__in=target_ids, confirmed_at__isnull=False, ended_at__isnull=True
    )


def queue_mails(comment: VisitorComment) -> int:
    """Note who is to be told of a visible comment; return how many. Safe to call twice.

    The author is not told of their own words, and one mailbox gets one mail. A row, once made,
    stays: whoever was told is not told again, however often the comment goes and comes back.
    """
    keys = [int(comment.path[i : i + 10]) for i in range(0, len(comment.path), 10)]
    followers = following([comment.target_id]).filter(Q(comment=None) | Q(comment_id__in=keys))
    seen = {own_address(comment)}
    told = FollowUpMail.objects.filter(comment=comment).values_list("follower__email", flat=True)
    seen.update(told)
    rows = []
    for follower in followers.order_by("pk").iterator(chunk_size=BATCH):
        if follower.email not in seen:
            seen.add(follower.email)
            rows.append(FollowUpMail(follower=follower, comment=comment))
    for start in range(0, len(rows), BATCH):
        FollowUpMail.objects.bulk_create(rows[start : start + BATCH], ignore_conflicts=True)
    return len(rows)


def own_address(comment: VisitorComment) -> str:
    try:
        return normalise_address(comment.user_email)
    except ValueError:
        return ""


def waiting_mails(comment: VisitorComment) -> Iterator[FollowUpMail]:
    """Claim the mails of a comment that are not sent, one by one."""
    while True:
        now = timezone.now()
        free = Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIM)
        waiting = FollowUpMail.objects.filter(free, comment=comment, sent_at=None)
        mail = waiting.select_related("follower").order_by("pk").first()
        if mail is None:
            return
        claimed = FollowUpMail.objects.filter(free, pk=mail.pk, sent_at=None)
        if claimed.update(claimed_at=now):
            yield mail


def send_mails(comment: VisitorComment) -> None:
    """Send what waits for a comment, while it is visible. Safe to run twice and at once.

    Raises MailNotSentError at the first that the mail server does not take: the others wait.
    """
    target = comment_targets.get().get_many([comment.target_id]).get(comment.target_id)
    if target is None or comment.status != Status.APPROVED:
        return
    for mail in waiting_mails(comment):
        if mail.follower.ended_at is None:
            try:
                notifications.mail_new_comment(
                    comment, target, mail.follower, end_token(mail.follower)
                )
            except errors.MailNotSentError:
                FollowUpMail.objects.filter(pk=mail.pk).update(claimed_at=None)
                raise
        FollowUpMail.objects.filter(pk=mail.pk).update(sent_at=timezone.now())
