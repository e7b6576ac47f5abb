"""The rule of masked display, and the record of who saw what in clear."""

import re
from collections.abc import Iterable
from ipaddress import ip_address
from typing import Any

from accounts.models import Unmasking, User
from core.extensions.masking import masking

PERMISSION = "accounts.unmask_personal_data"
STARS = "***"
# A number of a telephone shows its first and last digits only if enough stay hidden between.
WHOLE_NUMBER, SHORT_NUMBER = 11, 7


class AccountMasking:
    """Answers core.extensions.masking.Masking."""

    def name(self, value: str) -> str:
        value = value.strip()
        return f"{value[0]}**" if value else ""

    def address(self, value: str) -> str:
        local, at, domain = value.rpartition("@")
        if not at:
            return STARS if value else ""
        return f"{local[:1]}{STARS}@{domain[:1]}{STARS}"

    def phone(self, value: str) -> str:
        digits = re.sub(r"\D", "", value)
        if len(digits) >= WHOLE_NUMBER:
            return f"{digits[:3]}****{digits[-4:]}"
        if len(digits) >= SHORT_NUMBER:
            return f"{digits[:1]}****{digits[-2:]}"
        return "****" if value else ""

    def network(self, value: str) -> str:
        """Show half of an IPv4 address, and of an IPv6 address what a provider has."""
        try:
            parsed = ip_address(value)
        except ValueError:
            return STARS if value else ""
        groups = parsed.exploded.split(":" if parsed.version == 6 else ".")
        if parsed.version == 6:
            return f"{groups[0]}:{groups[1]}:{STARS}"
        return f"{groups[0]}.{groups[1]}.{STARS}"

    def anything(self, value: str) -> str:
        if "@" in value:
            return self.address(value)
        try:
            ip_address(value)
        except ValueError:
            return self.phone(value) if re.fullmatch(r"\+?[\d\s()/-]{7,20}", value) else value
        return self.network(value)

    def may_unmask(self, user: Any) -> bool:
        return bool(user.is_authenticated and user.is_active and user.has_perm(PERMISSION))

    def unmask(self, user: Any, kind: str, keys: Iterable[Any]) -> None:
        if not self.may_unmask(user):
            raise PermissionError(PERMISSION)
        Unmasking.objects.bulk_create([Unmasking(by=user, kind=kind, key=str(key)) for key in keys])


def addresses_for(viewer: Any, users: Iterable[User]) -> dict[int, str]:
    """Return the addresses of accounts, by number, as somebody may see them.

    One's own is shown as it is. Those of others are masked, but for who may unmask: that they are
    shown is put on record first.
    """
    rule, users = masking.get(), list(users)
    others = [user.pk for user in users if user.pk != viewer.pk]
    is_clear = rule.may_unmask(viewer)
    if is_clear:
        rule.unmask(viewer, User._meta.label_lower, others)
    return {
        user.pk: user.email if is_clear or user.pk == viewer.pk else rule.address(user.email)
        for user in users
    }
