"""Mails about changes of policies, and about being told of them."""

import hashlib
import logging
import re
from dataclasses import dataclass
from enum import Enum
from smtplib import (
    SMTPDataError,
    SMTPException,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
)
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.models import Page

from core.extensions.site import site_provider
from pages.errors import MailNotSentError
from pages.models.policies import Acceptance, MaterialChange, PolicyText, PolicyVersion

logger = logging.getLogger(__name__)

# RFC 5321, 4.2: from 500 on a refusal is for good; 421 says that the server hangs up.
PERMANENT, CLOSING = 500, 421


class Outcome(Enum):
    """What became of one mail."""

    SENT = "sent"
    REFUSED = "refused for good"
    LATER = "refused for now"
    BROKEN_OFF = "the mail server is gone, and nobody knows what it took"


@dataclass(frozen=True)
class Notice:
    """A mail's words, the same for everybody who reads one language and is told for one reason.

    `body` is plain text, `html` the same to look at. In what goes to subscribers both hold
    END_MARK where the address that ends the mails belongs. `boundary` parts the two.
    """

    subject: str
    body: str
    html: str
    boundary: str


# A name that no host can have (RFC 2606), so that no text holds it by chance.
END_MARK = "https://end.invalid/"


def page_path(version: PolicyVersion, locale: str) -> str:
    """Return the path of a version's page in a language, or of the authoritative one."""
    page = (
        Page.objects.live()
        .filter(translation_key=version.document.translation_key, locale__language_code=locale)
        .first()
    ) or version.page
    # The whole address names the host that Wagtail knows, which may not be the public one.
    return urlsplit(page.get_url() or "/").path


def text_path(version: PolicyVersion, locale: str) -> str:
    """Return the path of a version's own address, which never changes."""
    return f"{page_path(version, locale)}versions/{version.number}/"


def comparison_path(version: PolicyVersion, locale: str) -> str:
    """Return where a version is compared with the one before it; empty for the first."""
    if version.number == 1:
        return ""
    return f"{page_path(version, locale)}compare/{version.number - 1}...{version.number}/"


def moment_of(version: PolicyVersion) -> str:
    """Return when a version takes effect, in the current language and with its time zone."""
    zone = ZoneInfo(version.effective_zone or site_provider.get().identity().timezone)
    local = timezone.localtime(version.holds_from, zone)
    return f"{date_format(local, 'DATETIME_FORMAT')} {local.tzname()}"


def changes_of(version: PolicyVersion) -> list[str]:
    """Return what a material change concerns, in the current language."""
    changes = [str(kind.label) for kind in MaterialChange if kind.value in version.material]
    return [*changes, _("your rights become fewer")] if version.reduces_rights else changes


def write_notice(version: PolicyVersion, language: str, *, for_subscribers: bool) -> Notice:
    """Write the mail about a version in a language; its text may have to be the authoritative."""
    with translation.override(language):
        text: PolicyText = version.text_for(language)
        base = settings.FRONTEND_URL or settings.SITE_URL
        comparison = comparison_path(version, language)
        subject = _("A change of “%(title)s”") % {"title": text.title}
        context = {
            "language": language,
            "site_name": site_name(language),
            "version": version,
            "text": text,
            "is_other_language": text.locale != language,
            "changes": changes_of(version),
            "moment": moment_of(version),
            "is_coming": version.holds_from > timezone.now(),
            "asks": version.acceptance != Acceptance.NONE,
            "for_subscribers": for_subscribers,
            "text_url": f"{base}{text_path(version, language)}",
            "comparison_url": f"{base}{comparison}" if comparison else "",
            "agreements_url": f"{base}{reverse('pages:agreements')}",
            "requests_url": f"{base}{reverse('privacy:request')}",
            "end_url": END_MARK,
            "contact": version.entity.get("privacy_email")
            or version.entity.get("contact_email", ""),
        }
        body = render_to_string("pages/mail/policy_notice.txt", context)
        html = render_to_string("pages/mail/policy_notice.html", context)
    # A line break in a subject would begin another header.
    boundary = f"=_{hashlib.sha256(html.encode()).hexdigest()[:40]}"
    return Notice(" ".join(subject.split()), tidy(body), html, boundary)


