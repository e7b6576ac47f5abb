"""Mail to moderators about what waits, and to authors of posts about what was published.

Both are gathered: whoever is told gets one mail for all that came since the last one, and of what
waits not more than one in ten minutes, so that a flood of spam is no flood of mail.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import Exists, OuterRef, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comments.models import (
    DiscussionSettings,
    MailChoice,
    MailCursor,
    ModerationAct,
    Status,
    VisitorComment,
)
from comments.moderation.mail_links import decision_url
from comments.moderation.reasons import chips_of, latest_records
from comments.moderation.rows import stands_under
from comments.sanitising import to_html
from comments.scopes import CHANGE, may_moderate, scope_of
from core.extensions.commentables import comment_targets
from core.extensions.people import Recipient, notice_recipients
from core.extensions.site import site_provider

logger = logging.getLogger(__name__)

HELD, OWN = "held", "own"
PAUSE = timedelta(minutes=10)
# A number that was given out may be committed after a higher one: so long nobody looks.
SETTLING = timedelta(seconds=15)
MOST_LISTED, LONGEST_EXCERPT = 10, 300
IMPORTED = "import"


@dataclass(frozen=True)
class Listed:
    """One comment in a mail. No address stands there: mails are forwarded."""

    name: str
    title: str
    words: str
    reasons: Sequence[str]
    link: str
    decisions: Sequence[tuple[str, str]] = ()

    @property
    def lines(self) -> Sequence[str]:
        """Return the words line by line, each to be marked as the commenter's own."""
        return self.words.splitlines()


@dataclass(frozen=True)
class Stretch:
    """What came since the last mail: comments and acts above the cursor, up to what has settled."""

    cursor: MailCursor
    last_comment: int
    last_act: int

    def comments(self) -> Q:
        return Q(pk__gt=self.cursor.comment_id, pk__lte=self.last_comment)

    def acts(self) -> Q:
        return Q(pk__gt=self.cursor.act_id, pk__lte=self.last_act)

    def finish(self, sent_at: datetime | None = None) -> None:
        MailCursor.objects.filter(pk=self.cursor.pk).update(
            comment_id=self.last_comment,
            act_id=self.last_act,
            sent_at=sent_at or self.cursor.sent_at,
        )


def stretch_of(kind: str, now: datetime) -> Stretch:
    cursor, _created = MailCursor.objects.get_or_create(kind=kind)
    comments = VisitorComment.objects.filter(submit_date__lte=now - SETTLING).order_by("-pk")
    acts = ModerationAct.objects.filter(at__lte=now - SETTLING).order_by("-pk")
    return Stretch(
        cursor,
        max(comments.values_list("pk", flat=True).first() or 0, cursor.comment_id),
        max(acts.values_list("pk", flat=True).first() or 0, cursor.act_id),
    )


def mail_moderators(now: datetime | None = None) -> int:
    """Mail each moderator what came to wait where they moderate; return how many mails were sent.

    Told is of comments that were held when they came and of those that a rule held later, as far as
    they still wait. Nobody is told twice, unless the process dies between sending and noting it.
    Not for use inside a transaction.
    """
    now = now or timezone.now()
    stretch = stretch_of(HELD, now)
    if stretch.cursor.sent_at is not None and now - stretch.cursor.sent_at < PAUSE:
        return 0
    came = VisitorComment.objects.filter(stretch.comments()).exclude(channel=IMPORTED)
    held_later = ModerationAct.objects.filter(stretch.acts(), new_status=Status.HOLD, by=None)
    new = VisitorComment.objects.filter(
        Q(pk__in=came.values("pk")) | Q(pk__in=held_later.values("comment_id")),
        status=Status.HOLD,
    )
    if not DiscussionSettings.load().moderation_notify or not new.exists():
        stretch.finish()
        return 0
    sent = 0
    people = moderators()
    with Postbox() as postbox:
        for user in people:
            mine = scope_of(user).narrow(new)
            count = mine.count()
            if count:
                rows = list(mine.order_by("-pk")[:MOST_LISTED])
                sent += postbox.send(user.recipient, held_mail(user, rows, count))
    stretch.finish(now)
    return sent


