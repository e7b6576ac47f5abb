"""What the way a comment was sent tells: the field for robots, the form's token, the browser."""

from collections.abc import Iterator

from django.utils.translation import gettext_noop

from core.extensions.screening import Evidence, Outcome, Submission, Verdict

FASTEST_SECONDS = 3


class HoneypotScreener:
    """Files under spam what filled in the field that people do not see."""

    identifier = "comments.30.honeypot"

    def screen(self, submission: Submission) -> Verdict:
        if not submission.honeypot:
            return Verdict(Outcome.PASS)
        message = gettext_noop("The field for robots was filled in.")
        return Verdict(Outcome.SPAM, 1.0, (Evidence("honeypot", message, 3.0),))


class FormScreener:
    """Holds what was sent faster than anybody types; the lack of a token or browser only counts.

    Slow people are never punished, nor clients of the API that know no token.
    """

    identifier = "comments.40.form"

    def screen(self, submission: Submission) -> Verdict:
        if submission.recheck_reason:
            return Verdict(Outcome.PASS)
        said = tuple(self._found(submission))
        is_fast = any(item.code == "too_fast" for item in said)
        return Verdict(Outcome.HOLD if is_fast else Outcome.PASS, None, said)

    def _found(self, submission: Submission) -> Iterator[Evidence]:
        age = submission.form_age_seconds
        if age is not None and age < FASTEST_SECONDS:
            yield Evidence("too_fast", gettext_noop("Sent within seconds."), 1.5)
        elif age is None and submission.channel == "form":
            yield Evidence("no_token", gettext_noop("No form was fetched before."), 0.6)
        elif age is None:
            yield Evidence("no_token", gettext_noop("No form was fetched before."), 0.2)
        if not submission.user_agent:
            yield Evidence("no_agent", gettext_noop("No browser was named."), 0.3)
