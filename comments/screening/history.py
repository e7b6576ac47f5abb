"""What is known of an author by proof: an account or the signed cookie of the same browser."""

from django.db.models import Q
from django.utils.translation import gettext_noop

from comments.models import Status, VisitorComment
from core.extensions.screening import Evidence, Outcome, Submission, Verdict

LOOKED_AT = 20


class HistoryScreener:
    """Holds authors whose comments were mostly spam lately; says so where approved ones stand.

    A typed address proves nothing, neither for somebody nor against the one who owns it.
    """

    identifier = "comments.80.history"

    def screen(self, submission: Submission) -> Verdict:
        spam, approved = self._past(submission)
        if spam > approved:
            message = gettext_noop("%(count)d earlier comments of this author were spam")
            said = Evidence("spam_before", message, 1.5, {"count": spam})
            return Verdict(Outcome.HOLD, None, (said,))
        if submission.has_history:
            message = gettext_noop("Approved comments of this author stand here.")
            return Verdict(Outcome.PASS, None, (Evidence("known_author", message, -1.0),))
        return Verdict(Outcome.PASS)

    def _past(self, submission: Submission) -> tuple[int, int]:
        author = Q()
        if submission.author_id:
            author |= Q(user_id=submission.author_id)
        if submission.author_key:
            author |= Q(author_key=submission.author_key)
        if not author:
            return 0, 0
        rows = VisitorComment.objects.filter(author).exclude(pk=submission.comment_id)
        past = list(rows.order_by("-pk").values_list("status", flat=True)[:LOOKED_AT])
        return past.count(Status.SPAM), past.count(Status.APPROVED)