def moderators() -> list[Any]:
    """Return who is told of what waits, each with the `recipient` that has address and language.

    Administrators are told only where nobody else moderates. Who does not want it is left out.
    """
    with_perm = get_user_model().objects.with_perm(
        CHANGE, backend="django.contrib.auth.backends.ModelBackend", include_superusers=False
    )
    users = list(with_perm.order_by("pk"))
    if not users:
        users = list(get_user_model().objects.filter(is_superuser=True, is_active=True))
    return reachable(users, "wants_held")


def reachable(users: Iterable[Any], choice: str) -> list[Any]:
    users = list(users)
    unwilling = set(
        MailChoice.objects.filter(user__in=users, **{choice: False}).values_list("pk", flat=True)
    )
    recipients = notice_recipients.get().get_many(user.pk for user in users)
    found = []
    for user in users:
        if user.pk in recipients and user.pk not in unwilling:
            user.recipient = recipients[user.pk]
            found.append(user)
    return found


def mail_post_authors(now: datetime | None = None) -> int:
    """Mail authors of posts what was published under them; return how many mails were sent.

    A comment is told of when it is visible for the first time, whether at once or after a moderator
    approved it, and never again; not to whom wrote it or approved it. Repeats as in
    mail_moderators. Not for use inside a transaction.
    """
    now = now or timezone.now()
    stretch = stretch_of(OWN, now)
    new = first_published(stretch)
    if not DiscussionSettings.load().comments_notify or not new:
        stretch.finish()
        return 0
    targets = comment_targets.get().get_many({comment.target_id for comment, _by in new})
    lists: dict[int, list[VisitorComment]] = {}
    for comment, approved_by in new:
        target = targets.get(comment.target_id)
        for author_id in target.author_ids if target else ():
            if author_id not in {comment.user_id, approved_by}:
                lists.setdefault(author_id, []).append(comment)
    users = get_user_model().objects.filter(pk__in=lists, is_active=True).order_by("pk")
    sent = 0
    with Postbox() as postbox:
        for user in reachable(users, "wants_own"):
            sent += postbox.send(user.recipient, own_mail(user, lists[user.pk]))
    stretch.finish(now)
    return sent


def first_published(stretch: Stretch) -> list[tuple[VisitorComment, int | None]]:
    """Return comments that are visible for the first time, each with who approved it."""
    approving = ModerationAct.objects.filter(new_status=Status.APPROVED)
    at_once = (
        VisitorComment.objects.approved()
        .filter(stretch.comments())
        .exclude(channel=IMPORTED)
        .exclude(pk__in=approving.filter(stretch.acts()).values("comment_id"))
        .filter(~Exists(approving.filter(comment=OuterRef("pk"))))
    )
    visible_before = ModerationAct.objects.filter(
        Q(old_status=Status.APPROVED) | Q(new_status=Status.APPROVED),
        comment=OuterRef("comment"),
        pk__lt=OuterRef("pk"),
    )
    acts = (
        approving.filter(stretch.acts(), comment__status=Status.APPROVED)
        .exclude(comment__channel=IMPORTED)
        .filter(~Exists(visible_before))
        .select_related("comment")
        .order_by("pk")
    )
    return [
        *((comment, None) for comment in at_once.order_by("pk")),
        *((act.comment, act.by_id) for act in acts if act.comment is not None),
    ]


# Writing and sending


@dataclass(frozen=True)
class Words:
    """A mail's words in one language."""

    subject: str
    text: str
    html: str


def language_of(recipient: Recipient) -> str:
    known = {code for code, _name in settings.LANGUAGES}
    return recipient.language if recipient.language in known else settings.LANGUAGE_CODE


