"""Spam screeners: each looks at a submission and answers with a verdict and its evidence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from core.extensions.registry import Registry


class Outcome(StrEnum):
    """What a screener makes of a submission, mildest first."""

    PASS = "pass"  # noqa: S105  an outcome, no password
    HOLD = "hold"
    SPAM = "spam"
    DISCARD = "discard"


@dataclass(frozen=True)
class Submission:
    """A comment as it was received, before anything is stored.

    `form_age_seconds` is None where no valid form token came along; `honeypot` is what stood
    in the field that people leave empty. `has_history` tells that the author, proven by a
    verified address or a signed cookie, already has an approved comment. `author_id` is the
    account that writes, `author_key` the hash of the author's signed cookie, `ip_hash` the keyed
    hash of the network address. `has_proof_of_work` is None where no sum came along.
    `recheck_reason` is set where a stored comment is looked at again, and then `comment_id` is
    its own.
    """

    target_title: str
    target_link: str
    author_name: str
    author_email: str
    author_url: str
    text: str
    ip_address: str
    user_agent: str
    referrer: str
    language: str
    submitted_at: datetime
    channel: str = "form"
    is_reply: bool = False
    is_moderator: bool = False
    has_history: bool = False
    honeypot: str = ""
    form_age_seconds: float | None = None
    parent_id: int = 0
    target_changed_at: datetime | None = None
    target_terms: tuple[str, ...] = ()
    accept: str = ""
    accept_language: str = ""
    recheck_reason: str = ""
    comment_id: int = 0
    target_id: int = 0
    author_id: int | None = None
    author_key: str = ""
    ip_hash: str = ""
    has_proof_of_work: bool | None = None


@dataclass(frozen=True)
class Evidence:
    """One reason, for moderators only. `weight` is positive for spam, negative for ham.

    `message` is a msgid (mark it with gettext_noop); it is translated and its %(name)s filled from
    `data`, which is JSON, when a moderator reads it.
    """

    code: str
    message: str
    weight: float = 0.0
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Disclosure:
    """That fields of a submission were sent to somebody else, for the person's export."""

    processor: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    """A screener's answer; `score` runs from 0 (ham) to 1 (spam), None where it has none.

    `reference` is an outside service's own name of the check, kept for reports to it.
    `recheck_after_seconds` asks to be asked again then: the verdict is not the last.
    `is_tentative` leaves the last word to screeners that come behind: they are asked all the same,
    and one of them that calls a comment good turns spam into a case for a moderator.
    """

    outcome: Outcome
    score: float | None = None
    evidence: tuple[Evidence, ...] = field(default=())
    reference: str = ""
    recheck_after_seconds: float | None = None
    disclosures: tuple[Disclosure, ...] = ()
    is_tentative: bool = False


class CannotTellError(Exception):
    """A screener has no verdict at the moment, and says when to ask it again."""

    def __init__(
        self, retry_after_seconds: float, disclosures: tuple[Disclosure, ...] = ()
    ) -> None:
        self.retry_after_seconds = retry_after_seconds
        self.disclosures = disclosures
        super().__init__(type(self).__name__)


class SpamScreener(Protocol):
    """Screens one submission outside any transaction.

    It may call an outside service, with a short time-out. Raising means "cannot tell": the
    comment is then held, never lost and never published for that reason, and screened again
    after 20 minutes, or when a CannotTellError says.
    """

    identifier: str

    def screen(self, submission: Submission) -> Verdict: ...


spam_screeners: Registry[SpamScreener] = Registry("spam screener")
