"""Receiving and moderating comments: the one write path of form, REST, imports and admin."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from comments import errors
from comments.fragments import VERSION, render_fragment
from comments.models import (
    DiscussionSettings,
    OutgoingCopy,
    ScreeningRecord,
    Status,
    VisitorComment,
)
from comments.sanitising import sanitise
from comments.screening.akismet import IDENTIFIER as AKISMET
from comments.screening.akismet import SENT
from comments.screening.decision import FAILED, Decision, decide, screen
from comments.write_lock import write_transaction
from core.extensions.acceptance import Person, acceptance_gate, require_acceptance
from core.extensions.commentables import CommentTarget, comment_targets
from core.extensions.people import capabilities
from core.extensions.screening import Submission
from core.generations import COMMENTS, comments_of, raise_generations
from core.tokens import pseudonym

# WordPress's limits; the text is counted in bytes.
LONGEST = {"author_name": 245, "author_email": 100, "author_url": 200}
LONGEST_TEXT_BYTES = 65_525
DEEPEST_LEVEL = 18
FORGET_BATCH = 500


@dataclass(frozen=True, kw_only=True)
class NewComment:
    """A comment as an edge received it. `user` is who is signed in, or anonymous."""

    target_id: int
    text: str
    author_name: str = ""
    author_email: str = ""
    author_url: str = ""
    parent_id: int = 0
    ip_address: str = ""
    user_agent: str = ""
    referrer: str = ""
    channel: str = "form"
    honeypot: str = ""
    form_age_seconds: float | None = None
    agreements: Sequence[tuple[str, int]] = ()
    user: Any = None

    @property
    def member(self) -> Any:
        """Return the account that writes, or None."""
        return self.user if self.user is not None and self.user.is_authenticated else None


def submit_comment(new: NewComment) -> VisitorComment:
    """Take a comment, screen it and store it in one of the four states.

    Raises an error of comments.errors when it is not taken. When it returns, the comment is on
    disk. Screening runs before the write transaction, which is short and checks again what may
    have changed meanwhile. Calling it twice with the same words raises DuplicateCommentError.
    """
    own = DiscussionSettings.load()
    member = new.member
    if own.comment_registration and member is None:
        raise errors.SignInRequiredError
    target = open_target(new, own)
    name, email, url = author_of(new, own)
    person = Person.of(member) if member else Person(email=email)
    agreed = require_acceptance(
        "comment", locale=target.language, person=person, given=new.agreements
    )
    text = sanitise(new.text)
    if not text:
        raise errors.TextMissingError
    is_moderator = member is not None and (
        "moderate_comments" in capabilities.get().of(member) or member.pk in target.author_ids
    )
    ip_hash = pseudonym("comment-ip", new.ip_address) if new.ip_address else ""
    refuse_repeats(new, email, text, ip_hash, exempt=is_moderator)
    submission = Submission(
        target_title=target.title,
        target_link=target.link,
        author_name=name,
        author_email=email,
        author_url=url,
        text=new.text,
        ip_address=new.ip_address,
        user_agent=new.user_agent,
        referrer=new.referrer,
        language=target.language,
        submitted_at=timezone.now(),
        channel=new.channel,
        is_reply=bool(new.parent_id),
        is_moderator=is_moderator,
        has_history=has_history(member),
        honeypot=new.honeypot,
        form_age_seconds=new.form_age_seconds,
    )
    decision = decide(submission, screen(submission), own)
    comment = VisitorComment(
        content_type=content_type_of(target.content_type),
        object_pk=str(target.id),
        site_id=settings.SITE_ID,
        user=member,
        user_name=name,
        user_email=email,
        user_url=url,
        comment=text,
        submit_date=submission.submitted_at,
        ip_address=new.ip_address or None,
        target_id=target.id,
        user_agent=new.user_agent[:254],
        referrer=new.referrer[:500],
        language=target.language,
        channel=new.channel,
        ip_hash=ip_hash,
        is_address_verified=member is not None,
        needs_recheck=decision.needs_recheck,
    )
    with write_transaction():
        refuse_repeats(new, email, text, ip_hash, exempt=is_moderator)
        open_target(new, own)
        store(comment, new.parent_id, decision)
        if agreed:
            acceptance_gate.get().record(
                agreed, person=person, locale=target.language, surface="comment"
            )
    return comment


def store_imported(
    comment: VisitorComment, *, parent_id: int = 0, status: str = Status.APPROVED
) -> VisitorComment:
    """Store a comment that was received and judged elsewhere, as imports and the demo do."""
    comment.comment = sanitise(comment.comment)
    decision = Decision(Status(status), (), ())
    with write_transaction():
        store(comment, parent_id, decision)
    return comment


def open_target(new: NewComment, own: DiscussionSettings) -> CommentTarget:
    target = comment_targets.get().get_many([new.target_id]).get(new.target_id)
    if target is None:
        raise errors.TargetUnknownError
    if not is_open(target, own):
        raise errors.CommentsClosedError
    return target


def is_open(target: CommentTarget, own: DiscussionSettings) -> bool:
    """Tell whether a target takes comments now."""
    if not target.is_open:
        return False
    if own.close_comments_for_old_posts and target.published_at is not None:
        age = timezone.now() - target.published_at
        return age <= timedelta(days=own.close_comments_days_old)
    return True


def author_of(new: NewComment, own: DiscussionSettings) -> tuple[str, str, str]:
    """Return name, address and site, from the account where one is signed in."""
    member = new.member
    if member is not None:
        return member.public_name or "", member.email, ""
    name, email, url = new.author_name.strip(), new.author_email.strip(), new.author_url.strip()
    for field, value in (("author_name", name), ("author_email", email), ("author_url", url)):
        if len(value) > LONGEST[field]:
            raise errors.FieldTooLongError(field=field)
    if len(new.text.encode()) > LONGEST_TEXT_BYTES:
        raise errors.FieldTooLongError(field="content")
    if own.require_name_email and not (name and email):
        raise errors.AuthorMissingError
    if email:
        try:
            validate_email(email)
        except ValidationError:
            raise errors.AddressInvalidError from None
    if url and not url.startswith(("http://", "https://")):
        url = f"https://{url}"
    return name, email, url


def refuse_repeats(new: NewComment, email: str, text: str, ip_hash: str, *, exempt: bool) -> None:
    """Raise DuplicateCommentError or FloodError, in WordPress's order."""
    same = VisitorComment.objects.filter(target_id=new.target_id, comment=text).exclude(
        status=Status.TRASH
    )
    same = same.filter(user=new.member) if new.member else same.filter(user_email__iexact=email)
    if same.exists():
        raise errors.DuplicateCommentError
    seconds = settings.COMMENTS_FLOOD_SECONDS
    if exempt or not seconds:
        return
    since = timezone.now() - timedelta(seconds=seconds)
    recent = VisitorComment.objects.filter(submit_date__gt=since)
    if (ip_hash and recent.filter(ip_hash=ip_hash).exists()) or (
        email and recent.filter(user_email__iexact=email).exists()
    ):
        raise errors.FloodError


