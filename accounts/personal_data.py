"""An account as personal data."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.extensions.personal_data import Erasure, ExportedItem, Retained, Subject


class AccountData:
    """The account with a proven address. It goes when its owner cancels it, not before."""

    identifier = "accounts.account"
    verbose_name = _("Account")

    def identities(self, subject: Subject, *, until: datetime | None = None) -> Iterator[str]:
        users = User.objects.filter(email__iexact=subject.email)
        if subject.user_id is not None:
            users = users.filter(pk=subject.user_id)
        for pk in users.order_by("pk").values_list("pk", flat=True):
            yield str(pk)

    def export(self, keys: Sequence[str]) -> Iterator[ExportedItem]:
        users = User.objects.filter(pk__in=keys).prefetch_related("application_passwords")
        for user in users.order_by("pk"):
            yield ExportedItem(
                str(user.pk),
                {
                    "email": user.email,
                    "user_name": user.username,
                    "display_name": user.display_name,
                    "description": user.description,
                    "registered_at": user.date_joined.isoformat(),
                    "last_signed_in_at": user.last_login.isoformat() if user.last_login else None,
                    "application_passwords": [
                        {
                            "name": row.name,
                            "created_at": row.created_at.isoformat(),
                            "last_used_at": row.last_used_at.isoformat()
                            if row.last_used_at
                            else None,
                        }
                        for row in user.application_passwords.all()
                    ],
                },
            )

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
