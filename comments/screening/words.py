"""The local model as a screener: what this site's moderators have decided on words like these."""

import threading
from time import monotonic

from django.utils.translation import gettext_noop

from comments.models import LocalModel
from comments.screening.classifier import START, Example, Model, probability
from comments.screening.explaining import main_reasons
from comments.screening.features import Written, features_of
from comments.screening.thresholds import Lines
from core.extensions.screening import Evidence, Outcome, Submission, Verdict

IDENTIFIER = "comments.90.words"
# How much it counts that approved comments of the author stand here.
KNOWN_AUTHOR = 1.5
# Below this far under the line to holding nobody asks for reasons.
WORTH_REASONS = 0.7
VERSION_SECONDS = 5.0


BLANK = Model(is_blank=True)


class CurrentModel:
    """The site's model as this process has loaded it; looked after every few seconds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        """Load it again when it is next asked for."""
        self._model, self._version, self._looked_at = BLANK, 0, -VERSION_SECONDS

    def get(self) -> Model:
        """Return the model. Raises ValueError where the stored one is damaged."""
        with self._lock:
            now = monotonic()
            if now - self._looked_at >= VERSION_SECONDS:
                version = LocalModel.objects.values_list("version", flat=True).first() or 0
                if version != self._version:
                    self._load()
                self._looked_at = now
            return self._model

    def get_anew(self) -> Model:
        """Return the model as it is stored at this moment."""
        with self._lock:
            self._looked_at = -VERSION_SECONDS
        return self.get()

    def _load(self) -> None:
        row = LocalModel.objects.first()
        if row is None or not row.weights:
            self._model, self._version = BLANK, row.version if row else 0
            return
        lines = Lines.from_json(row.thresholds)
        self._model = Model.unpack(bytes(row.weights), row.checksum, lines)
        self._version = row.version


current_model = CurrentModel()


def written_of(submission: Submission) -> Written:
    """Return what the model reads of a submission."""
    return Written(
        submission.text, submission.author_name, submission.author_email, submission.author_url
    )


def judge(model: Model, written: Written, *, is_known: bool = False) -> Verdict:
    """Return what a model makes of a comment. Pure; it never says discard.

    The score is 0.5 where holding begins.
    """
    features = features_of(written)
    margin = model.margin(Example.of(features)) - KNOWN_AUTHOR * is_known
    lines = model.lines
    # Before there is a record, the rules alone must be sure.
    sure = margin if lines.is_drawn else min(margin, START + features.prior)
    outcome = Outcome.PASS
    if sure >= lines.spam:
        outcome = Outcome.SPAM
    elif margin >= lines.hold:
        outcome = Outcome.HOLD
    score = probability(margin - lines.hold)
    if margin < lines.hold - WORTH_REASONS:
        return Verdict(outcome, score, is_tentative=True)
    reasons = [
        Evidence(reason.code, reason.message, round(reason.amount, 2), reason.data)
        for reason in main_reasons(model, written, features)
    ]
    if outcome is not Outcome.PASS:
        message = gettext_noop("It reads like spam: %(percent)d of 100")
        said = Evidence(
            "words", message, round(margin - lines.hold, 2), {"percent": round(100 * score)}
        )
        reasons.insert(0, said)
    return Verdict(outcome, score, tuple(reasons), is_tentative=True)


class WordScreener:
    """Judges by the site's own model. A damaged model raises, so that the comment is held."""

    identifier = IDENTIFIER

    def screen(self, submission: Submission) -> Verdict:
        return judge(current_model.get(), written_of(submission), is_known=submission.has_history)
