"""Mails about data requests."""

import logging
from datetime import datetime
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Model
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from core.extensions.site import site_provider
from privacy.errors import MailNotSentError
from privacy.models import Breach, DataRequest, Kind
from privacy.reasons import Delay, Ground
from privacy.request_tokens import IssuedToken

logger = logging.getLogger(__name__)


def page_url(name: str, token: str = "", **kwargs: str) -> str:
    """Return the address of a page in the current language; the token is its fragment, which
    reaches no server, log or referrer."""
    base = settings.FRONTEND_URL or settings.SITE_URL
    return f"{base}{reverse(name, kwargs=kwargs)}" + (f"#{token}" if token else "")


def mail_confirmation(request: DataRequest, issued: IssuedToken) -> None:
    """Ask the mailbox's owner to confirm; nothing happens until they do."""
    with translation.override(request.locale):
        is_erasure = request.kind == Kind.ERASURE
        name = "privacy:confirm_erasure" if is_erasure else "privacy:confirm"
        send(
            request,
            _("Confirm your request about your data"),
            "confirm",
            link=page_url(name, issued.token),
            code=issued.code,
            hours=settings.PRIVACY_CONFIRM_HOURS,
            is_examined=request.awaits_review,
        )


def mail_grace(request: DataRequest, issued: IssuedToken) -> None:
    """Tell when an erasure begins, with the way to cancel it."""
    with translation.override(request.locale):
        send(
            request,
            _("Your data will be erased: you can still cancel"),
            "grace",
            link=page_url("privacy:cancel", issued.token),
            code=issued.code,
        )


def mail_status(request: DataRequest, issued: IssuedToken) -> None:
    """Tell somebody who asks again that their request is in work."""
    with translation.override(request.locale):
        send(
            request,
            _("Your request is being worked on"),
            "in_progress",
            link=page_url("privacy:status", issued.token),
            code=issued.code,
        )


def mail_export(request: DataRequest, issued: IssuedToken) -> None:
    """Send the way to the export, never the export."""
    with translation.override(request.locale):
        send(
            request,
            _("Your copy of your data is ready"),
            "export_ready",
            link=page_url("privacy:download", issued.token),
            code=issued.code,
            days=settings.PRIVACY_EXPORT_DAYS,
        )


def mail_receipt(
    request: DataRequest,
    *,
    removed: int,
    retained: list[dict[str, str | None]],
    recipients: list[dict[str, str]],
) -> None:
    """Send the receipt of an erasure: what is gone, what is kept, by what right and until when.

    It names whom the site had sent some of it, as they are not told by the site.
    """
    with translation.override(request.locale):
        send(
            request,
            _("Your data has been erased"),
            "receipt",
            removed=removed,
            retained=retained,
            recipients=recipients,
            record_days=settings.PRIVACY_RECORD_DAYS,
        )


def mail_restricted(request: DataRequest, issued: IssuedToken) -> None:
    """Tell that a person's data is kept and used for nothing, with the way to end that."""
    with translation.override(request.locale):
        send(
            request,
            _("Your data is not used any more"),
            "restricted",
            link=page_url("privacy:status", issued.token),
            code=issued.code,
        )


def mail_lifted(request: DataRequest, to: str) -> None:
    """Tell a person that the restriction of their data is about to be lifted."""
    with translation.override(request.locale):
        send(request, _("Your data will be used again"), "lifted", to=to)


def mail_answer(request: DataRequest, answer: str) -> None:
    """Send an officer's answer; its text is stored nowhere."""
    with translation.override(request.locale):
        send(request, _("The answer to your request about your data"), "answer", answer=answer)


def mail_refusal(request: DataRequest, answer: str, ground: Ground) -> None:
    """Send a refusal: its ground, an officer's words, and where to complain."""
    with translation.override(request.locale):
        send(
            request,
            _("Your request about your data is refused"),
            "refusal",
            answer=answer,
            ground=ground.label,
        )


def mail_extension(request: DataRequest, until: datetime, ground: str) -> None:
    """Tell a person that their answer takes longer, until when and why."""
    with translation.override(request.locale):
        send(
            request,
            _("Your request about your data takes longer"),
            "extension",
            until=until,
            ground=Delay(ground).label,
        )


def mail_officer(request: DataRequest, officer: str, stage: int) -> None:
    """Tell an officer of a request that waits, or whose time runs out; its person is not named."""
    with translation.override(settings.LANGUAGE_CODE):
        subject = (
            _("A data request is overdue")
            if stage >= 100
            else _("A data request is due soon")
            if stage
            else _("A data request waits for you")
        )
        link = f"{settings.SITE_URL}{reverse('data_requests:single', args=[request.pk])}"
        send(request, subject, "officer", to=officer, link=link, stage=stage)


def mail_breach(breach: Breach, officer: str, percent: int) -> None:
    """Tell an officer of a breach whose clock runs; what happened is not in the mail."""
    with translation.override(settings.LANGUAGE_CODE):
        body = render_to_string(
            "privacy/mail/breach.txt",
            {
                "breach": breach,
                "percent": percent,
                "site_name": site_provider.get().identity().name,
                "link": f"{settings.SITE_URL}{reverse('data_registers:breach', args=[breach.pk])}",
            },
        )
        subject = (
            _("The time for reporting a breach is over")
            if percent >= 100
            else _("A breach has to be reported")
        )
        deliver(subject, body, to=officer, about=breach)


def send(
    request: DataRequest, subject: str, template: str, *, to: str = "", **context: Any
) -> None:
    body = render_to_string(
        f"privacy/mail/{template}.txt",
        {
            "kind": request.get_kind_display(),
            "data_request": request,
            "site_name": site_provider.get().identity().name,
            "requests_url": page_url("privacy:request"),
            **context,
        },
    )
    deliver(subject, body, to=to or request.mailbox, about=request)


def deliver(subject: str, body: str, *, to: str, about: Model) -> None:
    mail = EmailMessage(
        subject, body.strip() + "\n", to=[to], headers={"Auto-Submitted": "auto-generated"}
    )
    try:
        mail.send()
    except (SMTPException, OSError) as error:
        # A mail server's refusal quotes the address: neither its text nor its trace is kept.
        logger.error("Mail about %s failed: %s", about, type(error).__name__)
        raise MailNotSentError from None
