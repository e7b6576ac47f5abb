"""Ending an account: the row stays for what it did, and names nobody any more."""

from functools import partial

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.crypto import get_random_string
from wagtail.admin.models import EditingSession, FormState
from wagtail.models import APIToken, PageSubscription
from wagtail.users.models import UserProfile

from accounts.models import ApplicationPassword, User, YoungMember
from core.generations import PAGES, raise_generations

# What the site and the admin keep for whoever signs in, beside the profile.
AROUND: tuple[type[Model], ...] = (
    EmailAddress, ApplicationPassword, APIToken, EditingSession, FormState, PageSubscription,
    YoungMember,
)  # fmt: skip

# What an account shows of a person, beside its address in links (`public_slug`).
PUBLIC_FACE = ("display_name", "nickname", "first_name", "last_name", "description", "website")


@transaction.atomic
def end_account(user_id: int) -> bool:
    """Take name, address, password and rights from an account, for good; tell whether it had any.

    Nobody signs in with it any more, and sessions and programs that are signed in are not: a
    session holds a mark of the password. What was written or decided with the account stays, by
    nobody. Safe to call twice.
    """
    user = User.objects.select_for_update().filter(pk=user_id, cancelled_at=None).first()
    if user is None:
        return False
    forget_around(user)
    unnamed = get_random_string(16).lower()
    user.username = f"cancelled-{unnamed}"
    user.public_slug = f"former-member-{unnamed}"
    user.email = ""
    blank_public_face(user)
    user.preferences = {}
    user.is_active = user.is_staff = user.is_superuser = user.is_public_author = False
    user.last_login = None
    user.cancelled_at = user.date_joined = timezone.now()
    user.set_unusable_password()
    user.save()
    user.groups.clear()
    user.user_permissions.clear()
    raise_generations(PAGES)
    return True


def blank_public_face(user: User) -> bool:
    """Empty what others see of an account; tell whether there was anything."""
    had = any(getattr(user, field) for field in (*PUBLIC_FACE, "meta"))
    for field in PUBLIC_FACE:
        setattr(user, field, "")
    user.meta = {}
    return had


def forget_around(user: User) -> None:
    """Delete what hangs on an account and is nobody else's."""
    for model in AROUND:
        model._base_manager.filter(user=user).delete()
    forget_profile(user)


def forget_profile(user: User) -> None:
    for profile in UserProfile.objects.filter(user=user):
        if profile.avatar:
            transaction.on_commit(partial(profile.avatar.storage.delete, profile.avatar.name))
        profile.delete()


@transaction.atomic
def take_from_view(user_id: int) -> None:
    """Take the public face from an account that cannot end yet. Safe to call twice."""
    user = User.objects.select_for_update().get(pk=user_id)
    if blank_public_face(user):
        user.public_slug = f"member-{get_random_string(10).lower()}"
        user.save()
        raise_generations(PAGES)
    forget_profile(user)
