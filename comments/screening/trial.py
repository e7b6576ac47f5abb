"""Trying the local screening on comments in a file, on a model of its own. Knows no database."""

from dataclasses import dataclass

from django.utils.translation import gettext

from comments.screening.classifier import Example, Model, Trainer
from comments.screening.features import Written, features_of
from comments.screening.reading import read
from comments.screening.shape import oddities
from comments.screening.thresholds import lines_of
from comments.screening.words import judge
from core.extensions.screening import Evidence, Outcome

NAMES = {
    Outcome.PASS: "publish",
    Outcome.HOLD: "hold",
    Outcome.SPAM: "spam",
    Outcome.DISCARD: "discard",
}
# The lines move little with one lesson, and drawing them takes as long as some lessons.
LINES_EVERY = 10


@dataclass(frozen=True)
class Tried:
    """What the text and the fields alone say of a comment."""

    score: float
    decision: str
    reasons: str


class Trial:
    """Screens and learns, from nothing. The site's own model, lists and authors play no part."""

    def __init__(self) -> None:
        self._trainer = Trainer()
        self._model: Model | None = None
        self._lines = lines_of(())
        self.lessons = 0

    def learn(self, written: Written, is_spam: bool) -> None:
        """Learn what a comment is."""
        self._trainer.learn(Example.of(features_of(written)), is_spam)
        self._model = None
        self.lessons += 1
        if self.lessons % LINES_EVERY == 0:
            self._lines = lines_of(self._trainer.record)

    def settle(self) -> None:
        """Make ready for many comments without a lesson between them."""
        self._model = self._trainer.model()

    def screen(self, written: Written) -> Tried:
        """Return what is made of a comment."""
        verdict = judge(self._model or self._trainer.live(self._lines), written)
        odd = tuple(oddities(read(written.text), written.text))
        outcome = max(verdict.outcome, Outcome.HOLD if odd else Outcome.PASS, key=ORDER.index)
        reasons = "; ".join(map(sentence, (*odd, *verdict.evidence)))
        return Tried(verdict.score or 0.0, NAMES[outcome], reasons)


ORDER = list(Outcome)


def sentence(reason: Evidence) -> str:
    return f"{gettext(reason.message) % reason.data} {reason.weight:+.1f}"
