"""How much comes at once: from one network, and as spam to the whole site."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from django.utils.translation import gettext_noop

from comments.models import Status
from comments.screening.recent import Recent, is_flooded, window
from core.extensions.screening import Evidence, Outcome, Submission, Verdict

# Many people share an address at a school or behind a provider: it holds, and refuses nobody.
NETWORK_TIME, MOST_FROM_NETWORK = timedelta(minutes=10), 6
MOST_SPAM_FROM_NETWORK = 2


class RateScreener:
    """Holds what comes too thick: from a network, or while spam comes in floods.

    Authors with approved comments are let through a flood.
    """

    identifier = "comments.50.rate"

    def screen(self, submission: Submission) -> Verdict:
        if submission.recheck_reason:
            return Verdict(Outcome.PASS)
        window.refresh()
        said = tuple(self._found(submission))
        return Verdict(Outcome.HOLD if said else Outcome.PASS, None, said)

    def _found(self, submission: Submission) -> Iterator[Evidence]:
        if submission.has_history:
            return
        if submission.ip_hash:
            many = counted(submission, is_late)
            if many >= MOST_FROM_NETWORK:
                message = gettext_noop("%(count)d comments from this network in ten minutes")
                yield Evidence("many_from_network", message, 1.0, {"count": many})
            spam = counted(submission, is_spam)
            if spam >= MOST_SPAM_FROM_NETWORK:
                message = gettext_noop("%(count)d comments from this network were spam")
                yield Evidence("spam_from_network", message, 1.5, {"count": spam})
        if is_flooded(submission.submitted_at):
            yield Evidence("flood", gettext_noop("Spam comes in floods at the moment."), 0.5)


def is_late(row: Recent, submission: Submission) -> bool:
    return row.at > submission.submitted_at - NETWORK_TIME


def is_spam(row: Recent, submission: Submission) -> bool:
    return row.status == Status.SPAM


def counted(submission: Submission, applies: Callable[[Recent, Submission], bool]) -> int:
    """Return to how many other comments from the network something applies."""
    network, own = submission.ip_hash, submission.comment_id
    return window.counted(
        (network, own, applies),
        lambda: sum(applies(row, submission) for row in window.of_network(network, but=own)),
    )
