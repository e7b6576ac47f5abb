"""People as others may see them: authors, avatars, capabilities, and who a REST client is."""

import base64
import binascii
import colorsys
import zlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any

import idna
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.http import HttpRequest
from django.urls import reverse

from accounts.models import ApplicationPassword, User
from accounts.services import (
    AUTHORS,
    CONTRIBUTORS,
    EDITORS,
    MODERATORS,
    OFFICERS,
    touch,
)
from core.extensions.people import PublicAuthor, Recipient
from core.extensions.personal_data import normalise_address
from core.rest.urls import page_url
from core.tokens import hash_token

HUES = 24


class AccountAuthors:
    """Answers core.extensions.people.PublicAuthors."""

    def get_many(self, user_ids: Iterable[int]) -> Mapping[int, PublicAuthor]:
        wanted = set(user_ids)
        if not wanted:
            return {}
        users = User.objects.filter(pk__in=wanted)
        return {user.pk: public_author(user) for user in users}

    def by_slug(self, slug: str) -> PublicAuthor | None:
        user = User.objects.with_public_posts().filter(public_slug=slug).first()
        return public_author(user) if user else None


def shown_name(user: User) -> str:
    """Return the name by which the site addresses an account."""
    return str(user.public_name)


def public_author(user: User) -> PublicAuthor:
    path = reverse("pages:author", args=[user.public_slug])
    return PublicAuthor(
        id=user.pk,
        name=str(user.public_name),
        slug=user.public_slug,
        description=user.description,
        link=page_url(path),
    )


class AccountRecipients:
    """Answers core.extensions.people.Recipients."""

    def count(self) -> int:
        return reachable().count()

    def after(self, user_id: int, limit: int) -> Sequence[Recipient]:
        return recipients(reachable().filter(pk__gt=user_id).order_by("pk")[:limit])

    def get_many(self, user_ids: Iterable[int]) -> Mapping[int, Recipient]:
        found = recipients(reachable().filter(pk__in=set(user_ids)))
        return {recipient.user_id: recipient for recipient in found}

    def by_email(self, email: str) -> Recipient | None:
        found = User.objects.filter(pk__in=accounts_under(email))
        return next(iter(recipients(found.order_by("-is_active", "pk")[:1])), None)

    def having(self, emails: Iterable[str]) -> Mapping[str, int]:
        wanted = {spelling: email for email in emails for spelling in spellings(email)}
        users = reachable().annotate(lowered=Lower("email")).filter(lowered__in=wanted)
        return {wanted[lowered]: pk for pk, lowered in users.values_list("pk", "lowered")}


def spellings(email: str) -> set[str]:
    """Return how an account's address may be written, in lower case: its domain either way."""
    local, _at, domain = email.strip().lower().rpartition("@")
    with suppress(idna.IDNAError):
        return {f"{local}@{domain}", f"{local}@{idna.encode(domain, uts46=True).decode('ascii')}",
                f"{local}@{idna.decode(domain, uts46=True)}"}  # fmt: skip
    return {f"{local}@{domain}"}


def accounts_under(email: str) -> list[int]:
    """Return the accounts whose address is this one, however either is written."""
    try:
        wanted = normalise_address(email)
    except ValueError:
        return []
    lowered = User.objects.annotate(lowered=Lower("email"))
    found = set(lowered.filter(lowered__in=spellings(wanted)).values_list("pk", flat=True))
    # Signs beyond ASCII have more spellings than can be listed; addresses with them are few.
    wide = User.objects.filter(email__regex=r"[^\x01-\x7f]").values_list("pk", "email")
    found.update(pk for pk, address in wide.iterator() if is_spelling(address, wanted))
    return sorted(found)


def is_spelling(address: str, wanted: str) -> bool:
    try:
        return normalise_address(address) == wanted
    except ValueError:
        return False


def reachable() -> QuerySet[User]:
    return User.objects.filter(is_active=True).exclude(email="")


def recipients(users: QuerySet[User]) -> list[Recipient]:
    # Wagtail keeps the language that a person chose for the admin; nobody else has chosen one.
    rows = users.values_list("pk", "email", "wagtail_userprofile__preferred_language")
    return [Recipient(pk, email, language or "") for pk, email, language in rows]


class MailboxProofs:
    """Answers core.extensions.people.VerifiedAddresses from what allauth has confirmed."""

    def is_verified(self, user_id: int, email: str) -> bool:
        return EmailAddress.objects.filter(
            user_id=user_id, email__iexact=email, verified=True
        ).exists()