def has_history(member: Any) -> bool:
    """Tell whether an author is known: an account with an approved comment.

    An address that somebody typed proves nothing: anybody could type it.
    """
    return member is not None and VisitorComment.objects.approved().filter(user=member).exists()


def content_type_of(label: str) -> ContentType:
    return ContentType.objects.get_by_natural_key(*label.split("."))


def store(comment: VisitorComment, parent_id: int, decision: Decision) -> None:
    """Insert a comment at its place in the thread. Runs inside a write transaction."""
    parent = None
    if parent_id:
        parent = VisitorComment.objects.filter(pk=parent_id, target_id=comment.target_id).first()
        if parent is None:
            raise errors.ParentUnknownError
        while parent.level >= DEEPEST_LEVEL:
            parent = VisitorComment.objects.get(pk=parent.parent_id)
    comment.status = decision.status
    set_flags(comment)
    comment.parent_id = parent.pk if parent else 0
    comment.thread_id = parent.thread_id if parent else 0
    comment.level = parent.level + 1 if parent else 0
    comment.save(force_insert=True)
    comment.path = f"{parent.path if parent else ''}{comment.pk:010d}"
    if parent is None:
        comment.parent_id = comment.thread_id = comment.pk
    comment.html = fragment_of(comment)
    comment.fragment_version = VERSION
    comment.save(update_fields=["path", "html", "fragment_version", "parent_id", "thread_id"])
    if parent is not None:
        ancestors = [int(comment.path[i : i + 10]) for i in range(0, len(parent.path), 10)]
        VisitorComment.objects.filter(pk__in=ancestors).update(nested_count=F("nested_count") + 1)
    keep_records(comment, decision)
    announce(comment)


def fragment_of(comment: VisitorComment) -> str:
    """Return a comment's fragment anew."""
    return render_fragment(
        key=comment.pk,
        name=comment.user_name,
        url=comment.user_url,
        text=comment.comment,
        at=comment.submit_date,
        language=comment.language,
    )


def set_flags(comment: VisitorComment) -> None:
    comment.is_public = comment.status == Status.APPROVED
    comment.is_removed = comment.status in {Status.SPAM, Status.TRASH}


def keep_records(comment: VisitorComment, decision: Decision) -> None:
    """Keep what each screener said, and that Akismet was told."""
    ScreeningRecord.objects.bulk_create(
        ScreeningRecord(
            comment=comment,
            source=each.source,
            outcome=each.verdict.outcome if each.verdict else FAILED,
            score=each.verdict.score if each.verdict else None,
            evidence=[
                {"code": item.code, "message": item.message, "weight": item.weight}
                for item in (each.verdict.evidence if each.verdict else ())
            ],
        )
        for each in decision.screened
    )
    if settings.AKISMET_API_KEY and any(each.source == AKISMET for each in decision.screened):
        OutgoingCopy.objects.create(comment=comment, processor="Akismet", fields=list(SENT))


