"""An account as personal data."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.forms.models import model_to_dict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.models import APIToken
from wagtail.users.models import UserProfile

from accounts.ending import end_account, take_from_view
from accounts.guardians import end_agreement
from accounts.models import User, YoungMember
from accounts.people import accounts_under
from core.extensions.personal_data import (
    Erasure,
    ExportedItem,
    Retained,
    Subject,
    blockers_of,
)
from core.tokens import pseudonym

# Behind a key: the account is being cancelled.
ENDING = ":ending"


class AccountData:
    """The account with a proven address. It goes when its owner cancels it, not before; while
    something stands in the way of that, it stays without its public face."""

    identifier = "accounts.account"
    verbose_name = _("Account")

    def identities(self, subject: Subject, *, until: datetime | None = None) -> Iterator[str]:
        known = [subject.user_id] if subject.user_id is not None else accounts_under(subject.email)
        users = User.objects.filter(pk__in=known, cancelled_at=None)
        if until is not None:
            users = users.filter(date_joined__lte=until)
        for pk in users.order_by("pk").values_list("pk", flat=True):
            yield f"{pk}{ENDING}" if subject.cancels_account else str(pk)

    def export(self, keys: Sequence[str]) -> Iterator[ExportedItem]:
        users = User.objects.filter(pk__in=keys).prefetch_related("application_passwords", "groups")
        for user in users.order_by("pk"):
            yield ExportedItem(str(user.pk), exported(user))

    def erase(self, keys: Sequence[str]) -> Erasure:
        removed, retained = 0, []
        for key in keys:
            kept = self.kept(key)
            if kept is not None:
                retained.append(kept)
            elif key.endswith(ENDING):
                removed += end_account(number_of(key))
            if key.endswith(ENDING) and kept is not None:
                take_from_view(number_of(key))
        return Erasure(removed, tuple(retained))

    def exceptions(self, keys: Sequence[str]) -> Iterator[Retained]:
        for key in keys:
            if (kept := self.kept(key)) is not None:
                yield kept

    def kept(self, key: str) -> Retained | None:
        user = User.objects.filter(pk=number_of(key), cancelled_at=None).first()
        if user is None:
            return None
        if not key.endswith(ENDING):
            basis: Any = _("The account is still in use. It goes when it is cancelled.")
            return Retained(key, "account_open", basis, None)
        blockers = blockers_of(Subject(email=user.email, user_id=user.pk, cancels_account=True))
        if not blockers:
            return None
        basis = gettext(
            "The agreement that the account is cannot end yet (GDPR, article 6, paragraph 1(b)): "
            "%(blockers)s The account goes as soon as that is settled."
        ) % {"blockers": " ".join(str(each.message) for each in blockers)}
        return Retained(key, "account_blocked", basis, None)


class GuardianData:
    """The mailbox of a guardian, as long as they are asked or have agreed.

    Where it is erased the agreement ends with it, and what they agreed to.
    """

    identifier = "accounts.guardian"
    verbose_name = _("Agreement as a guardian")

    def identities(self, subject: Subject, *, until: datetime | None = None) -> Iterator[str]:
        rows = YoungMember.objects.filter(guardian_email=subject.email)
        if until is not None:
            rows = rows.filter(asked_at__lte=until)
        # An address that stands in the row later is another guardian's.
        for pk, address in rows.order_by("pk").values_list("pk", "guardian_email"):
            yield f"{pk}:{guardian_hash(address)}"

    def rows(self, keys: Sequence[str]) -> Iterator[tuple[str, YoungMember]]:
        for key in keys:
            pk, _colon, known = key.partition(":")
            row = YoungMember.objects.select_related("user").filter(pk=pk).first()
            if row is not None and guardian_hash(row.guardian_email) == known:
                yield key, row

    def export(self, keys: Sequence[str]) -> Iterator[ExportedItem]:
        for key, row in self.rows(keys):
            yield ExportedItem(
                key,
                {
                    "email": row.guardian_email,
                    "asked_at": as_text(row.asked_at),
                    "agreed_at": as_text(row.agreed_at),
                },
            )

    def erase(self, keys: Sequence[str]) -> Erasure:
        removed = 0
        for _key, row in self.rows(keys):
            end_agreement(row, locale=row.locale or "en")
            removed += 1
        return Erasure(removed)


def guardian_hash(address: str) -> str:
    return pseudonym("guardian", address)[:16]


def number_of(key: str) -> int:
    return int(key.removesuffix(ENDING))


def exported(user: User) -> dict[str, Any]:
    profile = UserProfile.objects.filter(user=user).first()
    young = YoungMember.objects.filter(user=user).first()
    return {
        "email": user.email,
        "user_name": user.username,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "display_name": user.display_name,
        "name_in_addresses": user.public_slug,
        "description": user.description,
        "website": user.website,
        "nickname": user.nickname,
        "preferences_of_the_editor": user.preferences,
        "custom_fields": user.meta,
        "registered_at": as_text(user.date_joined),
        "last_signed_in_at": as_text(user.last_login),
        "age": {
            "bracket": young.bracket,
            "ends_in": young.ends_in.strftime("%Y-%m") if young.ends_in else None,
            "a_guardian_agreed_at": as_text(young.agreed_at),
        }
        if young
        else None,
        "groups": [group.name for group in user.groups.all()],
        "permissions": [permission.codename for permission in user.user_permissions.all()],
        "addresses": [
            {"email": row.email, "is_verified": row.verified, "is_primary": row.primary}
            for row in EmailAddress.objects.filter(user=user).order_by("pk")
        ],
        "application_passwords": [
            {
                "name": row.name,
                "application": row.app_id,
                "created_at": as_text(row.created_at),
                "last_used_at": as_text(row.last_used_at),
            }
            for row in user.application_passwords.all()
        ],
        "api_tokens": [
            {
                "name": row.name,
                "created_at": as_text(row.created),
                "revoked_at": as_text(row.revoked_at),
                "last_used_at": as_text(row.last_used_at),
            }
            for row in APIToken.objects.filter(user=user).order_by("pk")
        ],
        "data_seen_in_clear": [
            {"at": as_text(row.at), "kind": row.kind, "row": row.key}
            for row in user.unmaskings.order_by("pk")
        ],
        "choices_in_the_admin": {
            name: str(value) if name == "avatar" else value
            for name, value in model_to_dict(profile, exclude=["id", "user"]).items()
        }
        if profile
        else {},
    }


def as_text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