class DrawnAvatars:
    """Addresses of pictures that the site draws from a name's first sign: nobody else is asked."""

    def url(self, name: str, *, size: int) -> str:
        return f"{settings.SITE_URL}{avatar_path(hue_of(name), initial_of(name))}?s={size}"


@lru_cache(maxsize=4096)
def avatar_path(hue: int, initial: str) -> str:
    return reverse("avatar", args=[hue, ord(initial)])


def initial_of(name: str) -> str:
    return next((sign.upper()[0] for sign in name if sign.isalnum()), "?")


def hue_of(name: str) -> int:
    # crc32, since hash() differs from process to process.
    return zlib.crc32(name.encode()) % HUES


def avatar_svg(hue: int, initial: str) -> str:
    """Return a square picture of one sign on a quiet colour."""
    red, green, blue = colorsys.hls_to_rgb(hue / HUES, 0.36, 0.34)
    colour = f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"
    sign = {"<": "&lt;", "&": "&amp;", ">": "&gt;"}.get(initial, initial)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" width="96" height="96">'
        f'<rect width="96" height="96" fill="{colour}"/><text x="48" y="50" fill="#fffaf2" '
        'font-family="Georgia, serif" font-size="46" text-anchor="middle" '
        f'dominant-baseline="central">{sign}</text></svg>'
    )


# WordPress's roles; its subscriber is an account in no group. Markup is sanitised whoever wrote it,
# so that unfiltered_html gives nothing away.
CONTRIBUTOR = frozenset({"read", "edit_posts", "delete_posts"})
AUTHOR = CONTRIBUTOR | {
    "upload_files", "publish_posts", "edit_published_posts", "delete_published_posts",
}  # fmt: skip
EDITOR = AUTHOR | {
    "moderate_comments", "manage_categories", "manage_links", "unfiltered_html",
    "edit_others_posts", "edit_private_posts", "read_private_posts", "delete_others_posts",
    "delete_private_posts", "edit_pages", "edit_others_pages", "edit_published_pages",
    "edit_private_pages", "read_private_pages", "publish_pages", "delete_pages",
    "delete_others_pages", "delete_published_pages", "delete_private_pages",
}  # fmt: skip
ROLE_CAPABILITIES: Mapping[str, frozenset[str]] = {
    EDITORS: EDITOR,
    AUTHORS: AUTHOR,
    CONTRIBUTORS: CONTRIBUTOR,
    MODERATORS: frozenset({"read", "moderate_comments"}),
    OFFICERS: frozenset({"read", "export_others_personal_data", "erase_others_personal_data"}),
}
ADMINISTRATOR = frozenset().union(*ROLE_CAPABILITIES.values()) | {
    "manage_options", "list_users", "create_users", "edit_users", "delete_users",
    "promote_users", "remove_users", "import", "export", "edit_dashboard", "manage_privacy_options",
    "edit_theme_options", "activate_plugins",
}  # fmt: skip


class GroupCapabilities:
    """Maps Wagtail's groups to WordPress's capabilities."""

    def of(self, user: Any) -> frozenset[str]:
        if not user.is_authenticated or not user.is_active:
            return frozenset()
        if user.is_superuser:
            return ADMINISTRATOR
        found = frozenset({"read"})
        for name in groups_of(user):
            found |= ROLE_CAPABILITIES.get(name, frozenset())
        return found

    def groups_with(self, capability: str) -> Sequence[int]:
        names = [name for name, given in ROLE_CAPABILITIES.items() if capability in given]
        return list(Group.objects.filter(name__in=names).values_list("pk", flat=True))


def groups_of(user: Any) -> list[str]:
    # Asked several times a request: kept with the user object.
    if not hasattr(user, "_group_names"):
        user._group_names = list(user.groups.values_list("name", flat=True))
    return list(user._group_names)


class ApplicationPasswordAuthenticator:
    """HTTP Basic with an application password. As in WordPress, wrong ones count as none."""

    identifier = "accounts.application-password"

    def authenticate(self, request: HttpRequest) -> User | None:
        kind, _, encoded = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "basic":
            return None
        try:
            name, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        digest = hash_token("".join(password.split()))
        row = (
            ApplicationPassword.objects.select_related("user")
            .filter(password_hash=digest, user__is_active=True)
            .first()
        )
        if row is None or name.lower() not in {row.user.username.lower(), row.user.email.lower()}:
            return None
        touch(row)
        row.user.application_password = row
        return row.user
