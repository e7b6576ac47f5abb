"""Receiving comments: the one way in for form, REST and whatever else takes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, timedelta
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection
from django.utils import timezone

from comments import errors
from comments.fragments import set_fragment
from comments.models import DiscussionSettings, Status, VisitorComment
from comments.network_keys import hash_of, recent_hashes
from comments.repeats import author_ref, repeat_key
from comments.sanitising import clean_address, clean_name, sanitise
from comments.scopes import may_moderate, scope_of
from comments.screening.decision import Decision, decide, screen
from comments.screening.likeness import fingerprint
from comments.services.children import hold_child
from comments.services.history import History, evidence_of, history_of
from comments.services.placing import announce, keep_records, place
from comments.services.sanctioning import hold_limited, refuse_sanctioned
from comments.storing import is_flooding, is_repeated
from comments.write_lock import write_transaction
from core.extensions.acceptance import Person, acceptance_gate, require_acceptance
from core.extensions.commentables import CommentTarget, comment_targets
from core.extensions.people import AgeStanding, AgreementAwaitedError, capabilities, minors
from core.extensions.screening import Submission
from core.generations import USUAL, collect_dependencies, read_generations
from core.signals import comment_created

# WordPress's limits; the text is counted in bytes.
LONGEST = {"author_name": 245, "author_email": 100, "author_url": 200}
LONGEST_TEXT_BYTES = 65_525
# As Akismet's own plugin: what no screener could tell by then is left to moderators.
RECHECKED_FOR = timedelta(days=15)


@dataclass(frozen=True, kw_only=True)
class NewComment:
    """A comment as an edge received it. `user` is who is signed in, or anonymous.

    `author_key` is the hash of the signed cookie that came along, `is_remembered` whether its
    author wants to be told again by it; `address_is_proven` that the mailbox itself has answered.
    `meta` are its custom fields by name, each with its values as text; `wanted` is the state that
    a moderator asks for, who may put back what would be public at once.
    """

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
    author_key: str = ""
    is_remembered: bool = False
    address_is_proven: bool = False
    user: Any = None
    meta: Mapping[str, Any] = field(default_factory=dict)
    wanted: Status | None = None

    @property
    def member(self) -> Any:
        """Return the account that writes, or None."""
        return self.user if self.user is not None and self.user.is_authenticated else None


@dataclass(frozen=True, kw_only=True)
class Examined:
    """A comment that may be stored: judged, with its fragment made, and not yet in the database."""

    comment: VisitorComment
    parent_id: int
    decision: Decision
    person: Person
    agreed: Sequence[tuple[str, int]]
    is_moderator: bool
    ip_hashes: Sequence[str] = field(default=())
    # WordPress's REST API compares what was sent with what was stored, and takes it for new.
    looks_new: bool = False


def submit_comment(new: NewComment) -> VisitorComment:
    """Take a comment, screen it and store it in one of the four states.

    The order is: open, acceptance, shape, duplicate, flood, sanitise, screen, store. Raises an
    error of comments.errors when it is not taken. When it returns, the comment is on disk.
    Screening runs before the write transaction, which is short and checks again what may have
    changed meanwhile. Calling it twice with the same words raises DuplicateCommentError. Where the
    site asks for it the comment waits for its author's mailbox, and AddressUnconfirmedError is
    raised: it is kept, in a row of its own, and nothing of it is public. Where the site wants
    blatant spam dropped, DiscardedError is raised and nothing is kept.
    """
    examined = examine(new)
    if examined.decision.is_discarded:
        raise errors.DiscardedError
    if awaits_mailbox(new, examined.decision):
        # Imported here, since confirming comes back through this module.
        from comments.services.confirming import park

        park(new)
        raise errors.AddressUnconfirmedError
    return keep(examined)


def examine(new: NewComment) -> Examined:
    """Do all that is slow: check, sanitise and screen. Call it outside any transaction."""
    own = DiscussionSettings.current()
    member = new.member
    if own.comment_registration and member is None:
        raise errors.SignInRequiredError
    target = open_target(new.target_id, own)
    person = Person.of(member) if member else Person(email=address_of(new))
    is_limited = refuse_sanctioned(person)
    standing = AgeStanding() if member is None else minors.get().standing(member.pk)
    if standing.awaits:
        raise AgreementAwaitedError.of(standing)
    agreed = require_acceptance(
        "comment", locale=target.language, person=person, given=new.agreements
    )
    name, email, url = author_of(new, own)
    name = standing.shown_name or name
    text = sanitise(new.text, own.markup)
    if not text:
        raise errors.TextMissingError
    is_moderator = member is not None and (
        member.pk in target.author_ids or moderates(member, target.id)
    )
    now = timezone.now()
    flood = timedelta(seconds=settings.COMMENTS_FLOOD_SECONDS)
    comment = VisitorComment(
        content_type_id=content_type_id(target.content_type),
        object_pk=str(target.id),
        site_id=settings.SITE_ID,
        user=member,
        user_name=name,
        user_email=email,
        user_url=url,
        comment=text,
        markup=own.markup,
        submit_date=now,
        ip_address=new.ip_address or None,
        target_id=target.id,
        user_agent=new.user_agent[:254],
        referrer=new.referrer[:500],
        language=target.language,
        channel=new.channel,
        ip_hash=hash_of(new.ip_address, now.astimezone(UTC).date()),
        author_key=new.author_key if new.is_remembered else "",
        is_address_verified=new.address_is_proven,
        author_ref=author_ref(email),
        fingerprint=fingerprint(new.text),
        meta=dict(new.meta),
        repeat_key=repeat_key(
            target_id=target.id, parent_id=new.parent_id, author=email or name, text=text
        ),
    )
    examined = Examined(
        comment=comment,
        parent_id=new.parent_id,
        decision=Decision(Status.HOLD, ()),
        person=person,
        agreed=agreed,
        is_moderator=is_moderator,
        ip_hashes=recent_hashes(new.ip_address, now, flood) if flood else (),
        looks_new=new.channel == "rest" and text != new.text.strip(),
    )
    refuse_repeats(examined)
    history = history_of(
        member=member, email=email, author_key=new.author_key, own=own, now=now,
        address_is_proven=new.address_is_proven,
    )  # fmt: skip
    comment.is_address_verified = new.address_is_proven or history.address_is_proven
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
        submitted_at=now,
        channel=new.channel,
        is_reply=bool(new.parent_id),
        parent_id=new.parent_id,
        is_moderator=is_moderator,
        has_history=history.is_known,
        target_id=target.id,
        author_id=member.pk if member else None,
        author_key=new.author_key,
        ip_hash=comment.ip_hash,
        has_proof_of_work=new.has_proof_of_work,
        honeypot=new.honeypot,
        form_age_seconds=new.form_age_seconds,
    )
    decision = with_history(decide(submission, screen(submission), own), history)
    if is_limited:
        decision = hold_limited(decision)
    if standing.is_child:
        decision = hold_child(decision)
    if new.wanted and member and decision.status == Status.APPROVED:
        status = new.wanted if moderates(member, target.id) else decision.status
        decision = replace(decision, status=status)
    comment.status = decision.status
    comment.score, comment.main_reason = decision.score, decision.main_reason
    if decision.recheck_after is not None:
        comment.recheck_at = now + decision.recheck_after
        comment.recheck_until = now + RECHECKED_FOR
    set_fragment(comment)
    return replace(examined, decision=decision)


def keep(examined: Examined) -> VisitorComment:
    """Store an examined comment in one short transaction, or raise what has changed meanwhile.

    A reply stands below a comment that can be seen; moderators may also answer one that waits.
    """
    comment, decision = examined.comment, examined.decision
    answerable = [Status.APPROVED, Status.HOLD] if examined.is_moderator else [Status.APPROVED]
    with (
        write_transaction(),
        collect_dependencies(read_generations(USUAL), is_stored=False),
    ):
        wait_for_same_author(examined)
        open_target(comment.target_id, DiscussionSettings.current())
        refuse_repeats(examined)
        place(comment, examined.parent_id, among=answerable)
        keep_records(comment, decision)
        if examined.agreed:
            acceptance_gate.get().record(
                examined.agreed, person=examined.person, locale=comment.language, surface="comment"
            )
        announce(comment)
        comment_created.send(
            VisitorComment, comment_id=comment.pk, target_id=comment.target_id,
            status=comment.status,
        )  # fmt: skip
    return comment


def awaits_mailbox(new: NewComment, decision: Decision) -> bool:
    """Tell whether a comment waits for its author's mailbox; what is spam anyhow does not."""
    return (
        DiscussionSettings.current().confirm_address
        and new.member is None
        and not new.address_is_proven
        and decision.status in {Status.APPROVED, Status.HOLD}
    )


