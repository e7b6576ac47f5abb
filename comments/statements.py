"""Mails that state a decision about a comment, a report or a person, with the ways to object.

After Regulation (EU) 2022/2065 (DSA), articles 16, 17 and 20. No mail quotes the comment or the
name under it: whoever typed somebody else's address would have the site send them their words.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from smtplib import SMTPException
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from comments import errors
from comments.models import (
    Appeal,
    IllegalContentReport,
    Removal,
    Sanction,
    SanctionKind,
    VisitorComment,
)
from core.extensions.commentables import comment_targets
from core.extensions.people import notice_recipients
from core.extensions.policies import policy_facts
from core.extensions.site import site_provider

logger = logging.getLogger(__name__)

Fact = tuple[str, str]


@dataclass(frozen=True)
class Reader:
    """Who is written to, and in which language."""

    email: str
    language: str


@dataclass(frozen=True)
class Statement:
    """A mail's parts in the reader's language; `words` are a person's own."""

    subject: str
    opening: Sequence[str]
    facts: Sequence[Fact] = ()
    words: str = ""
    closing: Sequence[str] = ()
    link: str = ""
    link_label: str = ""
    code: str = ""


def reader_of(user_id: int | None, comment: VisitorComment | None) -> Reader | None:
    """Return whom to write to about an account or a comment; None where nobody can be reached."""
    person = notice_recipients.get().get_many([user_id]).get(user_id) if user_id else None
    written_in = comment.language if comment is not None else ""
    if person is not None:
        return Reader(person.email, known_language(person.language or written_in))
    if comment is not None and comment.user_email:
        return Reader(comment.user_email, known_language(written_in))
    return None


def known_language(code: str) -> str:
    return code if code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def contact_address() -> str:
    """Return where people can write to the site; "" where it has not said."""
    fact = policy_facts.get("entity.contact_email")
    return str(fact.value()) if fact is not None else ""


def mail(reader: Reader, write: Callable[[], Statement]) -> None:
    """Write a statement in the reader's language and send it, as text and as HTML.

    Raises MailNotSentError; what the mail server said quotes the address and is not kept.
    """
    site = site_provider.get().identity()
    with translation.override(reader.language), timezone.override(ZoneInfo(site.timezone)):
        statement = write()
        policies = site_provider.get().frame(reader.language).get("policy_url", {})
        context = {
            "statement": statement,
            "site_name": site.name,
            "contact": contact_address(),
            "rules_url": whole_address(policies.get("terms", "")),
            "language": reader.language,
        }
        message = EmailMultiAlternatives(
            statement.subject,
            render_to_string("comments/mail/statement.txt", context).strip() + "\n",
            to=[reader.email],
            headers={"Auto-Submitted": "auto-generated"},
        )
        html = render_to_string("comments/mail/statement.html", context)
        message.attach_alternative(html, "text/html")
    try:
        message.send()
    # ValueError: no header can be written of this address.
    except (SMTPException, OSError, ValueError) as error:
        logger.error("A statement was not sent: %s", type(error).__name__)
        raise errors.MailNotSentError from None


def page_url(name: str, token: str = "") -> str:
    """Return the address of a page in the current language; the token is its fragment, which
    reaches no server, log or referrer."""
    base = settings.FRONTEND_URL or settings.SITE_URL
    return f"{base}{reverse(name)}" + (f"#{token}" if token else "")


def whole_address(url: str) -> str:
    # The whole address that Wagtail gives names the host it knows, which may not be the public one.
    base = settings.FRONTEND_URL or settings.SITE_URL
    return f"{base}{urlsplit(url).path}" if url else ""


def day_of(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "DATE_FORMAT")


def where_and_when(comment: VisitorComment) -> list[Fact]:
    target = comment_targets.get().get_many([comment.target_id]).get(comment.target_id)
    facts = [(_("Comment"), _("number %(number)s of %(day)s")
              % {"number": comment.pk, "day": day_of(comment.submit_date)})]  # fmt: skip
    return [*facts, (_("On"), f"{target.title} {target.link}")] if target else facts


def not_yours() -> str:
    return _(
        "If you did not write this comment, somebody else typed your address. Please tell us, so "
        "that nothing is held against you."
    )


