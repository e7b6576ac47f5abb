"""Akismet as a screener: which fields it is sent, and what its answers mean here.

Sent are the fields named here and nothing else, mail and network address each only while the
site's settings say so; which ones were sent is kept with the comment. It comes behind the local
screeners, which may spare the call.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import akismet
from django.conf import settings
from django.utils.translation import gettext_noop

from comments.forms import HONEYPOT
from comments.models import DiscussionSettings
from comments.screening import akismet_client as client
from comments.screening import service_state
from core.extensions.personal_data import Recipient
from core.extensions.screening import Disclosure, Evidence, Outcome, Submission, Verdict

IDENTIFIER = "comments.service.akismet"
PROCESSOR = "Akismet"
RECIPIENT = Recipient(
    identifier="comments.akismet", name=PROCESSOR,
    contact="Automattic Inc., https://automattic.com/privacy/",
)  # fmt: skip
# Akismet needs an address; this one belongs to nobody (RFC 5737).
NOBODY = "192.0.2.0"


def payload(submission: Submission, own: DiscussionSettings) -> dict[str, Any]:
    """Return the fields that the package takes; the address first, empty fields left out."""
    values = {
        "user_ip": (submission.ip_address if own.akismet_sends_ip else "") or NOBODY,
        "user_agent": submission.user_agent,
        "referrer": submission.referrer,
        "permalink": submission.target_link,
        "comment_type": "reply" if submission.is_reply else "comment",
        "comment_author": submission.author_name,
        "comment_author_email": submission.author_email if own.akismet_sends_address else "",
        "comment_author_url": submission.author_url,
        "comment_content": submission.text,
        "comment_date_gmt": submission.submitted_at.isoformat(timespec="seconds"),
        "comment_post_modified_gmt": submission.target_changed_at.isoformat(timespec="seconds")
        if submission.target_changed_at
        else "",
        "blog_lang": submission.language.replace("-", "_"),
        "blog_charset": "UTF-8",
        "honeypot_field_name": HONEYPOT,
        "recheck_reason": submission.recheck_reason,
    }
    return {name: value for name, value in values.items() if value}


def extra_fields(submission: Submission) -> Iterator[tuple[str, str]]:
    """Yield the fields of the protocol that the package refuses."""
    yield HONEYPOT, submission.honeypot
    if submission.parent_id:
        yield "comment_parent", str(submission.parent_id)
    for term in submission.target_terms:
        yield "comment_context[]", term
    for name, value in (
        ("HTTP_ACCEPT", submission.accept),
        ("HTTP_ACCEPT_LANGUAGE", submission.accept_language),
        ("HTTP_REFERER", submission.referrer),
    ):
        if value:
            yield name, value


class AkismetScreener:
    """Asks Akismet where a key is set. Where it gives no clear answer the comment is held."""

    identifier = IDENTIFIER

    def screen(self, submission: Submission) -> Verdict:
        if not settings.AKISMET_API_KEY or submission.is_moderator:
            return Verdict(Outcome.PASS)
        values = payload(submission, DiscussionSettings.current())
        extra = tuple(extra_fields(submission))
        sent = disclosed(values, extra)
        try:
            answer = client.check(values, extra)
        except client.AkismetUnavailableError as error:
            service_state.note_failure(IDENTIFIER, error.code, error.retry_after_seconds)
            if error.code != client.BUSY:
                error.disclosures = (sent,)
            raise
        service_state.note_answer(IDENTIFIER, answer.alert_code, answer.alert_message)
        return replace(verdict_on(answer), disclosures=(sent,))


def disclosed(values: Mapping[str, Any], extra: Sequence[tuple[str, str]]) -> Disclosure:
    """Return which fields go out."""
    return Disclosure(PROCESSOR, (*values, *dict.fromkeys(name for name, _value in extra)))


def verdict_on(answer: client.Answer) -> Verdict:
    """Return what an answer means here. Pure."""
    if answer.result == akismet.CheckResponse.DISCARD:
        said = Evidence("akismet_discard", gettext_noop("Akismet calls it blatant spam."), 4.0)
        return Verdict(Outcome.DISCARD, 1.0, (said,), answer.guid)
    if answer.result == akismet.CheckResponse.SPAM:
        said = Evidence("akismet_spam", gettext_noop("Akismet calls it spam."), 3.0)
        return Verdict(Outcome.SPAM, 0.95, (said,), answer.guid)
    if answer.recheck_after_seconds is not None:
        said = Evidence(
            "akismet_unfinished", gettext_noop("Akismet has not finished looking."), 0.3
        )
        return Verdict(
            Outcome.HOLD, None, (said,), answer.guid,
            recheck_after_seconds=answer.recheck_after_seconds,
        )  # fmt: skip
    said = Evidence("akismet_ham", gettext_noop("Akismet calls it no spam."), -1.0)
    return Verdict(Outcome.PASS, None, (said,), answer.guid)


def report(submission: Submission, *, is_spam: bool) -> Disclosure:
    """Tell Akismet what a moderator decided, and return what was sent.

    Raises AkismetUnavailableError on a fault.
    """
    values = payload(submission, DiscussionSettings.current())
    extra = tuple(extra_fields(submission))
    client.submit(values, extra, is_spam=is_spam)
    return disclosed(values, extra)


def keep_usage() -> None:
    """Ask how much of the account's month is used up, and keep it for moderators."""
    try:
        if not client.is_key_good():
            service_state.note_failure(IDENTIFIER, "key_refused", client.KEY_RETRY_SECONDS)
            return
        service_state.note_usage(IDENTIFIER, client.usage())
    except client.AkismetUnavailableError as error:
        service_state.note_failure(IDENTIFIER, error.code, error.retry_after_seconds)