def open_target(target_id: int, own: DiscussionSettings) -> CommentTarget:
    target = comment_targets.get().get_many([target_id]).get(target_id)
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


def address_of(new: NewComment) -> str:
    return new.member.email if new.member is not None else new.author_email.strip()


def author_of(new: NewComment, own: DiscussionSettings) -> tuple[str, str, str]:
    """Return name, address and site, from the account where one is signed in."""
    if len(new.text.encode()) > LONGEST_TEXT_BYTES:
        raise errors.FieldTooLongError(field="content")
    member = new.member
    if member is not None:
        return str(member.public_name or ""), member.email, ""
    name, email, url = new.author_name.strip(), address_of(new), new.author_url.strip()
    for named, value in (("author_name", name), ("author_email", email), ("author_url", url)):
        if len(value) > LONGEST[named]:
            raise errors.FieldTooLongError(field=named)
    name, url = clean_name(name), clean_address(url)[: LONGEST["author_url"]]
    if own.require_name_email and not (name and email):
        raise errors.AuthorMissingError
    if email:
        try:
            validate_email(email)
        except ValidationError:
            raise errors.AddressInvalidError from None
    return name, email, url


def refuse_repeats(examined: Examined) -> None:
    """Raise DuplicateCommentError or FloodError, in WordPress's order.

    A repeat that WordPress would not see as one is told of the flood first.
    """
    comment = examined.comment
    is_repeat = is_repeated(comment.repeat_key)
    if is_repeat and not examined.looks_new:
        raise errors.DuplicateCommentError
    refuse_flood(examined)
    if is_repeat:
        raise errors.DuplicateCommentError


