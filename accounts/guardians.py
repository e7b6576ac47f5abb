"""Members under age: what they say of it, their guardian's agreement, and coming of age."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import notifications
from accounts.ages import moved_on
from accounts.errors import (
    AgeSaidError,
    GuardianAddressError,
    GuardianAskedError,
    GuardianLinkExpiredError,
    GuardianLinkUnknownError,
    TextsChangedError,
)
from accounts.models import Bracket, User, YoungMember
from core.extensions.acceptance import (
    ConsentPurpose,
    Person,
    RequiredVersion,
    acceptance_gate,
    consent_purposes,
)
from core.extensions.people import AgeStanding
from core.extensions.personal_data import normalise_address
from core.tokens import hash_token, make_code, make_token, normalise_code, pseudonym, show_code

Versions = Sequence[tuple[str, int]]

# Anybody can be named as a guardian: one account has no more mails sent than these.
ASK_AGAIN_AFTER = timedelta(hours=1)
SURFACE = "guardian"
GUARDIANSHIP = ConsentPurpose(
    identifier="accounts.guardianship",
    heading=gettext_lazy("A guardian's agreement"),
    wording=gettext_lazy(
        "I am a guardian of the person who has this account. I agree that they use it, comment "
        "with it, and consent to what it offers."
    ),
    is_for_accounts=False,
)


class AccountAges:
    """Answers core.extensions.people.Minors."""

    def standing(self, user_id: int) -> AgeStanding:
        row = YoungMember.objects.filter(user_id=user_id).select_related("user").first()
        if row is None:
            return AgeStanding()
        awaits = "self" if row.is_of_age else "" if row.agreed_at else "guardian"
        # A child's own name and surname are shown to nobody.
        name = row.user.display_name or _("Member")
        return AgeStanding(awaits, row.is_child, name if row.is_child else "")

    def children(self) -> Iterable[int]:
        return YoungMember.objects.filter(bracket=Bracket.UNDER_14).values_list(
            "user_id", flat=True
        )


def young_member(user: User) -> YoungMember | None:
    """Return what is kept of an account's age; None for an adult's, or where nothing was said."""
    return YoungMember.objects.filter(user=user).first()


@transaction.atomic
def say_age(
    user: User, bracket: Bracket, ends_in: date, *, guardian_email: str = "", locale: str
) -> None:
    """Keep that an account's owner is under age, and ask a guardian who is named.

    An account says it once, since a child could say another age each day: AgeSaidError. Raises
    what name_guardian raises.
    """
    made, is_new = YoungMember.objects.get_or_create(
        user=user, defaults={"bracket": bracket, "ends_in": ends_in, "locale": locale}
    )
    if not is_new:
        raise AgeSaidError
    if guardian_email:
        name_guardian(made, guardian_email, locale=locale)


@transaction.atomic
def name_guardian(row: YoungMember, email: str, *, locale: str) -> None:
    """Ask somebody for their agreement by mail; whoever was asked before is asked no more.

    Raises GuardianAddressError, or GuardianAskedError for who has agreed or was asked just now.
    """
    address = guardian_address(row.user, email)
    now = timezone.now()
    free = YoungMember.objects.filter(
        Q(asked_at=None) | Q(asked_at__lte=now - ASK_AGAIN_AFTER), pk=row.pk, agreed_at=None
    ).exclude(bracket=Bracket.OF_AGE)
    if not free.update(
        guardian_email=address, asked_at=now, token_hash="", code_hash="", locale=locale
    ):
        raise GuardianAskedError
    transaction.on_commit(partial(enqueue, "mail_guardian", row.pk))


def guardian_address(user: User, email: str) -> str:
    """Return a guardian's address, or raise GuardianAddressError for none or for one's own."""
    try:
        address = normalise_address(email)
        validate_email(address)
    except (ValueError, ValidationError):
        raise GuardianAddressError from None
    if mailbox_of(address) in mailboxes_of(user):
        raise GuardianAddressError
    return address


def mailboxes_of(user: User) -> set[str]:
    """Return an account's own mailboxes."""
    own = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    found = set()
    for each in (user.email, *own):
        # An account that was made for somebody may have no address, or none that works.
        with suppress(ValueError):
            found.add(mailbox_of(normalise_address(each)))
    return found


def mailbox_of(address: str) -> str:
    """Return an address without what many mail systems let its owner add behind a plus."""
    local, _at, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def enqueue(task: str, *values: Any) -> None:
    # Tasks call services, so services can name them only when they run.
    from accounts import tasks

    getattr(tasks, task).enqueue(*values)


def code_hash(code: str) -> str:
    # A code is short enough to be tried out against a plain hash, so its hash is keyed.
    return pseudonym("guardian-code", code)


def mail_guardian(key: int) -> None:
    """Send a guardian the question, or the receipt of their agreement with the way out of it.

    Safe to call twice. Raises MailNotSentError, after which the call is to be repeated.
    """
    row = YoungMember.objects.select_related("user").filter(pk=key, token_hash="").first()
    if row is None or not row.guardian_email:
        return
    token, code = make_token(), make_code()
    notifications.mail_guardian(row, token=token, code=show_code(code))
    YoungMember.objects.filter(
        pk=key, guardian_email=row.guardian_email, agreed_at=row.agreed_at, token_hash=""
    ).update(token_hash=hash_token(token), code_hash=code_hash(code))


def found_by(value: str) -> YoungMember:
    """Return the row whose guardian has this link or code; raises GuardianLinkUnknownError."""
    value = value.strip()[:200]
    known = Q(token_hash=hash_token(value)) | Q(code_hash=code_hash(normalise_code(value)))
    row = YoungMember.objects.select_related("user").filter(known).first()
    if row is None or not row.guardian_email:
        raise GuardianLinkUnknownError
    return row


