"""Watched screeners: what each would have done, beside what became of the comments.

A screener that the settings only watch decides nothing. What it says is kept with the other
evidence, and every such item names in `watched` the outcome that it would have asked for.
"""

from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from comments.models import DiscussionSettings, ScreeningRecord, Status
from comments.moderation.access import moderators_only
from comments.moderation.reasons import sentence_of
from comments.scopes import scope_of
from core.extensions.screening import Outcome

READ, MOST_EXAMPLES = 3000, 20
STRICT = {Outcome.SPAM, Outcome.DISCARD}
REJECTED = {Status.SPAM, Status.TRASH}


@dataclass(frozen=True)
class Example:
    """A comment on which a watched screener and the site do not agree."""

    comment_id: int
    outcome: str
    status: str
    sentence: str


@dataclass
class Watched:
    """What one watched screener would have done with the newest comments.

    `wronged` would be good comments in the spam folder, `missed` spam that it would let pass; what
    still waits counts in neither, since nobody knows yet.
    """

    screener: str
    seen: int = 0
    passed: int = 0
    held: int = 0
    rejected: int = 0
    wronged: int = 0
    missed: int = 0
    examples: list[Example] = field(default_factory=list)

    def add(self, outcome: str, status: str) -> bool:
        """Count one comment; tell whether screener and site do not agree."""
        self.seen += 1
        if outcome in STRICT:
            self.rejected += 1
            is_wrong = status == Status.APPROVED
            self.wronged += is_wrong
            return is_wrong
        is_missed = outcome == Outcome.PASS and status in REJECTED
        self.passed += outcome == Outcome.PASS
        self.held += outcome == Outcome.HOLD
        self.missed += is_missed
        return is_missed


@moderators_only
def show(request: HttpRequest) -> HttpResponse:
    """Show what the watched screeners would have done with the newest comments."""
    listed = DiscussionSettings.load().log_only_screeners.splitlines()
    found = {name.strip(): Watched(name.strip()) for name in listed if name.strip()}
    records = ScreeningRecord.objects.order_by("-pk")
    scope = scope_of(request.user)
    if scope.paths is not None:
        records = records.filter(comment__target_id__in=scope.pages().order_by().values("pk"))
    rows = records.values_list("comment_id", "comment__status", "evidence")
    for comment_id, status, evidence in rows[:READ]:
        for screener, outcome in said(evidence).items():
            watched = found.setdefault(screener, Watched(screener))
            if watched.add(outcome, status) and len(watched.examples) < MOST_EXAMPLES:
                sentences = [
                    sentence_of(item) for item in evidence if item.get("screener") == screener
                ]
                watched.examples.append(
                    Example(comment_id, outcome, status, " ".join(sentences[:3]))
                )
    context = {"watched": list(found.values()), "read": READ}
    return render(request, "comments/admin/watched.html", context)


def said(evidence: list[dict[str, object]]) -> dict[str, str]:
    """Return what each watched screener would have asked for in one decision."""
    return {
        str(item["screener"]): str(item["watched"])
        for item in evidence
        if item.get("watched") and item.get("screener")
    }
