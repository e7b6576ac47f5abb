"""How many links a comment has, by the site's own limit."""

from django.utils.translation import gettext_noop

from comments.models import DiscussionSettings
from comments.screening.reading import read
from core.extensions.screening import Evidence, Outcome, Submission, Verdict


class LinkScreener:
    """Holds what has as many links as the settings say, WordPress's comment_max_links."""

    identifier = "comments.70.links"

    def screen(self, submission: Submission) -> Verdict:
        most = DiscussionSettings.current().comment_max_links
        count = len(read(submission.text).links)
        if not most or count < most:
            return Verdict(Outcome.PASS)
        said = Evidence("links", gettext_noop("%(count)d links"), 1.0, {"count": count})
        return Verdict(Outcome.HOLD, None, (said,))