def held_mail(user: Any, rows: Sequence[VisitorComment], count: int) -> Words:
    """Return the mail about comments that wait, with links that lead to a page which asks."""
    with translation.override(language_of(user.recipient)):
        subject = ngettext("%(count)d comment waits", "%(count)d comments wait", count) % {
            "count": count
        }
        records = latest_records([row.pk for row in rows])
        actions = [
            (Status.APPROVED, _("Approve")), (Status.SPAM, _("Spam")), (Status.TRASH, _("Trash"))
        ]  # fmt: skip
        listed = [
            listed_as(
                row,
                reasons=[reason.sentence for reason in chips_of(records.get(row.pk))[:3]],
                link=page("visitor_comments:single", row.pk),
                decisions=[(label, decision_url(user, row, action)) for action, label in actions],
            )
            for row in titled(rows)
        ]
        return words("held", subject, listed, count)


def own_mail(user: Any, comments: Sequence[VisitorComment]) -> Words:
    """Return the mail about comments that were published under somebody's posts."""
    scope = scope_of(user) if may_moderate(user) else None
    targets = comment_targets.get().get_many({comment.target_id for comment in comments})
    with translation.override(language_of(user.recipient)):
        count = len(comments)
        subject = ngettext(
            "%(count)d new comment on what you wrote", "%(count)d new comments on what you wrote",
            count,
        ) % {"count": count}  # fmt: skip
        listed = []
        for row in titled(comments[:MOST_LISTED]):
            target = targets.get(row.target_id)
            is_theirs = scope is not None and scope.covers(row.target_id)
            decisions = [
                (_("Reply"), page("visitor_comments:reply", row.pk)),
                (_("Spam"), decision_url(user, row, Status.SPAM)),
                (_("Trash"), decision_url(user, row, Status.TRASH)),
            ]
            listed.append(
                listed_as(
                    row,
                    link=f"{target.link}#comment-{row.pk}" if target else "",
                    decisions=decisions if is_theirs else (),
                )
            )
        return words("own", subject, listed, count)


def titled(rows: Sequence[VisitorComment]) -> Sequence[VisitorComment]:
    under = stands_under({row.target_id for row in rows})
    for row in rows:
        row.under = under.get(row.target_id)  # type: ignore[attr-defined]
    return rows


def listed_as(row: Any, *, link: str, reasons: Sequence[str] = (), decisions: Any = ()) -> Listed:
    return Listed(
        name=row.user_name or _("Anonymous"),
        title=row.under.title if row.under else "",
        words=Truncator(strip_tags(to_html(row.comment)).strip()).chars(LONGEST_EXCERPT),
        reasons=reasons,
        link=link,
        decisions=decisions,
    )


def words(template: str, subject: str, listed: Sequence[Listed], count: int) -> Words:
    site = site_provider.get().identity().name
    context: Mapping[str, Any] = {
        "site_name": site,
        "subject": subject,
        "comments": listed,
        "others": count - len(listed),
        "queue_url": page("visitor_comments:queue"),
        "account_url": f"{settings.SITE_URL}{reverse('wagtailadmin_account')}",
        "language": translation.get_language(),
    }
    # A line break in a subject would begin another header.
    return Words(
        " ".join(f"{subject} – {site}".split()),
        render_to_string(f"comments/mail/{template}.txt", dict(context)).strip() + "\n",
        render_to_string(f"comments/mail/{template}.html", dict(context)),
    )


def page(name: str, *args: Any) -> str:
    return f"{settings.SITE_URL}{reverse(name, args=args)}"


class Postbox:
    """One connection to the mail server for all mails of a round; one that fails stops no other."""

    def __enter__(self) -> "Postbox":
        self.connection = get_connection()
        # Where the server is away nothing is noted as told, and the next round tries again.
        self.connection.open()
        return self

    def __exit__(self, *details: Any) -> None:
        self.connection.close()

    def send(self, recipient: Recipient, mail: Words) -> int:
        """Send one mail; return 1, or 0 where the server did not take it."""
        message = EmailMultiAlternatives(
            mail.subject, mail.text, to=[recipient.email], connection=self.connection,
            headers={"Auto-Submitted": "auto-generated"},
        )  # fmt: skip
        message.attach_alternative(mail.html, "text/html")
        try:
            message.send()
        except (SMTPException, OSError, ValueError) as error:
            # A mail server's refusal quotes the address: neither its text nor its trace is kept.
            logger.error("A mail about comments failed: %s", type(error).__name__)
            return 0
        return 1