def site_name(language: str) -> str:
    """Return the site's name in a language."""
    return str(site_provider.get().frame(language)["site"]["name"])


def tidy(body: str) -> str:
    """Return a plain text with at most one empty line at a time."""
    return re.sub(r"\n{3,}", "\n\n", body.strip()) + "\n"


class NoticeMessage(EmailMultiAlternatives):
    """A mail in two forms whose boundary is known.

    Without one the email package compiles a pattern for every mail, which over 100,000 of them
    costs time and, in fragments, memory.
    """

    boundary = ""

    def message(self, *args: Any, **kwargs: Any) -> Any:
        written = super().message(*args, **kwargs)
        written.set_boundary(self.boundary)
        return written


def send_notice(
    notice: Notice, email: str, connection: BaseEmailBackend, *, key: int, end_url: str = ""
) -> Outcome:
    """Send one mail. What a mail server says of a failure quotes the address and is not kept.

    `key` is the delivery's number: a mail that is sent again after a crash has the same
    Message-ID, by which mail systems show it once. `end_url` is where a subscriber ends the mails
    with one click (RFC 8058); an account has to be told.
    """
    headers = {
        "Auto-Submitted": "auto-generated",
        "Message-ID": f"<policy-notice-{key}@{urlsplit(settings.SITE_URL).hostname}>",
    }
    if end_url:
        headers["List-Unsubscribe"] = f"<{end_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message = NoticeMessage(
        notice.subject,
        notice.body.replace(END_MARK, end_url),
        to=[email],
        connection=connection,
        headers=headers,
    )
    message.boundary = notice.boundary
    message.attach_alternative(notice.html.replace(END_MARK, end_url), "text/html")
    try:
        message.send()
    # ValueError: no header can be written of this address.
    except (SMTPException, OSError, ValueError) as error:
        return outcome_of(error)
    return Outcome.SENT


def outcome_of(error: Exception) -> Outcome:
    """Tell a refusal of one mail from a mail server that is gone."""
    if isinstance(error, SMTPRecipientsRefused):
        codes = [code for code, _reason in error.recipients.values()]
        if CLOSING in codes:
            return Outcome.BROKEN_OFF
        return Outcome.REFUSED if min(codes) >= PERMANENT else Outcome.LATER
    if isinstance(error, SMTPDataError) and error.smtp_code != CLOSING:
        return Outcome.LATER
    if isinstance(error, ValueError | SMTPNotSupportedError):
        return Outcome.REFUSED
    return Outcome.BROKEN_OFF


def end_url(token: str, language: str) -> str:
    """Return where a subscriber ends the mails."""
    with translation.override(language):
        # This site's own address: mail systems post to it without anybody looking.
        return f"{settings.SITE_URL}{reverse('pages:end_subscription', args=[token])}"


def mail_subscription(email: str, language: str, *, confirm_token: str, end_token: str) -> None:
    """Ask an address's owner to confirm a subscription, or say that there is one.

    Raises MailNotSentError; the call is then to be repeated.
    """
    with translation.override(language):
        base = settings.FRONTEND_URL or settings.SITE_URL
        path = reverse("pages:confirm_subscription", args=[confirm_token]) if confirm_token else ""
        body = render_to_string(
            "pages/mail/subscription.txt",
            {
                "site_name": site_name(language),
                "confirm_url": f"{base}{path}" if path else "",
                "end_url": end_url(end_token, language) if end_token else "",
                "hours": 48,
            },
        )
        subject = _("Changes of our policies by mail")
    message = EmailMessage(subject, tidy(body), to=[email],
                           headers={"Auto-Submitted": "auto-generated"})  # fmt: skip
    try:
        message.send()
    except (SMTPException, OSError) as error:
        logger.error("A mail about a subscription failed: %s", type(error).__name__)
        raise MailNotSentError from None