def refuse_flood(examined: Examined) -> None:
    comment = examined.comment
    seconds = settings.COMMENTS_FLOOD_SECONDS
    if examined.is_moderator or not seconds:
        return
    since = comment.submit_date - timedelta(seconds=seconds)
    if is_flooding(comment.author_ref, examined.ip_hashes, since):
        raise errors.FloodError


def moderates(member: Any, target_id: int) -> bool:
    """Tell whether an account's own words need no moderator on a target, being one there."""
    if not ("moderate_comments" in capabilities.get().of(member) or may_moderate(member)):
        return False
    return scope_of(member).covers(target_id)


def wait_for_same_author(examined: Examined) -> None:
    """Let one author's submissions pass one after another, so that two cannot both be the first.

    SQLite has one writer at a time anyway.
    """
    if connection.vendor != "postgresql":
        return
    numbers = {examined.comment.repeat_key}
    if settings.COMMENTS_FLOOD_SECONDS and not examined.is_moderator:
        numbers.add(examined.comment.author_ref)
        numbers.update(int(hashed[:15], 16) for hashed in examined.ip_hashes)
    with connection.cursor() as cursor:
        for number in sorted(number for number in numbers if number is not None):
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def with_history(decision: Decision, history: History) -> Decision:
    reasons = evidence_of(history)
    return replace(decision, reasons=(*decision.reasons, *reasons)) if reasons else decision


def content_type_id(label: str) -> int:
    return ContentType.objects.get_by_natural_key(*label.split(".")).pk
