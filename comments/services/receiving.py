"""Receiving comments: the one way in for form, REST and whatever else takes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from comments import errors
from comments.models import DiscussionSettings, Status, VisitorComment
from comments.sanitising import sanitise
from comments.screening.decision import Decision, decide, screen
from comments.screening.likeness import fingerprint
from comments.services.placing import store
from comments.write_lock import write_transaction
from core.extensions.acceptance import Person, acceptance_gate, require_acceptance
from core.extensions.commentables import CommentTarget, comment_targets
from core.extensions.people import capabilities
from core.extensions.screening import Submission
from core.tokens import pseudonym

# WordPress's limits; the text is counted in bytes.
LONGEST = {"author_name": 245, "author_email": 100, "author_url": 200}
LONGEST_TEXT_BYTES = 65_525
# As Akismet's own plugin: what no screener could tell by then is left to moderators.
RECHECKED_FOR = timedelta(days=15)


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
    has_proof_of_work: bool | None = None
    agreements: Sequence[tuple[str, int]] = ()
    is_address_verified: bool = False
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
    person = Person(user_id=member.pk if member else None, email=email)
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
        parent_id=new.parent_id,
        is_moderator=is_moderator,
        has_history=has_history(member),
        target_id=target.id,
        author_id=member.pk if member else None,
        ip_hash=ip_hash,
        has_proof_of_work=new.has_proof_of_work,
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
        fingerprint=fingerprint(new.text),
        is_address_verified=member is not None or new.is_address_verified,
        recheck_at=decision.recheck_after and submission.submitted_at + decision.recheck_after,
        recheck_until=decision.recheck_after and submission.submitted_at + RECHECKED_FOR,
    )
    if awaits_mailbox(new, own, decision):
        # Imported here, since confirming comes back through this module.
        from comments.services.confirming import park

        park(new)
        raise errors.AddressUnconfirmedError
    with write_transaction():
        refuse_repeats(new, email, text, ip_hash, exempt=is_moderator)
        open_target(new, own)
        store(comment, new.parent_id, decision)
        if agreed:
            acceptance_gate.get().record(
                agreed, person=person, locale=target.language, surface="comment"
            )
    return comment


def awaits_mailbox(new: NewComment, own: DiscussionSettings, decision: Decision) -> bool:
    """Tell whether a comment waits for its author's mailbox; what is spam anyhow does not."""
    return (
        own.confirm_address
        and new.member is None
        and not new.is_address_verified
        and decision.status in {Status.APPROVED, Status.HOLD}
    )


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
