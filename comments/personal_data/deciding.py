"""What an account decided as a moderator: a month's work is one item."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from comments.models import (
    Appeal,
    BlockedKey,
    IllegalContentReport,
    LegalHold,
    Lesson,
    MassDecision,
    ModerationAct,
    Removal,
    Sanction,
    TrustedAuthor,
)
from comments.personal_data.finding import account_of, as_text
from comments.write_lock import write_transaction
from core.extensions.personal_data import Erasure, ExportedItem, Retained, Subject

# Kind, table, who decided, when.
DECISIONS: tuple[tuple[str, type[Any], str, str], ...] = (
    ("act", ModerationAct, "by", "at"),
    ("sanction", Sanction, "by", "starts_at"),
    ("removal", Removal, "by", "at"),
    ("appeal", Appeal, "decided_by", "decided_at"),
    ("report", IllegalContentReport, "decided_by", "decided_at"),
    ("legal hold", LegalHold, "by", "at"),
    ("lesson", Lesson, "by", "at"),
    ("trust", TrustedAuthor, "by", "at"),
    ("blocked key", BlockedKey, "by", "at"),
    ("mass decision", MassDecision, "by", "at"),
)

# Behind a key: the account is being cancelled, and its decisions lose the name.
ENDING = ":ending"


class DecisionData:
    """The decisions of a moderator. They keep the account's name while the account is in use."""

    identifier = "comments.decisions"
    verbose_name = _("Decisions about comments")

    def identities(self, subject: Subject, *, until: datetime | None = None) -> Iterator[str]:
        account = account_of(subject)
        if account is None:
            return
        months: set[datetime] = set()
        for _kind, model, who, when in DECISIONS:
            rows = model.objects.filter(**{f"{who}_id": account})
            if until is not None:
                rows = rows.filter(**{f"{when}__lte": until})
            months.update(rows.order_by().datetimes(when, "month", tzinfo=UTC))
        ending = ENDING if subject.cancels_account else ""
        for month in sorted(months):
            yield f"{account}:{month:%Y-%m}{ending}"

    def export(self, keys: Sequence[str]) -> Iterator[ExportedItem]:
        for key in keys:
            decisions = [
                {"kind": kind, "number": str(pk), "at": as_text(at)}
                for kind, rows, when in month_of(key)
                for pk, at in rows.order_by(when, "pk").values_list("pk", when)
            ]
            if decisions:
                yield ExportedItem(key, {"decisions": decisions})

    def erase(self, keys: Sequence[str]) -> Erasure:
        unnamed = 0
        with write_transaction():
            for key in keys:
                if key.endswith(ENDING):
                    unnamed += lose_the_name(key)
        return Erasure(unnamed, self.exceptions(keys))

    def exceptions(self, keys: Sequence[str]) -> tuple[Retained, ...]:
        return tuple(
            Retained(
                key=key,
                code="account_open",
                legal_basis=_(
                    "Proof of who decided (GDPR, article 5, paragraph 2). It loses the name when "
                    "the account is cancelled."
                ),
                expires_on=None,
            )
            for key in keys
            if not key.endswith(ENDING)
            and any(rows.exists() for _kind, rows, _when in month_of(key))
        )


def lose_the_name(key: str) -> int:
    """Take an account out of a month's decisions; tell whether it was in any.

    A mass decision is nobody's without its moderator: what it did is told by the acts.
    """
    changed = 0
    for (_kind, rows, _when), decision in zip(month_of(key), DECISIONS, strict=True):
        who = decision[2]
        is_free = rows.model._meta.get_field(who).null
        changed += rows.update(**{who: None}) if is_free else rows.delete()[0]
    return int(changed > 0)


def month_of(key: str) -> Iterator[tuple[str, QuerySet[Any], str]]:
    account, _colon, month = key.removesuffix(ENDING).partition(":")
    first = datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC)
    after = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    for kind, model, who, when in DECISIONS:
        wanted = {f"{who}_id": int(account), f"{when}__gte": first, f"{when}__lt": after}
        yield kind, model.objects.filter(**wanted), when
