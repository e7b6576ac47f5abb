"""Mails about the age of members, to them and to their guardians."""

import logging
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.errors import MailNotSentError
from accounts.models import YoungMember
from core.extensions.masking import masking
from core.extensions.site import site_provider

logger = logging.getLogger(__name__)


def page_url(name: str, token: str = "") -> str:
    """Return the address of a page in the current language; the token is its fragment, which
    reaches no server, log or referrer."""
    base = settings.FRONTEND_URL or settings.SITE_URL
    return f"{base}{reverse(name)}" + (f"#{token}" if token else "")


def mail_guardian(row: YoungMember, *, token: str, code: str) -> None:
    """Ask a guardian for their agreement, or confirm it and send the way to withdraw it.

    The child is named by a masked address: anybody can type anybody's address, and no words of
    theirs are sent to it.
    """
    with translation.override(row.locale or settings.LANGUAGE_CODE):
        has_agreed = row.agreed_at is not None
        send(
            row,
            _("You have agreed to an account") if has_agreed else _("A child asks you to agree"),
            "guardian_agreed" if has_agreed else "guardian_asked",
            to=row.guardian_email,
            link=page_url("guardian-withdraw" if has_agreed else "guardian", token),
            code=code,
            days=settings.ACCOUNTS_GUARDIAN_DAYS,
            requests_url=page_url("privacy:without_mailbox"),
        )


def mail_owner(row: YoungMember) -> None:
    """Tell an account's owner what holds for it now."""
    with translation.override(row.locale or settings.LANGUAGE_CODE):
        send(
            row,
            _("Your account and your age"),
            "age",
            to=row.user.email,
            link=page_url("age"),
        )


def send(row: YoungMember, subject: str, template: str, *, to: str, **context: Any) -> None:
    site = site_provider.get()
    context |= {
        "member": row,
        "account": masking.get().address(row.user.email),
        "site_name": site.identity().name,
        "contact": site.frame(translation.get_language() or "")["children_contact"],
    }
    body = render_to_string(f"account/mail/{template}.txt", context)
    mail = EmailMessage(
        subject, body.strip() + "\n", to=[to], headers={"Auto-Submitted": "auto-generated"}
    )
    try:
        mail.send()
    except (SMTPException, OSError) as error:
        # A mail server's refusal quotes the address: neither its text nor its trace is kept.
        logger.error("Mail about the %s failed: %s", row, type(error).__name__)
        raise MailNotSentError from None