def texts_in_force(locale: str) -> Sequence[RequiredVersion]:
    """Return the versions to which whoever registers agrees, and a guardian with them."""
    return acceptance_gate.get().required("register", locale=locale)


def checked(versions: Versions, locale: str) -> Versions:
    """Return the versions, or raise TextsChangedError where others are in force."""
    if set(versions) != {(each.document, each.number) for each in texts_in_force(locale)}:
        raise TextsChangedError
    return versions


@transaction.atomic
def decide(value: str, *, agrees: bool, versions: Versions, locale: str) -> None:
    """Record a guardian's answer, once; who declines is forgotten.

    The record holds the versions, the moment, and the mailbox as a keyed pseudonym. Raises
    GuardianLinkUnknownError, GuardianLinkExpiredError or TextsChangedError.
    """
    row = found_by(value)
    if row.asked_at is None or row.agreed_at is not None:
        raise GuardianLinkUnknownError
    if row.asked_at <= unanswered_since():
        raise GuardianLinkExpiredError
    answered: dict[str, Any] = {"agreed_at": timezone.now()} if agrees else {"guardian_email": ""}
    use_up(row, **answered)
    gate = acceptance_gate.get()
    child, guardian = Person.of(row.user), Person(email=row.guardian_email)
    if agrees:
        gate.record(checked(versions, locale), person=child, actor=guardian, locale=locale,
                    surface=SURFACE)  # fmt: skip
        transaction.on_commit(partial(enqueue, "mail_guardian", row.pk))
    gate.consent(GUARDIANSHIP, person=child, actor=guardian, locale=locale, surface=SURFACE,
                 action="consent" if agrees else "decline")  # fmt: skip
    transaction.on_commit(partial(enqueue, "tell_owner", row.pk))


@transaction.atomic
def withdraw(value: str, *, locale: str) -> None:
    """End a guardian's agreement, what the child has consented to by it, and their address.

    Raises GuardianLinkUnknownError.
    """
    row = found_by(value)
    if row.agreed_at is None:
        raise GuardianLinkUnknownError
    end_agreement(row, locale=locale)


@transaction.atomic
def end_agreement(row: YoungMember, *, locale: str) -> None:
    """Forget a guardian; where they had agreed, record that they do so no more."""
    use_up(row, guardian_email="", agreed_at=None)
    if row.agreed_at is not None:
        gate = acceptance_gate.get()
        child, guardian = Person.of(row.user), Person(email=row.guardian_email)
        given = gate.consents(child)
        for purpose in consent_purposes:
            if purpose.identifier in given:
                gate.consent(purpose, person=child, actor=guardian, locale=locale,
                             surface=SURFACE, action="withdraw")  # fmt: skip
    transaction.on_commit(partial(enqueue, "tell_owner", row.pk))


def use_up(row: YoungMember, **values: Any) -> None:
    """Write what a mail's answer changes; of two answers at once one finds the link used."""
    unused = YoungMember.objects.filter(
        pk=row.pk, token_hash=row.token_hash, guardian_email=row.guardian_email,
        agreed_at=row.agreed_at,
    )  # fmt: skip
    if not unused.update(token_hash="", code_hash="", **values):
        raise GuardianLinkUnknownError


@transaction.atomic
def agree_oneself(user: User, versions: Versions, *, locale: str) -> None:
    """Record the own agreement of somebody who has come of age; nothing of their age stays.

    Safe to call twice. Raises TextsChangedError.
    """
    row = YoungMember.objects.filter(user=user, bracket=Bracket.OF_AGE)
    if row.delete()[0]:
        acceptance_gate.get().record(
            checked(versions, locale), person=Person.of(user), locale=locale, surface="of-age"
        )


def tell_owner(key: int) -> None:
    """Mail an account's owner what holds for it now. Raises MailNotSentError, then repeat it."""
    row = YoungMember.objects.select_related("user").filter(pk=key).first()
    if row is not None and row.user.is_active and row.user.email:
        notifications.mail_owner(row)


def keep_ages(today: date) -> int:
    """Move everybody on whose bracket is over; return how many. Safe to call twice.

    Who comes of age takes over: the guardian's agreement, address and link end, and the account
    waits for its owner's own agreement.
    """
    moved = 0
    for row in YoungMember.objects.filter(ends_in__lt=today.replace(day=1)):
        bracket, ends_in = moved_on(Bracket(row.bracket), row.ends_in, today)
        values: dict[str, Any] = {"bracket": bracket, "ends_in": ends_in}
        if bracket == Bracket.OF_AGE:
            values |= {"guardian_email": "", "asked_at": None, "agreed_at": None,
                       "token_hash": "", "code_hash": ""}  # fmt: skip
        with transaction.atomic():
            same = YoungMember.objects.filter(pk=row.pk, bracket=row.bracket, ends_in=row.ends_in)
            if same.update(**values):
                transaction.on_commit(partial(enqueue, "tell_owner", row.pk))
                moved += 1
    return moved


def unanswered_since() -> datetime:
    """Return the moment since which a guardian can still answer."""
    return timezone.now() - timedelta(days=settings.ACCOUNTS_GUARDIAN_DAYS)


def forget_unanswered() -> int:
    """Delete the addresses of guardians who never answered; return how many. Safe to call twice."""
    late = YoungMember.objects.filter(asked_at__lte=unanswered_since(), agreed_at=None)
    return late.exclude(guardian_email="").update(guardian_email="", token_hash="", code_hash="")


def forget_age(key: int) -> bool:
    """Delete what was said of an account's age in error; its owner can say it anew."""
    return bool(YoungMember.objects.filter(pk=key).delete()[0])
