"""The shape of a comment: size, signs that nobody types, walls of repeated text."""

from collections.abc import Iterator

from django.utils.translation import gettext_noop

from comments.screening.reading import CONTROL, RIGHT_TO_LEFT, Reading, read
from core.extensions.screening import Evidence, Outcome, Submission, Verdict

LONG, LONGEST_RUN = 20_000, 300
MOST_REPEATS, MANY_WORDS = 80, 50


class ShapeScreener:
    """Holds what is shaped as nobody writes; it never says spam."""

    identifier = "comments.10.shape"

    def screen(self, submission: Submission) -> Verdict:
        said = tuple(oddities(read(submission.text), submission.text))
        return Verdict(Outcome.HOLD if said else Outcome.PASS, None, said)


def oddities(reading: Reading, text: str) -> Iterator[Evidence]:
    signs = reading.signs.get
    if reading.length > LONG:
        message = gettext_noop("%(count)d signs long")
        yield Evidence("too_long", message, 1.0, {"count": reading.length})
    if CONTROL.search(text):
        yield Evidence("control_signs", gettext_noop("Signs that control machines"), 1.0)
    if signs("overrides", 0) and not RIGHT_TO_LEFT.search(text):
        message = gettext_noop("Signs that turn the direction of writing")
        yield Evidence("turned_writing", message, 1.0)
    if signs("hidden", 0) > 2:
        yield Evidence("hidden_signs", gettext_noop("Invisible signs inside words"), 1.0)
    if signs("mark_piles", 0):
        yield Evidence("mark_piles", gettext_noop("Piles of accents"), 1.0)
    if signs("repeats", 0) > MOST_REPEATS and len(reading.words) > MANY_WORDS:
        yield Evidence("wall", gettext_noop("The same words again and again"), 1.0)
    if signs("longest_run", 0) > LONGEST_RUN:
        yield Evidence("one_run", gettext_noop("One word without end"), 1.0)
