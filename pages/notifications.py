"""Mails about changes of policies."""

from dataclasses import dataclass
from enum import Enum
from smtplib import (
    SMTPDataError,
    SMTPException,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
)
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.models import Page

from core.extensions.site import site_provider
from pages.models.policies import MaterialChange, PolicyText, PolicyVersion

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
    """A mail's words, the same for everybody who reads one language."""

    subject: str
    body: str


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


def write_notice(version: PolicyVersion, language: str) -> Notice:
    """Write the mail about a version in a language; its text may have to be the authoritative."""
    with translation.override(language):
        text: PolicyText = version.text_for(language)
        base = settings.FRONTEND_URL or settings.SITE_URL
        comparison = comparison_path(version, language)
        subject = _("A change of “%(title)s”") % {"title": text.title}
        body = render_to_string(
            "pages/mail/policy_notice.txt",
            {
                "site_name": site_provider.get().identity().name,
                "version": version,
                "text": text,
                "is_other_language": text.locale != language,
                "changes": changes_of(version),
                "moment": moment_of(version),
                "is_coming": version.holds_from > timezone.now(),
                "text_url": f"{base}{text_path(version, language)}",
                "comparison_url": f"{base}{comparison}" if comparison else "",
                "requests_url": f"{base}{reverse('privacy:request')}",
                "contact": version.entity.get("privacy_email")
                or version.entity.get("contact_email", ""),
            },
        )
    # A line break in a subject would begin another header.
    return Notice(" ".join(subject.split()), body.strip() + "\n")


def send_notice(notice: Notice, email: str, connection: BaseEmailBackend) -> Outcome:
    """Send one mail. What a mail server says of a failure quotes the address and is not kept."""
    message = EmailMessage(
        notice.subject,
        notice.body,
        to=[email],
        connection=connection,
        headers={"Auto-Submitted": "auto-generated"},
    )
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
