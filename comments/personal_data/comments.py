"""The comments under an address, in every state, with everything that was kept of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comments.models import (
    EarlierText,
    Flag,
    IllegalContentReport,
    LegalHold,
    Limitation,
    ModerationAct,
    OutgoingCopy,
    Removal,
    ScreeningRecord,
    Status,
    VisitorComment,
)
from comments.personal_data.finding import as_text, in_batches, keys_of, links_of, plain
from comments.services.amending import Amendment, amend_comment
from comments.services.forgetting import forget_comments
from comments.services.holding import held_among, holds_in_force
from comments.services.limiting import lift_restrictions, object_to_learning, restrict_comments
from comments.services.moderating import change_status
from comments.write_lock import write_transaction
from core.extensions.personal_data import (
    Erasure,
    ExportedItem,
    Retained,
    Subject,
    contact_of,
)

COLUMNS = (
    "pk", "target_id", "submit_date", "status", "user_name", "user_email", "is_address_verified",
    "user_url", "comment", "language", "edited_at", "parent_id", "level", "channel", "imported_at",
    "reactions", "meta", "ip_address", "ip_hash", "user_agent", "referrer", "author_key", "score",
)  # fmt: skip


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
        # Newest first: answers go before what they answer, so that no empty place stays.
        yield from map(str, keys_of(rows, subject, email="user_email", order="-pk"))

    def export(self, keys: Sequence[str]) -> Iterator[ExportedItem]:
        for batch in in_batches(keys):
            # Plain rows: an export reads every one of many once, and changes none.
            rows = {
                row["pk"]: row
                for row in VisitorComment.objects.filter(pk__in=batch).order_by().values(*COLUMNS)
            }
            beside = {part.name: part.of(batch) for part in PARTS}
            links = links_of(row["target_id"] for row in rows.values())
            for key in batch:
                if (row := rows.get(key)) is not None:
                    parts = {name: found.get(key, []) for name, found in beside.items()}
                    link = links.get(row["target_id"], "")
                    yield ExportedItem(str(key), exported(row, link) | parts)

    def erase(self, keys: Sequence[str]) -> Erasure:
        return forgotten(keys, keeps_text=False)

    def anonymise(self, keys: Sequence[str]) -> Erasure:
        return forgotten(keys, keeps_text=True)

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


def forgotten(keys: Sequence[str], *, keeps_text: bool) -> Erasure:
    wanted = [int(key) for key in keys]
    with write_transaction():
        held = held_among(wanted)
        if held:
            change_status(list(held), Status.TRASH, agent="erasure")
            holds_in_force().filter(comment_id__in=held).update(erasure_due=True)
        rows = VisitorComment.objects.filter(pk__in=set(wanted) - held.keys())
        # Done already, and not to be counted twice.
        done = {"user": None} if keeps_text else {"comment": ""}
        still = rows.exclude(user_name="", user_email="", **done)
        going = list(still.values_list("pk", flat=True))
        copies = OutgoingCopy.objects.filter(comment__in=going).order_by("processor")
        recipients = tuple(copies.values_list("processor", flat=True).distinct())
        removed = forget_comments(going, keeps_text=keeps_text)
    kept = tuple(retained_by(key, hold) for key, hold in held.items())
    return Erasure(removed, kept, recipients)


def exported(row: Mapping[str, Any], link: str) -> dict[str, Any]:
    data: dict[str, Any] = {
        "on": link,
        "at": as_text(row["submit_date"]),
        "status": row["status"],
        "name": row["user_name"],
        "email": row["user_email"],
        "is_address_verified": row["is_address_verified"],
        "website": row["user_url"],
        "text": row["comment"],
        "written_in": row["language"],
        "edited_at": as_text(row["edited_at"]),
        "in_reply_to": row["parent_id"] if row["level"] else None,
        "received_by": row["channel"],
        "imported_at": as_text(row["imported_at"]),
        "reactions": row["reactions"],
        "custom_fields": row["meta"],
        "spam_score": row["score"],
    }
    if row["is_address_verified"]:
        network = ("ip_address", "ip_hash", "user_agent", "referrer", "author_key")
        return data | {name: row[name] for name in network}
    data["withheld"] = gettext(
        "The network address and browser that sent this comment are withheld: the mail "
        "address was typed and not verified, so they may be another person's."
    )
    return data


@dataclass(frozen=True)
class Part:
    """What hangs on comments: the rows of one table, as the export shows them under a name."""

    name: str
    model: type[Any]
    columns: str
    shown: Callable[[dict[str, Any]], dict[str, Any]] = plain

    def of(self, keys: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
        """Return what hangs on each of some comments, oldest first; one query."""
        found: dict[int, list[dict[str, Any]]] = {}
        rows = self.model.objects.filter(comment__in=keys).order_by("pk")
        for row in rows.values("comment_id", *self.columns.split()):
            found.setdefault(row.pop("comment_id"), []).append(self.shown(row))
        return found


def screening(row: dict[str, Any]) -> dict[str, Any]:
    reasons = [
        gettext(item["message"]) % item["data"] if item["data"] else gettext(item["message"])
        for item in row["evidence"]
    ]
    return {
        "by": row["source"],
        "outcome": row["outcome"],
        "score": row["score"],
        "reasons": reasons,
        "reference": row["reference"],
        "at": as_text(row["at"]),
    }


def decision(row: dict[str, Any]) -> dict[str, Any]:
    # Who decided, flagged or reported is another person's data.
    return {
        "from": row["old_status"],
        "to": row["new_status"],
        "by": row["agent"] or "moderator",
        "note": row["note"],
        "at": as_text(row["at"]),
        "undone_at": as_text(row["undone_at"]),
    }


def sent(row: dict[str, Any]) -> dict[str, Any]:
    return plain(row) | {"contact": contact_of(row["processor"])}


def removal(row: dict[str, Any]) -> dict[str, Any]:
    made = plain(row)
    appeal = {name: made.pop(f"appeal__{name}") for name in APPEAL}
    return made | {"appeal": appeal if appeal["at"] else None}


APPEAL = ("text", "at", "was_upheld", "answer", "decided_at")
PARTS = (
    Part("earlier_texts", EarlierText, "text replaced_at"),
    Part("limited", Limitation, "is_restricted is_objected status at"),
    Part("screening", ScreeningRecord, "source outcome score evidence reference at", screening),
    Part("sent_to", OutgoingCopy, "processor purpose fields at", sent),
    Part("decisions", ModerationAct, "old_status new_status agent note at undone_at", decision),
    Part("removals", Removal, "ground rule facts was_automatic was_reported at told_at "
         "appeal_until " + " ".join(f"appeal__{name}" for name in APPEAL), removal),
    Part("flags", Flag, "reason at"),
    Part("reports", IllegalContentReport, "about received_at was_upheld decided_at"),
    Part("legal_holds", LegalHold, "legal_basis until released_at"),
)  # fmt: skip
