"""What came of a decision, told where the moderator is, with the way back."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comments.models import BlockedKey, MassDecision, ModerationAct, Status, TrustedAuthor
from comments.services.deciding_many import UNDO as UNDO_MANY
from comments.services.moderating import DELETED, TEXT, UNDO
from core.extensions.masking import masking

DONE = "done"


@dataclass(frozen=True)
class Outcome:
    """A batch in a sentence, and whether it can still be taken back."""

    batch: UUID
    sentence: str
    can_undo: bool
    is_running: bool = False

    @property
    def undo_url(self) -> str:
        return reverse("visitor_comments:undo", args=[self.batch]) if self.can_undo else ""


def sentence_for(status: str, count: int) -> str:
    """Return what happened to so many comments."""
    sentences = {
        Status.APPROVED: ngettext(
            "%(count)d comment approved.", "%(count)d comments approved.", count
        ),
        Status.HOLD: ngettext("%(count)d comment waits.", "%(count)d comments wait.", count),
        Status.SPAM: ngettext(
            "%(count)d comment marked as spam.", "%(count)d comments marked as spam.", count
        ),
        Status.TRASH: ngettext(
            "%(count)d comment moved to the trash.",
            "%(count)d comments moved to the trash.",
            count,
        ),
        DELETED: ngettext(
            "%(count)d comment deleted for good.", "%(count)d comments deleted for good.", count
        ),
    }
    return (sentences.get(status) or "%(count)d") % {"count": count}


def overtaken_sentence(count: int) -> str:
    """Return that somebody else was quicker, or the comment may not be touched."""
    return ngettext(
        "%(count)d comment stays as it is: somebody else has decided on it or its author has "
        "changed it meanwhile, or it is kept as evidence. Read it again.",
        "%(count)d comments stay as they are: somebody else has decided on them or their authors "
        "have changed them meanwhile, or they are kept as evidence. Read them again.",
        count,
    ) % {"count": count}


def outcome_of(batch: UUID) -> Outcome | None:
    """Return what came of a batch, None where nothing is known of it."""
    mass = MassDecision.objects.filter(batch=batch).first()
    acts = (
        ModerationAct.objects.filter(batch=batch)
        .exclude(note=TEXT)
        .order_by()
        .values_list("new_status", "note")
        .annotate(count=Count("pk"), open=Count("pk", filter=Q(undone_at=None)))
    )
    sentences, open_acts = [], 0
    for status, note, count, still_open in acts:
        sentence = sentence_for(status, count)
        sentences.append(
            _("Taken back: %(what)s") % {"what": sentence} if note == UNDO else sentence
        )
        open_acts += still_open if status != DELETED else 0
    blocked = BlockedKey.objects.filter(batch=batch, undone_at=None).values_list("key", flat=True)
    if keys := ", ".join(map(masking.get().anything, blocked)):
        sentences.append(_("Blocked from now on: %(keys)s.") % {"keys": keys})
    trusts = TrustedAuthor.objects.filter(batch=batch, ended_at=None).exists()
    if trusts:
        sentences.append(_("The author is trusted from now on."))
    is_running = mass is not None and mass.finished_at is None
    if mass is not None and is_running:
        sentences.insert(0, progress_of(mass))
    if not sentences:
        return None
    can_undo = bool(open_acts or keys or trusts) and not is_running
    return Outcome(batch, " ".join(sentences), can_undo, is_running)


def progress_of(mass: MassDecision) -> str:
    numbers = {"done": mass.changed, "total": mass.total}
    if mass.action == UNDO_MANY:
        return _("Being taken back: %(total)d. You can go on meanwhile.") % numbers
    return _("In work: %(done)d of %(total)d. You can go on meanwhile.") % numbers


def outcome_in(request: HttpRequest) -> Outcome | None:
    """Return the outcome that an address names, as it stands now."""
    try:
        return outcome_of(UUID(request.GET.get(DONE, "")))
    except ValueError:
        return None


def with_outcome(url: str, batch: Any) -> str:
    """Return an address of the queue that also tells what came of a batch."""
    base = url.split(f"&{DONE}=")[0]
    return f"{base}{'&' if '?' in base else '?'}{DONE}={batch}"


def with_same_outcome(request: HttpRequest, url: str) -> str:
    """Return another address of the queue that tells of the same batch."""
    done = request.GET.get(DONE)
    return with_outcome(url, done) if outcome_in(request) else url
