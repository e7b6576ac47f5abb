"""Writing accounts: registration, application passwords and groups."""

from collections.abc import Container, Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, Permission
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.text import slugify
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from accounts.errors import (
    AddressTakenError,
    ApplicationPasswordNameError,
    HasWorksError,
    NameTakenError,
    SlugTakenError,
)
from accounts.models import ApplicationPassword, Unmasking, User, free_slug
from core.extensions.acceptance import Person, acceptance_gate
from core.signals import works_reassigned
from core.statements import count_on, wait_row
from core.tokens import hash_token

# 24 signs of 62 are 142.9 bits; shown in groups of four, as WordPress does.
PASSWORD_LENGTH = 24
ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

EDITORS, AUTHORS, CONTRIBUTORS = "Editors", "Authors", "Contributors"
MODERATORS, OFFICERS = "Moderators", "Data officers"
ADMIN_ACCESS = "wagtailadmin.access_admin"
GROUPS: dict[str, tuple[str, ...]] = {
    EDITORS: (
        ADMIN_ACCESS, "pages.add_term", "pages.change_term", "pages.delete_term",
        "pages.add_category", "pages.change_category", "pages.delete_category",
        "pages.add_tag", "pages.change_tag", "pages.delete_tag",
        "pages.add_menuitem", "pages.change_menuitem", "pages.delete_menuitem",
        "pages.add_reusableblock", "pages.change_reusableblock", "pages.delete_reusableblock",
        "cart.add_product", "cart.change_product", "cart.delete_product",
    ),
    AUTHORS: (ADMIN_ACCESS,),
    CONTRIBUTORS: (ADMIN_ACCESS,),
    MODERATORS: (
        ADMIN_ACCESS, "comments.view_visitorcomment", "comments.change_visitorcomment",
        "comments.delete_visitorcomment",
        "comments.view_sanction", "comments.add_sanction", "comments.change_sanction",
        "comments.view_legalhold", "comments.add_legalhold", "comments.change_legalhold",
    ),
    OFFICERS: (
        ADMIN_ACCESS, "privacy.view_datarequest", "privacy.change_datarequest",
        "comments.view_legalhold", "comments.change_legalhold",
        "accounts.unmask_personal_data", "accounts.view_unmasking",
        "accounts.view_youngmember", "accounts.change_youngmember",
        "privacy.view_disclosure", "privacy.add_disclosure", "privacy.change_disclosure",
        "privacy.view_breach", "privacy.add_breach", "privacy.change_breach",
    ),
}  # fmt: skip
EDITOR_PAGES = (
    "add_page",
    "change_page",
    "publish_page",
    "bulk_delete_page",
    "lock_page",
    "unlock_page",
)
# Where posts are written. Who may add there edits their own; pages.models narrows publishing to it.
JOURNAL = {"content_type__app_label": "pages", "content_type__model": "postindexpage"}
JOURNAL_PAGES = {AUTHORS: ("add_page", "publish_page"), CONTRIBUTORS: ("add_page",)}
# Wagtail asks for the permissions of its own models, whichever models stand in for them.
CHOOSE_FILES = ("wagtailimages.choose_image", "wagtaildocs.choose_document")
ADD_FILES = ("wagtailimages.add_image", "wagtaildocs.add_document")
FILES = {
    EDITORS: (*CHOOSE_FILES, *ADD_FILES, "wagtailimages.change_image",
              "wagtaildocs.change_document"),
    AUTHORS: (*CHOOSE_FILES, *ADD_FILES),
    CONTRIBUTORS: CHOOSE_FILES,
}  # fmt: skip


def create_user(
    *,
    username: str,
    email: str,
    password: str,
    display_name: str = "",
    groups: Iterable[str] = (),
    **fields: Any,
) -> User:
    """Create an account in the named groups; raises NameTakenError or AddressTakenError.

    A `public_slug` that is taken gets a number behind it, as in WordPress.
    """
    refuse_taken(username, email)
    if wanted := fields.get("public_slug"):
        fields["public_slug"] = free_slug(wanted)
    user = User(username=username, email=email, display_name=display_name, **fields)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
            user.groups.set(Group.objects.filter(name__in=list(groups)))
    except IntegrityError:
        # Somebody else took the name, the address or the slug since it was asked for.
        refuse_taken(username, email)
        refuse_taken_by_others(user, fields)
        raise
    return user


def refuse_taken(username: str, email: str) -> None:
    """Raise NameTakenError or AddressTakenError where another account has one of these."""
    if User.objects.filter(username__iexact=username).exists():
        raise NameTakenError
    if email and User.objects.filter(email__iexact=email).exists():
        raise AddressTakenError


def update_user(user: User, *, groups: Iterable[str] | None = None, **changes: Any) -> User:
    """Change an account's fields, its password and its groups, all or nothing.

    Raises AddressTakenError or SlugTakenError, and DoesNotExist where it is gone.
    """
    if password := changes.pop("password", ""):
        # Hashed before the row is taken, as it takes long on purpose.
        changes["password"] = make_password(password)
    try:
        with transaction.atomic():
            wait_row(user)
            for name, value in changes.items():
                setattr(user, name, value)
            refuse_taken_by_others(user, changes)
            user.save()
            if groups is not None:
                user.groups.set(Group.objects.filter(name__in=list(groups)))
    except IntegrityError:
        refuse_taken_by_others(user, changes)
        raise
    return user


