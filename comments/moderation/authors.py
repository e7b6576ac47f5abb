"""What is known of the authors of a page of comments, in a number of queries that does not grow."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from comments.models import Sanction, Status, VisitorComment
from comments.services.trusting import address_key, proof_of
from core.extensions.masking import masking


@dataclass
class AuthorCard:
    """An author as a moderator sees them: who says so, and what became of their comments.

    Addresses are masked; `show_in_clear` puts those of one comment in their place.
    `proof` says in words what proves who they are; without one the address was only typed, and
    the numbers are those of whoever typed it.
    """

    name: str
    email: str = ""
    url: str = ""
    ip_address: str = ""
    is_masked: bool = True
    proof: str = ""
    is_proven: bool = False
    is_member: bool = False
    first_seen: datetime | None = None
    counts: dict[str, int] = field(default_factory=dict)
    sanctions: list[str] = field(default_factory=list)

    @property
    def approved(self) -> int:
        return self.counts.get(Status.APPROVED, 0)

    @property
    def rejected(self) -> int:
        return self.counts.get(Status.SPAM, 0) + self.counts.get(Status.TRASH, 0)

    @property
    def total(self) -> int:
        return sum(self.counts.values())


Identity = tuple[str, Any]


def identity_of(comment: VisitorComment) -> Identity | None:
    # In the same order as searching.by_author_of, so that numbers and list agree.
    if comment.user_id:
        return "user_id", comment.user_id
    if comment.author_ref is not None:
        return "author_ref", comment.author_ref
    return ("author_key", comment.author_key) if comment.author_key else None


def cards_for(comments: Sequence[VisitorComment]) -> dict[int, AuthorCard]:
    """Return the card of each comment's author."""
    identities = {comment.pk: identity_of(comment) for comment in comments}
    known: dict[Identity, list[tuple[str, int, datetime]]] = {}
    for kind in ("user_id", "author_ref", "author_key"):
        values = {each[1] for each in identities.values() if each and each[0] == kind}
        if values:
            known |= tallies(kind, values)
    sanctions = sanction_lines(comments)
    cards = {}
    for comment in comments:
        card = card_of(comment)
        identity = identities[comment.pk]
        for status, count, first in known.get(identity, []) if identity else []:
            card.counts[status] = count
            card.first_seen = min(first, card.first_seen or first)
        card.sanctions = sanctions.get(comment.pk, [])
        cards[comment.pk] = card
    return cards


def show_in_clear(card: AuthorCard, comment: VisitorComment, *, to: Any) -> None:
    """Put a comment's addresses into its author's card, once it is on record who sees them.

    Raises PermissionError for who may not.
    """
    masking.get().unmask(to, comment._meta.label_lower, [comment.pk])
    card.email, card.ip_address, card.is_masked = (
        comment.user_email,
        comment.ip_address or "",
        False,
    )


def tallies(kind: str, values: Iterable[Any]) -> dict[Identity, list[tuple[str, int, datetime]]]:
    rows = VisitorComment.objects.order_by()
    found: dict[Identity, list[tuple[str, int, datetime]]] = {}
    counted = (
        rows.filter(**{f"{kind}__in": list(values)})
        .values_list(kind, "status")
        .annotate(Count("pk"), Min("posted_at"))
    )
    for value, status, count, first in counted:
        found.setdefault((kind, value), []).append((status, count, first))
    return found


def card_of(comment: VisitorComment) -> AuthorCard:
    rule = masking.get()
    card = AuthorCard(
        name=comment.user_name or _("Anonymous"),
        email=rule.address(comment.user_email),
        url=comment.user_url,
        ip_address=rule.network(comment.ip_address or ""),
        is_proven=bool(proof_of(comment)),
        is_member=bool(comment.user_id),
    )
    if comment.user_id:
        card.proof = _("Member")
    elif comment.is_address_verified:
        card.proof = _("Address verified")
    elif comment.imported_at:
        card.proof = _("Imported, address not verified")
    elif comment.author_key:
        card.proof = _("Same browser as before")
    elif comment.user_email:
        card.proof = _("Address not verified")
    return card


def sanction_lines(comments: Sequence[VisitorComment]) -> Mapping[int, list[str]]:
    """Return in words what sanctions the author of each comment is under, in one query."""
    addresses = {comment.pk: address_key(comment.user_email) for comment in comments}
    users = {comment.user_id for comment in comments if comment.user_id}
    concerned = Q(user_id__in=users) | Q(address__in=[each for each in addresses.values() if each])
    running = Q(ends_at=None) | Q(ends_at__gt=timezone.now())
    found: dict[int, list[str]] = {}
    for sanction in Sanction.objects.filter(concerned, running, lifted_at=None):
        for comment in comments:
            is_theirs = sanction.user_id is not None and sanction.user_id == comment.user_id
            if is_theirs or (sanction.address and sanction.address == addresses[comment.pk]):
                found.setdefault(comment.pk, []).append(sanction.get_kind_display())
    return found