def announce(comment: VisitorComment) -> None:
    raise_generations(COMMENTS, comments_of(comment.target_id))


def change_status(keys: Sequence[int], status: str, *, by: Any = None) -> int:
    """Moderate comments; return how many changed. A moderator's word is kept and reported.

    Atomic; called twice it changes nothing more.
    """
    from comments.tasks import report_decision  # the task's module imports these services

    changed = 0
    with write_transaction():
        for comment in VisitorComment.objects.select_for_update(of=("self",)).filter(pk__in=keys):
            old = comment.status
            if old == status:
                continue
            comment.status = status
            comment.needs_recheck = False
            set_flags(comment)
            comment.save(update_fields=["status", "needs_recheck", "is_public", "is_removed"])
            ScreeningRecord.objects.create(
                comment=comment, source="moderator", outcome=status, by=by
            )
            announce(comment)
            changed += 1
            if by is not None and Status.SPAM in {old, status} and settings.AKISMET_API_KEY:
                transaction.on_commit(
                    partial(report_decision.enqueue, comment.pk, status == Status.SPAM)
                )
    return changed


def delete_comments(keys: Iterable[int]) -> int:
    """Delete comments for good; those with replies leave a neutral placeholder."""
    deleted = 0
    with write_transaction():
        rows = VisitorComment.objects.filter(pk__in=list(keys)).order_by("-path")
        for comment in rows:
            remove(comment)
            deleted += 1
    return deleted


def remove(comment: VisitorComment) -> None:
    """Remove a comment's words and person: the row too, unless others have replied to it.

    Runs inside a transaction.
    """
    target_id = comment.target_id
    replies = VisitorComment.objects.filter(target_id=target_id, path__startswith=comment.path)
    if not replies.exclude(pk=comment.pk).exists():
        ancestors = [int(comment.path[i : i + 10]) for i in range(0, len(comment.path) - 10, 10)]
        VisitorComment.objects.filter(pk__in=ancestors).update(nested_count=F("nested_count") - 1)
        comment.delete()
    else:
        blank(comment)
    raise_generations(COMMENTS, comments_of(target_id))


def blank(comment: VisitorComment) -> None:
    comment.screenings.all().delete()
    comment.outgoing_copies.all().delete()
    comment.user = None
    comment.user_name = comment.user_email = comment.user_url = comment.comment = ""
    comment.ip_address = None
    comment.user_agent = comment.referrer = comment.ip_hash = ""
    comment.is_address_verified = comment.needs_recheck = False
    comment.html = fragment_of(comment)
    comment.save()


def forget_senders(before: datetime) -> int:
    """Forget network address and browser of comments older than a moment; return how many.

    Safe to call twice. What is kept so long is settings.COMMENTS_SENDER_DAYS.
    """
    known = ~Q(ip_address=None) | ~Q(user_agent="") | ~Q(referrer="") | ~Q(ip_hash="")
    forgotten = 0
    while True:
        old = VisitorComment.objects.filter(known, submit_date__lt=before).order_by("pk")
        keys = list(old.values_list("pk", flat=True)[:FORGET_BATCH])
        if not keys:
            return forgotten
        with write_transaction():
            forgotten += VisitorComment.objects.filter(pk__in=keys).update(
                ip_address=None, user_agent="", referrer="", ip_hash=""
            )


def recheck(comment: VisitorComment) -> None:
    """Screen a held comment again whose screener had failed; a moderator's word stands."""
    own = DiscussionSettings.load()
    submission = submission_of(comment)
    decision = decide(submission, screen(submission), own)
    if decision.needs_recheck:
        return
    with write_transaction():
        fresh = VisitorComment.objects.select_for_update(of=("self",)).filter(
            pk=comment.pk, status=Status.HOLD, needs_recheck=True
        ).first()  # fmt: skip
        if fresh is None:
            return
        fresh.status = decision.status
        fresh.needs_recheck = False
        set_flags(fresh)
        fresh.save(update_fields=["status", "needs_recheck", "is_public", "is_removed"])
        keep_records(fresh, decision)
        announce(fresh)


def submission_of(comment: VisitorComment) -> Submission:
    """Return a stored comment as it was submitted, for screening again and for reports."""
    target = comment_targets.get().get_many([comment.target_id]).get(comment.target_id)
    return Submission(
        target_title=target.title if target else "",
        target_link=target.link if target else "",
        author_name=comment.user_name,
        author_email=comment.user_email,
        author_url=comment.user_url,
        text=comment.comment,
        ip_address=comment.ip_address or "",
        user_agent=comment.user_agent,
        referrer=comment.referrer,
        language=comment.language,
        submitted_at=comment.submit_date,
        channel=comment.channel,
        is_reply=comment.level > 0,
        has_history=has_history(comment.user),
    )
