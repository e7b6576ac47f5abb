"""An account as personal data."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.forms.models import model_to_dict
from django.utils.translation import gettext_lazy as _
from wagtail.models import APIToken
from wagtail.users.models import UserProfile

from accounts.models import User
from accounts.people import accounts_under
from core.extensions.personal_data import Erasure, ExportedItem, Retained, Subject


class AccountData:
    """The account with a proven address. It goes when its owner cancels it, not before."""

    identifier = "accounts.account"
    verbose_name = _("Account")

    def identities(self, subject: Subject, *, until: datetime | None = None) -> Iterator[str]:
        users = User.objects.filter(pk__in=accounts_under(subject.email))
        if subject.user_id is not None:
            users = users.filter(pk=subject.user_id)
        if until is not None:
            users = users.filter(date_joined__lte=until)
        for pk in users.order_by("pk").values_list("pk", flat=True):
            yield str(pk)

    def export(self, keys: Sequence[str]) -> Iterator[ExportedItem]:
        users = User.objects.filter(pk__in=keys).prefetch_related("application_passwords", "groups")
        for user in users.order_by("pk"):
            yield ExportedItem(str(user.pk), exported(user))

    def erase(self, keys: Sequence[str]) -> Erasure:
        retained = tuple(
            Retained(
                key=str(pk),
                code="account_open",
                legal_basis=_("The account is still in use. It goes when it is cancelled."),
                expires_on=None,
            )
            for pk in User.objects.filter(pk__in=keys).values_list("pk", flat=True)
        )
        return Erasure(removed=0, retained=retained)


def exported(user: User) -> dict[str, Any]:
    profile = UserProfile.objects.filter(user=user).first()
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
        "registered_at": as_text(user.date_joined),
        "last_signed_in_at": as_text(user.last_login),
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