def refuse_taken_by_others(user: User, changes: Container[str]) -> None:
    """Raise AddressTakenError or SlugTakenError where another account has what was changed."""
    others = User.objects.exclude(pk=user.pk)
    if "email" in changes and user.email and others.filter(email__iexact=user.email).exists():
        raise AddressTakenError
    if "public_slug" in changes and others.filter(public_slug=user.public_slug).exists():
        raise SlugTakenError


def delete_user(user: User, *, heir_id: int) -> None:
    """Delete an account; another one takes over what it made, in one transaction.

    Raises HasWorksError where there is no such account, and DoesNotExist where it is gone.
    """
    if heir_id == user.pk or not User.objects.filter(pk=heir_id).exists():
        raise HasWorksError
    with transaction.atomic():
        wait_row(user)
        works_reassigned.send(User, old_id=user.pk, new_id=heir_id)
        user.delete()


def record_agreement(
    user: User, versions: Sequence[tuple[str, int]], *, locale: str, surface: str
) -> None:
    """Record that a new account agreed to the versions it was offered; raises as the gate does."""
    if versions:
        acceptance_gate.get().record(
            versions, person=Person.of(user), locale=locale, surface=surface
        )


def create_application_password(
    user: User, name: str, *, app_id: str = ""
) -> tuple[ApplicationPassword, str]:
    """Return a new row and its password in WordPress's form, which is shown this once."""
    name = name.strip()
    if not name or len(name) > 100:
        raise ApplicationPasswordNameError
    password = get_random_string(PASSWORD_LENGTH, ALPHABET)
    row = ApplicationPassword.objects.create(
        user=user, name=name, app_id=app_id, password_hash=hash_token(password)
    )
    shown = " ".join(password[i : i + 4] for i in range(0, PASSWORD_LENGTH, 4))
    return row, shown


def rename_application_password(row: ApplicationPassword, name: str) -> None:
    """Give a password another name; raises ApplicationPasswordNameError."""
    row.name = name.strip()
    if not row.name or len(row.name) > 100:
        raise ApplicationPasswordNameError
    row.save(update_fields=["name"])


def revoke_application_passwords(user: User, key: int | None = None) -> int:
    """Delete one password of an account, or all of them; return how many there were."""
    rows = ApplicationPassword.objects.filter(user=user)
    return int((rows if key is None else rows.filter(pk=key)).delete()[0])


def ensure_groups() -> None:
    """Make the groups and give them their permissions. Safe to call twice.

    Permissions of rooms that are not migrated yet are left out and added by a later call.
    """
    for name, labels in GROUPS.items():
        group, _ = Group.objects.get_or_create(name=name)
        for label in labels:
            app, codename = label.split(".")
            found = Permission.objects.filter(content_type__app_label=app, codename=codename)
            group.permissions.add(*found)
    root, collection = Page.objects.filter(depth=1).first(), Collection.get_first_root_node()
    if root is None or collection is None:
        return
    permit_pages(EDITORS, root, EDITOR_PAGES)
    for journal in Page.objects.filter(**JOURNAL):
        open_journal(journal)
    for name, labels in FILES.items():
        group = Group.objects.get(name=name)
        for label in labels:
            app, codename = label.split(".")
            for permission in Permission.objects.filter(
                content_type__app_label=app, codename=codename
            ):
                GroupCollectionPermission.objects.get_or_create(
                    group=group, collection=collection, permission=permission
                )


def open_journal(page: Page) -> None:
    """Let authors and contributors write below a page of posts. Safe to call twice."""
    for name, codenames in JOURNAL_PAGES.items():
        permit_pages(name, page, codenames)


def permit_pages(name: str, page: Page, codenames: Iterable[str]) -> None:
    """Give a group permissions on a page and what is below it; none where it has no such group."""
    group = Group.objects.filter(name=name).first()
    if group is None:
        return
    for permission in Permission.objects.filter(
        content_type__app_label="wagtailcore", codename__in=codenames
    ):
        GroupPagePermission.objects.get_or_create(group=group, page=page, permission=permission)


def mark_as_author(user_id: int) -> None:
    """Show an account to the public as an author, from its first published post on."""
    User.objects.filter(pk=user_id, is_public_author=False).update(is_public_author=True)


def touch(row: ApplicationPassword) -> None:
    """Note that a password was used, at most once a minute."""
    now = timezone.now()
    if row.last_used_at is None or (now - row.last_used_at).total_seconds() > 60:
        ApplicationPassword.objects.filter(pk=row.pk).update(last_used_at=now)


def create_author(
    *, username: str, email: str, display_name: str, first_name: str = "", last_name: str = "",
    number: int | None = None,
) -> User:  # fmt: skip
    """Create an account for somebody who wrote elsewhere: no password opens it.

    Whoever has the mailbox can set one. `number` is the account's own where it is free.
    """
    is_free = number is not None and not User.objects.filter(pk=number).exists()
    slug = slugify(display_name)[:60]
    if User.objects.filter(public_slug=slug).exists():
        slug = ""
    user = User(
        pk=number if is_free else None, username=username, email=email,
        display_name=display_name[:150], first_name=first_name[:150], last_name=last_name[:150],
        public_slug=slug,
    )  # fmt: skip
    user.set_unusable_password()
    user.save(force_insert=True)
    if is_free:
        count_on(User)
    return user


def forget_unmaskings() -> int:
    """Delete the record of who saw what in clear, after its time; return how many. Safe twice."""
    limit = timezone.now() - timedelta(days=settings.ACCOUNTS_UNMASKING_DAYS)
    return int(Unmasking.objects.filter(at__lte=limit).delete()[0])
