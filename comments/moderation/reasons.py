"""Why a comment is where it is, in a moderator's words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments.models import FlagReason, ScreeningRecord

MOST_CHIPS = 5
# What a main reason is called where many comments share it; other codes are shown as they are.
LABELS: dict[str, str | Promise] = {
    "first_comment": gettext_lazy("First comment of an author"),
    "all_held": gettext_lazy("Every comment is held"),
    "failed": gettext_lazy("A screener did not answer"),
    "links": gettext_lazy("Many links"),
    "moderation_key": gettext_lazy("A word to check"),
    "disallowed_key": gettext_lazy("A disallowed word"),
    "honeypot": gettext_lazy("The field for robots was filled in"),
    "too_fast": gettext_lazy("Sent within seconds"),
    "no_agent": gettext_lazy("No browser was named"),
    "akismet_spam": gettext_lazy("Akismet calls it spam"),
    "akismet_discard": gettext_lazy("Akismet calls it blatant spam"),
}


@dataclass(frozen=True)
class Reason:
    """One reason: its sentence, and what it weighs (for spam above 0, against it below)."""

    sentence: str
    weight: float
    screener: str = ""

    @property
    def tone(self) -> str:
        if self.weight >= 1:
            return "against"
        return "for" if self.weight < 0 else "neutral"


def label_of(code: str) -> str:
    """Return what a main reason is called in a list of them."""
    if code in LABELS:
        return str(LABELS[code])
    return code.replace("_", " ").capitalize() if code else _("No reason against it")


def sentence_of(item: Mapping[str, Any]) -> str:
    """Return evidence as it was kept, translated and filled with its data."""
    message, data = _(str(item.get("message") or item.get("code") or "")), item.get("data")
    try:
        return message % data if data else message
    # A screener of a plugin may have kept a message that its data does not fill.
    except (KeyError, TypeError, ValueError):
        return message


def reasons_of(record: ScreeningRecord | None) -> list[Reason]:
    """Return the reasons of one decision of screening, the weightiest first."""
    if record is None:
        return []
    found = [
        Reason(sentence_of(item), float(item.get("weight") or 0), str(item.get("screener", "")))
        for item in record.evidence
    ]
    return sorted(found, key=lambda reason: -abs(reason.weight))


def chips_of(record: ScreeningRecord | None) -> list[Reason]:
    """Return the few reasons for a list: what speaks against a comment before the rest."""
    found = reasons_of(record)
    return sorted(found, key=lambda reason: reason.weight < 0)[:MOST_CHIPS]


def latest_records(keys: Iterable[int]) -> dict[int, ScreeningRecord]:
    """Return the last decision of screening on each of the comments, in one query."""
    rows = ScreeningRecord.objects.filter(comment__in=list(keys)).order_by("pk")
    return {record.comment_id: record for record in rows}


def flag_sentence(reason: str, count: int) -> str:
    """Return how many readers flagged a comment for a reason."""
    label = dict(FlagReason.choices).get(reason, reason)
    return _("%(count)d × flagged: %(reason)s") % {"count": count, "reason": label}
