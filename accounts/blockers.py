"""What of an account itself stands in the way of its cancellation."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.models import APIToken

from accounts.models import ApplicationPassword, User
from core.extensions.personal_data import Blocker, Condition, Subject


class AccountBlockers:
    """Programs that use the account, its being frozen, and the site's last administrator."""

    identifier = "accounts.account"

    def blockers(self, subject: Subject) -> Iterator[Blocker]:
        user = User.objects.filter(pk=subject.user_id, cancelled_at=None).first()
        if user is None:
            return
        bound = ApplicationPassword.objects.filter(user=user).count()
        if bound:
            yield Blocker(
                Condition.BINDINGS,
                "application_passwords",
                ngettext(
                    "%(count)d program can use the account.",
                    "%(count)d programs can use the account.",
                    bound,
                ) % {"count": bound},
                _("Revoke the application passwords."),
                url=reverse("application-passwords"),
                count=bound,
            )  # fmt: skip
        tokens = APIToken.objects.filter(user=user, revoked_at=None).count()
        if tokens:
            yield Blocker(
                Condition.BINDINGS,
                "api_tokens",
                ngettext(
                    "%(count)d API token of the account is in use.",
                    "%(count)d API tokens of the account are in use.",
                    tokens,
                ) % {"count": tokens},
                _("Revoke the API tokens in the administration."),
                url=reverse("wagtailadmin_account"),
                count=tokens,
            )  # fmt: skip
        if not user.is_active:
            yield Blocker(
                Condition.FROZEN,
                "account_frozen",
                _("The account is frozen."),
                _("Write to us: we say why it is, and unfreeze it when that is settled."),
            )
        others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk)
        if user.is_superuser and not others.exists():
            yield Blocker(
                Condition.SHOP,
                "last_administrator",
                _("Nobody else administers this site."),
                _("Make somebody else an administrator first."),
                url=reverse("wagtailusers_users:index"),
            )


ACCOUNT_BLOCKERS = AccountBlockers()
