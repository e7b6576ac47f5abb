"""The comments under an address, in every state, with everything that was kept of them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comments.models import LegalHold, Removal, ScreeningRecord, Status, VisitorComment
from comments.personal_data.finding import as_text, in_batches, keys_of, links_of
from comments.services.amending import Amendment, amend_comment
from comments.services.forgetting import forget_comment
from comments.services.holding import held_among, holds_in_force
from comments.services.limiting import lift_restrictions, object_to_learning, restrict_comments
from comments.services.moderating import change_status
from comments.write_lock import write_transaction
from core.extensions.personal_data import Erasure, ExportedItem, Retained, Subject

RELATED = ("limitation", "screenings", "outgoing_copies", "earlier_texts", "acts",
           "removals__appeal", "flagged", "reports", "legal_holds")  # fmt: skip


class CommentData:
    """Comments: their words, earlier ones included, and what was decided, said and sent of them.

    One under a legal hold is retained: it is taken from view, and goes when the hold ends. They can
    be restricted, objected to being learnt from, and corrected in the name and site they show.
    """

    identifier = "comments.comments"
    verbose_name = _("Comments")

    def identities(self, subject: Subject, *, until: datetime | None = None) -> Iterator[str]:
        rows = VisitorComment.objects.exclude(comment="", user_email="", user_name="")
        if until is not None:
            rows = rows.filter(submit_date__lte=until)
        yield from map(str, keys_of(rows, subject, email="user_email"))

    def export(self, keys: Sequence[str]) -> Iterator[ExportedItem]:
        for batch in in_batches(keys):
            rows = VisitorComment.objects.prefetch_related(*RELATED).in_bulk(batch)
            links = links_of(row.target_id for row in rows.values())
            for key in batch:
                if (row := rows.get(key)) is not None:
                    yield ExportedItem(str(key), exported(row, links.get(row.target_id, "")))

    def erase(self, keys: Sequence[str]) -> Erasure:
        removed = 0
        wanted = [int(key) for key in keys]
        with write_transaction():
            held = held_among(wanted)
            if held:
                change_status(list(held), Status.TRASH, agent="erasure")
                holds_in_force().filter(comment_id__in=held).update(erasure_due=True)
            retained = [retained_by(key, hold) for key, hold in held.items()]
            rows = VisitorComment.objects.filter(pk__in=set(wanted) - held.keys())
            # Replies first, so that what stands on them can go as well.
            for comment in rows.exclude(user_name="", user_email="", comment="").order_by("-path"):
                forget_comment(comment)
                removed += 1
        return Erasure(removed, tuple(retained))

    def exceptions(self, keys: Sequence[str]) -> list[Retained]:
        held = held_among(map(int, keys))
        return [retained_by(key, hold) for key, hold in held.items()]

    def restrict(self, keys: Sequence[str]) -> int:
        return sum(restrict_comments(batch) for batch in in_batches(keys))

    def lift(self, keys: Sequence[str]) -> int:
        return sum(lift_restrictions(batch) for batch in in_batches(keys))

    def object_to(self, keys: Sequence[str]) -> int:
        return sum(object_to_learning(batch) for batch in in_batches(keys))

    correctable: Mapping[str, str | Promise] = {
        "name": _("Name under comments"),
        "website": _("Website under comments"),
    }

    def correct(self, keys: Sequence[str], values: Mapping[str, str]) -> int:
        amendment = Amendment(author_name=values.get("name"), author_url=values.get("website"))
        if amendment == Amendment():
            return 0
        for key in keys:
            amend_comment(int(key), amendment)
        return len(keys)


def retained_by(key: int, hold: LegalHold) -> Retained:
    return Retained(str(key), "legal_hold", hold.legal_basis, hold.until)


def exported(row: VisitorComment, link: str) -> dict[str, Any]:
    data: dict[str, Any] = {
        "on": link,
        "at": as_text(row.submit_date),
        "status": row.status,
        "name": row.user_name,
        "email": row.user_email,
        "is_address_verified": row.is_address_verified,
        "website": row.user_url,
        "text": row.comment,
        "written_in": row.language,
        "edited_at": as_text(row.edited_at),
        "limited": limited(row),
        "earlier_texts": [
            {"text": earlier.text, "replaced_at": as_text(earlier.replaced_at)}
            for earlier in row.earlier_texts.all()
        ],
        "in_reply_to": row.parent_id if row.level else None,
        "received_by": row.channel,
        "imported_at": as_text(row.imported_at),
        "reactions": row.reactions,
    }
    if row.is_address_verified:
        data |= {
            "ip_address": row.ip_address,
            "ip_hash": row.ip_hash,
            "user_agent": row.user_agent,
            "referrer": row.referrer,
            "author_key": row.author_key,
        }
    else:
        data["withheld"] = gettext(
            "The network address and browser that sent this comment are withheld: the mail "
            "address was typed and not verified, so they may be another person's."
        )
    return data | {
        "spam_score": row.score,
        "screening": [screening(record) for record in row.screenings.all()],
        "sent_to": [
            {
                "processor": copy.processor,
                "purpose": copy.purpose,
                "fields": copy.fields,
                "at": as_text(copy.at),
            }
            for copy in row.outgoing_copies.all()
        ],
        # Who decided, flagged or reported is another person's data.
        "decisions": [
            {
                "from": act.old_status,
                "to": act.new_status,
                "by": act.agent or "moderator",
                "note": act.note,
                "at": as_text(act.at),
                "undone_at": as_text(act.undone_at),
            }
            for act in row.acts.all()
        ],
        "removals": [removal(made) for made in row.removals.all()],
        "flags": [{"reason": flag.reason, "at": as_text(flag.at)} for flag in row.flagged.all()],
        "reports": [
            {
                "about": report.about,
                "received_at": as_text(report.received_at),
                "was_upheld": report.was_upheld,
                "decided_at": as_text(report.decided_at),
            }
            for report in row.reports.all()
        ],
        "legal_holds": [
            {
                "legal_basis": hold.legal_basis,
                "until": hold.until.isoformat() if hold.until else None,
                "released_at": as_text(hold.released_at),
            }
            for hold in row.legal_holds.all()
        ],
    }


def limited(row: VisitorComment) -> dict[str, Any] | None:
    limitation = getattr(row, "limitation", None)
    if limitation is None:
        return None
    return {
        "is_restricted": limitation.is_restricted,
        "is_objected": limitation.is_objected,
        "status_before": limitation.status,
        "at": as_text(limitation.at),
    }


def screening(record: ScreeningRecord) -> dict[str, Any]:
    reasons = [
        gettext(item["message"]) % item["data"] if item["data"] else gettext(item["message"])
        for item in record.evidence
    ]
    return {
        "by": record.source,
        "outcome": record.outcome,
        "score": record.score,
        "reasons": reasons,
        "reference": record.reference,
        "at": as_text(record.at),
    }


def removal(made: Removal) -> dict[str, Any]:
    appeal = getattr(made, "appeal", None)
    return {
        "ground": made.ground,
        "rule": made.rule,
        "facts": made.facts,
        "was_automatic": made.was_automatic,
        "was_reported": made.was_reported,
        "at": as_text(made.at),
        "told_at": as_text(made.told_at),
        "appeal_until": as_text(made.appeal_until),
        "appeal": {
            "text": appeal.text,
            "at": as_text(appeal.at),
            "was_upheld": appeal.was_upheld,
            "answer": appeal.answer,
            "decided_at": as_text(appeal.decided_at),
        }
        if appeal
        else None,
    }
