"""The same text again, or nearly: on another post, under another name."""

from django.utils.translation import gettext_noop

from comments.models import Status
from comments.screening.likeness import fingerprint
from comments.screening.recent import window
from core.extensions.screening import Evidence, Outcome, Submission, Verdict

SPAM_COPIES = 2


class RepeatScreener:
    """Holds what says nearly what a recent comment said; twice spam already, it is spam."""

    identifier = "comments.60.repeats"

    def screen(self, submission: Submission) -> Verdict:
        window.refresh()
        alike = window.alike(fingerprint(submission.text), but=submission.comment_id)
        if not alike:
            return Verdict(Outcome.PASS)
        spam = sum(row.status == Status.SPAM for row in alike)
        if spam >= SPAM_COPIES:
            message = gettext_noop("Nearly the same as %(count)d comments that are spam")
            said = Evidence("like_spam", message, 2.5, {"count": spam})
            return Verdict(Outcome.SPAM, 0.95, (said,))
        message = gettext_noop("Nearly the same as %(count)d recent comments")
        said = Evidence("repeated", message, 1.5, {"count": len(alike)})
        return Verdict(Outcome.HOLD, None, (said,))
