"""All that happened to a comment, in one line of time: people, rules, screening, other services."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments.models import ModerationAct, ScreeningRecord, Status, VisitorComment
from comments.moderation.reasons import Reason, reasons_of
from comments.services.moderating import DELETED, TEXT, UNDO
from core.extensions.people import public_authors

# Who acts where no moderator does.
AGENTS = {
    "author": gettext_lazy("The author"),
    "flags": gettext_lazy("Readers' flags"),
    "recheck": gettext_lazy("Screening, asked again"),
    "retention": gettext_lazy("Retention"),
    "akismet": gettext_lazy("Akismet, afterwards"),
    "report": gettext_lazy("A report of illegal content"),
}
SOURCES = {
    "submission": gettext_lazy("Screening"),
    "recheck": gettext_lazy("Screening, asked again"),
    "edit": gettext_lazy("Screening of the change"),
    "confirm": gettext_lazy("Screening after confirmation"),
}


@dataclass(frozen=True)
class Event:
    """One thing that happened: when, who, what, and why."""

    at: datetime
    who: str
    what: str
    reasons: Sequence[Reason] = ()
    text: str = ""
    note: str = ""
    was_undone: bool = False


def done(status: str) -> str:
    """Return what was done to a comment, as a short sentence without who did it."""
    words = {
        Status.APPROVED: _("approved"),
        Status.HOLD: _("held"),
        Status.SPAM: _("marked as spam"),
        Status.TRASH: _("moved to the trash"),
        DELETED: _("deleted for good"),
    }
    return words.get(status, status)


def history_of(comment: VisitorComment) -> list[Event]:
    """Return everything that is on record of a comment, the newest first, in six queries."""
    acts = list(comment.acts.all())
    events = [*events_of(acts)]
    events += [event_of_record(record) for record in comment.screenings.all()]
    events += [
        Event(earlier.replaced_at, "", _("earlier words"), text=earlier.text)
        for earlier in comment.earlier_texts.all()
    ]
    events += [
        Event(copy.at, copy.processor, _("was sent a copy (%(purpose)s)") % {
            "purpose": purpose_of(copy.purpose)
        }, note=", ".join(copy.fields))
        for copy in comment.outgoing_copies.all()
    ]  # fmt: skip
    events.append(Event(comment.submit_date, comment.user_name or _("Anonymous"), _("wrote it")))
    return sorted(events, key=lambda event: event.at, reverse=True)


def purpose_of(purpose: str) -> str:
    words = {"check": _("for a check"), "spam": _("as spam"), "ham": _("as no spam")}
    return words.get(purpose, purpose)


def event_of_record(record: ScreeningRecord) -> Event:
    source = SOURCES.get(record.source)
    return Event(
        record.at,
        str(source) if source else record.source,
        done(record.outcome),
        reasons_of(record),
    )


def events_of(acts: Iterable[ModerationAct]) -> list[Event]:
    acts = list(acts)
    names = names_of(acts)
    return [
        Event(act.at, actor_of(act, names), deed_of(act), note=note_of(act),
              was_undone=act.undone_at is not None)
        for act in acts
    ]  # fmt: skip


def names_of(acts: Iterable[ModerationAct]) -> dict[int, str]:
    """Return the names of the moderators who acted, in one query."""
    keys = {act.by_id for act in acts if act.by_id}
    return {key: author.name for key, author in public_authors.get().get_many(keys).items()}


def actor_of(act: ModerationAct, names: dict[int, str]) -> str:
    """Return who acted: a moderator, or a rule in words."""
    if act.agent:
        return str(AGENTS.get(act.agent, act.agent))
    return names.get(act.by_id or 0) or _("Somebody whose account is gone")


def deed_of(act: Any) -> str:
    if act.note == TEXT:
        return _("changed the words")
    if act.note == UNDO:
        return _("took the decision back: %(state)s again") % {
            "state": Status(act.new_status).label if act.new_status in Status.values else "–"
        }
    return done(act.new_status)


def note_of(act: ModerationAct) -> str:
    return "" if act.note in {TEXT, UNDO} else act.note
