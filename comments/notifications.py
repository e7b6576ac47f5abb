"""Mails about comments. Nobody's address is in a mail to somebody else, nor in a link."""

import logging
from collections.abc import Mapping
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from comments.errors import MailNotSentError
from comments.models import Follower, VisitorComment
from core.extensions.commentables import CommentTarget
from core.extensions.site import site_provider

logger = logging.getLogger(__name__)

LONGEST_QUOTE = 600


def page_url(name: str, **kwargs: Any) -> str:
    """Return the whole address of a page of the comments room."""
    return f"{settings.FRONTEND_URL or settings.SITE_URL}{reverse(name, kwargs=kwargs)}"


def mail_follow_question(follower: Follower, target: CommentTarget, token: str) -> None:
    """Ask a mailbox whether it wants mail about a discussion; nothing is sent before it answers."""
    with translation.override(follower.language):
        send(
            follower.email,
            _("Do you want mail about new comments?"),
            "follow_question",
            target=target,
            link=page_url("comments:follow", token=token),
        )


def mail_new_comment(
    comment: VisitorComment, target: CommentTarget, follower: Follower, token: str
) -> None:
    """Tell a follower of a comment; the mail can be ended in one click (RFC 8058)."""
    with translation.override(follower.language):
        name = comment.user_name or _("Anonymous")
        send(
            follower.email,
            _("%(name)s commented on “%(title)s”") % {"name": name, "title": target.title},
            "new_comment",
            headers={
                "List-Unsubscribe": f"<{page_url('comments:unfollow', token=token)}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
            name=name,
            target=target,
            quote=quoted(comment.comment),
            link=f"{target.link}#comment-{comment.pk}",
            end_link=page_url("comments:unfollow", token=token),
        )


def mail_confirm_comment(
    email: str, target: CommentTarget, token: str, *, language: str, hours: int
) -> None:
    """Ask a mailbox whether its owner wrote a comment; it is published by their answer alone."""
    with translation.override(language):
        send(
            email,
            _("Did you comment on “%(title)s”?") % {"title": target.title},
            "confirm_comment",
            target=target,
            link=page_url("comments:confirm", token=token),
            hours=hours,
        )


def quoted(text: str) -> str:
    """Return the beginning of a comment as plain lines."""
    plain = strip_tags(text).strip()
    if len(plain) > LONGEST_QUOTE:
        plain = plain[:LONGEST_QUOTE].rsplit(" ", 1)[0] + " …"
    return "\n".join(f"> {line}".rstrip() for line in plain.splitlines())


def send(
    email: str,
    subject: str,
    template: str,
    *,
    headers: Mapping[str, str] | None = None,
    **context: Any,
) -> None:
    """Send one mail in the current language, or raise MailNotSentError."""
    body = render_to_string(
        f"comments/mail/{template}.txt",
        {"site_name": site_provider.get().identity().name, **context},
    )
    mail = EmailMessage(
        # A line break in a subject would begin another header.
        " ".join(subject.split()),
        body.strip() + "\n",
        to=[email],
        headers={"Auto-Submitted": "auto-generated", **(headers or {})},
    )
    try:
        mail.send()
    except (SMTPException, OSError, ValueError) as error:
        # A mail server's refusal quotes the address: neither its text nor its trace is kept.
        logger.error("Mail %s about comments failed: %s", template, type(error).__name__)
        raise MailNotSentError from None
