"""Letting go of what is no longer needed: the rules as data, counted first and then kept to."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from comments.models import (
    Appeal,
    BlockedKey,
    Flag,
    Follower,
    IllegalContentReport,
    LegalHold,
    MassDecision,
    ModerationAct,
    NetworkKey,
    Removal,
    Sanction,
    Status,
    TrustedAuthor,
    UnconfirmedComment,
    VisitorComment,
)
from comments.services.holding import end_holds, holds_in_force
from comments.services.placing import delete_comments
from comments.write_lock import write_transaction
from core.extensions.people import minors

BATCH = 200
FEW = 100
Rows = QuerySet[Any]


@dataclass(frozen=True)
class Rule:
    """One kind of data, how long it is kept, and what becomes of it then.

    `due` returns the rows whose time was over at a moment, legal holds apart; `act` ends one batch
    of their keys, in a transaction of its own. `comment` is the way from a row to the comment that
    a legal hold may keep, "" where none can.
    """

    identifier: str
    verbose_name: str | Promise
    days: Callable[[], int]
    due: Callable[[datetime], Rows]
    act: Callable[[list[Any]], int]
    comment: str = ""

    def free(self, now: datetime) -> Rows:
        """Return the due rows that no legal hold keeps, highest key first: replies before what
        they reply to, so that no empty place stays."""
        rows = self.due(now).order_by("-pk")
        return rows.exclude(self.held_condition) if self.comment else rows

    def held(self, now: datetime) -> int:
        """Return how many due rows a legal hold keeps."""
        return self.due(now).filter(self.held_condition).count() if self.comment else 0

    @property
    def held_condition(self) -> Q:
        return Q(**{f"{self.comment}__in": holds_in_force().values("comment_id")})


@dataclass(frozen=True)
class Outcome:
    """What a rule did, or would do: rows that are due, and due rows that a legal hold keeps."""

    rule: Rule
    due: int
    held: int


def measure(now: datetime) -> list[Outcome]:
    """Count what each rule would do at a moment. Writes nothing."""
    return [Outcome(rule, rule.free(now).count(), rule.held(now)) for rule in RULES]


def keep_to_rules(now: datetime) -> list[Outcome]:
    """Do what every rule asks for at a moment, and return what was done.

    Works in batches of short transactions that other writers come between. Safe to call again
    after a crash, and by several workers at a time.
    """
    outcomes = []
    for rule in RULES:
        held = rule.held(now)
        done = sum(rule.act(keys) for keys in batches(rule, now))
        outcomes.append(Outcome(rule, done, held))
    return outcomes


def batches(rule: Rule, now: datetime) -> Iterator[list[Any]]:
    last = None
    while True:
        rows = rule.free(now)
        if last is not None:
            rows = rows.filter(pk__lt=last)
        keys = list(rows.values_list("pk", flat=True)[:BATCH])
        if not keys:
            return
        yield keys
        last = keys[-1]


def before(now: datetime, days: int) -> datetime:
    return now - timedelta(days=days)


def ip_and_hash_days() -> int:
    return settings.COMMENTS_IP_DAYS + settings.COMMENTS_IP_HASH_DAYS


def blanking(model: type[Any], **values: Any) -> Callable[[list[Any]], int]:
    def act(keys: list[Any]) -> int:
        with write_transaction():
            return model.objects.filter(pk__in=keys).update(**values)

    return act


def deleting(model: type[Any]) -> Callable[[list[Any]], int]:
    def act(keys: list[Any]) -> int:
        with write_transaction():
            return model.objects.filter(pk__in=keys).delete()[1].get(model._meta.label, 0)

    return act


def deleting_comments(keys: list[int]) -> int:
    # A short transaction each few, so that nobody waits long.
    return sum(delete_comments(keys[at : at + FEW]) for at in range(0, len(keys), FEW))


def releasing(keys: list[Any]) -> int:
    return end_holds(LegalHold.objects.filter(pk__in=keys))


def sent_before(now: datetime, days: int) -> Rows:
    """Return the comments that were sent more than some days ago; of members who are under 14 now
    those since a shorter time, whatever the days are."""
    limit = before(now, min(days, settings.COMMENTS_CHILD_NETWORK_DAYS))
    is_childs = Q(user_id__in=minors.get().children(), submit_date__lt=limit)
    return VisitorComment.objects.filter(Q(submit_date__lt=before(now, days)) | is_childs)


def of_children(now: datetime) -> Rows:
    """Return the comments of members who are under 14 now, after their shorter time.

    Spam and trash have times of their own; what is reported waits for the decision.
    """
    reported = IllegalContentReport.objects.filter(comment=OuterRef("pk"), decided_at=None)
    return VisitorComment.objects.filter(
        ~Exists(reported),
        user_id__in=minors.get().children(),
        status__in=[Status.APPROVED, Status.HOLD],
        submit_date__lt=before(now, settings.COMMENTS_CHILD_DAYS),
    ).unrestricted()


def put_away(status: str, limit: datetime) -> Rows:
    """Return comments that have been in a state since before a moment, and nobody waits for.

    What an import brought counts from the import: somebody may want to look at it.
    """
    moved = ModerationAct.objects.filter(comment=OuterRef("pk"), at__gte=limit)
    reported = IllegalContentReport.objects.filter(comment=OuterRef("pk"), decided_at=None)
    return (
        VisitorComment.objects.filter(~Exists(moved), ~Exists(reported), status=status)
        .filter(Q(imported_at=None) | Q(imported_at__lt=limit), submit_date__lt=limit)
        .exclude(comment="")
        .unrestricted()
    )


def in_the_trash(now: datetime) -> Rows:
    """Return what lay in the trash long enough; a removal that can be appealed against stays."""
    open_removal = Removal.objects.filter(
        Q(appeal__isnull=True, appeal_until__gt=now)
        | Q(appeal__isnull=False, appeal__decided_at=None),
        comment=OuterRef("pk"),
    )
    rows = put_away(Status.TRASH, before(now, settings.COMMENTS_TRASH_DAYS))
    return rows.filter(~Exists(open_removal))


def left_followers(now: datetime) -> Rows:
    limit = before(now, settings.COMMENTS_FOLLOWER_DAYS)
    return Follower.objects.filter(Q(ended_at__lt=limit) | Q(confirmed_at=None, asked_at__lt=limit))


def old_sanctions(now: datetime) -> Rows:
    limit = before(now, settings.COMMENTS_RECORD_DAYS)
    # What an erasure left of a sanction goes as soon as it is over.
    is_bare = Q(reason="") & (Q(ends_at__lt=now) | Q(lifted_at__lt=now))
    return Sanction.objects.filter(is_bare | Q(ends_at__lt=limit) | Q(lifted_at__lt=limit))


def old_removals(now: datetime) -> Rows:
    limit = before(now, settings.COMMENTS_RECORD_DAYS)
    undecided = Appeal.objects.filter(removal=OuterRef("pk"), decided_at=None)
    return Removal.objects.filter(~Exists(undecided), appeal_until__lt=limit)


# What hangs on comments comes before comments: a count made first is then what is done.
RULES: tuple[Rule, ...] = (
    Rule(
        "comments.holds",
        _("Legal holds that are over"),
        lambda: 0,
        lambda now: LegalHold.objects.filter(released_at=None, until__lt=now.date()),
        releasing,
    ),
    Rule(
        "comments.request",
        _("Browser, and page that a comment came from"),
        lambda: settings.COMMENTS_REQUEST_DAYS,
        lambda now: sent_before(now, settings.COMMENTS_REQUEST_DAYS).filter(
            ~Q(user_agent="") | ~Q(referrer="")
        ),
        blanking(VisitorComment, user_agent="", referrer=""),
        comment="pk",
    ),
    Rule(
        "comments.ip",
        _("Network addresses in clear"),
        lambda: settings.COMMENTS_IP_DAYS,
        lambda now: sent_before(now, settings.COMMENTS_IP_DAYS).filter(ip_address__isnull=False),
        blanking(VisitorComment, ip_address=None),
        comment="pk",
    ),
    Rule(
        "comments.ip_hash",
        _("Hashes of network addresses"),
        ip_and_hash_days,
        lambda now: sent_before(now, ip_and_hash_days()).exclude(ip_hash=""),
        blanking(VisitorComment, ip_hash=""),
        comment="pk",
    ),
    Rule(
        "comments.network_keys",
        _("Keys of those hashes"),
        ip_and_hash_days,
        lambda now: NetworkKey.objects.filter(day__lt=before(now, ip_and_hash_days()).date()),
        deleting(NetworkKey),
    ),
    Rule(
        "comments.report_sources",
        _("Pseudonyms of reporters' network addresses"),
        lambda: 1,
        lambda now: IllegalContentReport.objects.filter(received_at__lt=before(now, 1)).exclude(
            source_hash=""
        ),
        blanking(IllegalContentReport, source_hash=""),
    ),
    Rule(
        "comments.unconfirmed",
        _("Comments whose author's mailbox never answered"),
        lambda: 0,
        lambda now: UnconfirmedComment.objects.filter(expires_at__lte=now),
        deleting(UnconfirmedComment),
    ),
    Rule(
        "comments.followers",
        _("Followers who have left or never answered"),
        lambda: settings.COMMENTS_FOLLOWER_DAYS,
        left_followers,
        deleting(Follower),
    ),
    Rule(
        "comments.flags",
        _("Settled flags"),
        lambda: settings.COMMENTS_RECORD_DAYS,
        lambda now: Flag.objects.filter(settled_at__lt=before(now, settings.COMMENTS_RECORD_DAYS)),
        deleting(Flag),
        comment="comment",
    ),
    Rule(
        "comments.acts",
        _("What moderators did"),
        lambda: settings.COMMENTS_RECORD_DAYS,
        lambda now: ModerationAct.objects.filter(at__lt=before(now, settings.COMMENTS_RECORD_DAYS)),
        deleting(ModerationAct),
        comment="comment",
    ),
    Rule(
        "comments.reports",
        _("Decided reports of illegal content"),
        lambda: settings.COMMENTS_RECORD_DAYS,
        lambda now: IllegalContentReport.objects.filter(
            decided_at__lt=before(now, settings.COMMENTS_RECORD_DAYS)
        ),
        deleting(IllegalContentReport),
        comment="comment",
    ),
    Rule(
        "comments.sanctions",
        _("Sanctions that are over"),
        lambda: settings.COMMENTS_RECORD_DAYS,
        old_sanctions,
        deleting(Sanction),
        comment="comment",
    ),
    Rule(
        "comments.trust",
        _("Trust that has ended"),
        lambda: settings.COMMENTS_RECORD_DAYS,
        lambda now: TrustedAuthor.objects.filter(
            ended_at__lt=before(now, settings.COMMENTS_RECORD_DAYS)
        ),
        deleting(TrustedAuthor),
    ),
    Rule(
        "comments.blocked",
        _("Blocked words that are free again"),
        lambda: settings.COMMENTS_RECORD_DAYS,
        lambda now: BlockedKey.objects.filter(
            undone_at__lt=before(now, settings.COMMENTS_RECORD_DAYS)
        ),
        deleting(BlockedKey),
    ),
    Rule(
        "comments.mass_decisions",
        _("Decisions on everything that a search found"),
        lambda: settings.COMMENTS_RECORD_DAYS,
        lambda now: MassDecision.objects.filter(
            finished_at__lt=before(now, settings.COMMENTS_RECORD_DAYS)
        ),
        deleting(MassDecision),
    ),
    Rule(
        "comments.removals",
        _("Stated reasons that nobody can appeal against any more"),
        lambda: settings.COMMENTS_RECORD_DAYS,
        old_removals,
        deleting(Removal),
        comment="comment",
    ),
    Rule(
        "comments.children",
        _("Comments of members under 14"),
        lambda: settings.COMMENTS_CHILD_DAYS,
        of_children,
        deleting_comments,
        comment="pk",
    ),
    Rule(
        "comments.spam",
        _("Spam"),
        lambda: settings.COMMENTS_SPAM_DAYS,
        lambda now: put_away(Status.SPAM, before(now, settings.COMMENTS_SPAM_DAYS)),
        deleting_comments,
        comment="pk",
    ),
    Rule(
        "comments.trash",
        _("Comments in the trash"),
        lambda: settings.COMMENTS_TRASH_DAYS,
        in_the_trash,
        deleting_comments,
        comment="pk",
    ),
)