def sanction_statement(made: Sanction) -> Statement:
    """Tell a person what was decided about them, why, until when, and how to appeal."""
    said = {
        SanctionKind.WARN: _("We warn you: please keep to the rules of conduct of this site."),
        SanctionKind.LIMIT: _("From now on a moderator reads each of your comments first."),
        SanctionKind.BAN: _("You can write no comments on this site for a time."),
    }
    facts = [(_("The reason"), made.reason)]
    if made.ends_at is not None:
        facts.append((_("It ends on"), day_of(made.ends_at)))
    if made.comment is not None and made.comment.comment:
        facts += where_and_when(made.comment)
    return Statement(
        subject=_("About your comments"),
        opening=[said[SanctionKind(made.kind)]],
        facts=facts,
        closing=[
            _("A person decided this. If you think that it is wrong, answer by writing to us: "
              "another person then looks at it again."),
            not_yours(),
        ],
    )  # fmt: skip


def removal_statement(removal: Removal, *, token: str, code: str) -> Statement:
    """State the reasons of a removal (DSA, article 17(3)) and offer the appeal."""
    facts = [
        *where_and_when(removal.comment),
        (_("What was done"), _("The comment is shown to nobody any more, anywhere.")),
        (_("The ground"), removal.get_ground_display()),
    ]
    if removal.rule:
        facts.append((_("The rule or law"), removal.rule))
    if removal.facts:
        facts.append((_("What we found"), removal.facts))
    decided_by = _("A program of this site decided this by itself.") if removal.was_automatic else (
        _("A person decided this.")
    )  # fmt: skip
    prompted = _("Somebody had reported the comment.") if removal.was_reported else (
        _("Nobody had reported the comment: this site found it by itself.")
    )  # fmt: skip
    facts.append((_("How it was decided"), f"{decided_by} {prompted}"))
    return Statement(
        subject=_("Your comment was removed"),
        opening=[_("A comment that gave this address was removed. Here is why.")],
        facts=facts,
        closing=[
            _("You can appeal once, free of charge, until %(day)s: a person then looks at it "
              "again.") % {"day": day_of(removal.appeal_until)},
            _("You can also turn to a certified body for settling disputes out of court, or to a "
              "court."),
            not_yours(),
        ],
        link=page_url("comment_rights:appeal", token),
        link_label=_("Appeal against the removal"),
        code=code,
    )  # fmt: skip


def appeal_answer(appeal: Appeal) -> Statement:
    """Answer an appeal."""
    outcome = _("You were right, and the comment is back.") if appeal.was_upheld else (
        _("We have looked at it again, and the comment stays removed.")
    )  # fmt: skip
    closing = [] if appeal.was_upheld else [
        _("You can turn to a certified body for settling disputes out of court, or to a court.")
    ]  # fmt: skip
    return Statement(
        subject=_("The answer to your appeal"),
        opening=[outcome],
        facts=where_and_when(appeal.removal.comment),
        words=appeal.answer,
        closing=[*closing, _("A person decided this.")],
    )


def report_receipt(report: IllegalContentReport) -> Statement:
    """Confirm that a report arrived (DSA, article 16(4))."""
    return Statement(
        subject=_("We have your report %(reference)s") % {"reference": report.reference},
        opening=[
            _("Thank you. Your report of illegal content has arrived; a person reads it and "
              "decides. You then get another mail.")
        ],
        facts=[
            (_("Reference"), report.reference),
            (_("Received"), day_of(report.received_at)),
        ],
        closing=[_("If you have reported nothing, somebody else typed your address: please tell "
                   "us.")],
    )  # fmt: skip


def report_answer(report: IllegalContentReport) -> Statement:
    """Tell a reporter what was decided, and how to object (DSA, article 16(5))."""
    outcome = _("You were right: the comment is not shown any more.") if report.was_upheld else (
        _("We did not find the comment to be illegal, and left it where it was.")
    )  # fmt: skip
    return Statement(
        subject=_("What we decided about your report %(reference)s")
        % {"reference": report.reference},
        opening=[outcome],
        facts=[
            (_("Reference"), report.reference),
            (_("Received"), day_of(report.received_at)),
        ],
        words=report.statement,
        closing=[
            _("A person decided this. If you think that it is wrong, write to us within six "
              "months and name the reference: another person then looks at it again."),
            _("You can also turn to a certified body for settling disputes out of court, or to a "
              "court."),
        ],
    )  # fmt: skip
