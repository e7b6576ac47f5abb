"""Accounts, and how each is shown to the public."""

import uuid
from itertools import chain, count
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import get_random_string
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from core.generations import PAGES, raise_generations


class AccountManager(UserManager["User"]):
    """Makes accounts; sign-in accepts the user name or the address."""

    def with_public_posts(self) -> models.QuerySet["User"]:
        """Return the accounts that have published, whom everybody may know as authors."""
        return self.filter(is_public_author=True)

    def create_superuser(
        self, username: str, email: str | None = None, password: str | None = None, **fields: Any
    ) -> "User":
        """Create the account of who runs the site, whose name in addresses is its user name.

        Who makes it at a shell chooses that name knowingly; others' user names are nobody's
        business. A user name that is a mail address stays private as well.
        """
        if not fields.get("public_slug") and "@" not in username:
            fields["public_slug"] = free_slug(slugify(username)[:60])
        return super().create_superuser(username, email, password, **fields)


class User(AbstractUser):
    """A person who can sign in.

    `public_slug` is what addresses and the REST API show instead of the name used to sign in.
    `preferences` is what WordPress's editor keeps of how somebody likes to work. `meta` holds
    registered custom fields by name, each with its values as text.
    """

    display_name = models.CharField(_("name shown to the public"), max_length=150, blank=True)
    public_slug = models.SlugField(_("public name in addresses"), max_length=80, unique=True)
    description = models.TextField(_("about the author"), blank=True)
    website = models.URLField(_("website"), max_length=200, blank=True)
    nickname = models.CharField(_("nickname"), max_length=150, blank=True)
    preferences = models.JSONField(default=dict, blank=True, editable=False)
    meta = models.JSONField(default=dict, blank=True, editable=False)
    is_public_author = models.BooleanField(
        _("shown as an author"), default=False,
        help_text=_("Set when the account's first post is published."),
    )  # fmt: skip

    # Set when its owner has ended the account: the row stays for what it did, and names nobody.
    cancelled_at = models.DateTimeField(null=True, editable=False)

    objects = AccountManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=~models.Q(email=""),
                name="account_email_unique",
                violation_error_message=_("An account with this address exists already."),
            )
        ]

    def __str__(self) -> str:
        return f"account {self.pk}"

    @property
    def public_name(self) -> str:
        """Return the name that the public sees; never the address."""
        return self.display_name or super().get_full_name() or _("Member")

    def get_full_name(self) -> str:
        """Return the public name as well: without one, Wagtail would show the name to sign in."""
        return str(self.public_name)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.public_slug:
            base = slugify(self.display_name)[:60]
            self.public_slug = (
                f"{base}-{get_random_string(6).lower()}"
                if base
                else (f"member-{get_random_string(10).lower()}")
            )
        super().save(*args, **kwargs)
        if self.is_public_author:
            raise_generations(PAGES)


def free_slug(wanted: str) -> str:
    """Return a slug for an account, or the first free one with a number behind it; "" for none."""
    if not wanted:
        return ""
    taken = set(
        User.objects.filter(public_slug__startswith=wanted).values_list("public_slug", flat=True)
    )
    numbered = (f"{wanted}-{number}" for number in count(2))
    return next(slug for slug in chain([wanted], numbered) if slug not in taken)


class Bracket(models.TextChoices):
    """The ages that the law tells apart. Of an adult who said so at once nothing is kept."""

    UNDER_14 = "under-14", _("Under 14")
    UNDER_18 = "14-to-17", _("14 to 17")
    OF_AGE = "of-age", _("18, and not agreed yet")


class YoungMember(models.Model):
    """That an account's owner is under age, until when, and the guardian who is asked for them.

    `ends_in` is the first day of the month in which the bracket ends, and stands for the whole
    month; no date of birth is kept. Without `agreed_at` a guardian's address is that of somebody
    who was asked at `asked_at`. The hashes are those of the last mail's link and code; empty ones
    say that a mail is due. `locale` is the language in which a guardian is written to.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="young_member"
    )
    bracket = models.CharField(_("age"), max_length=10, choices=Bracket)
    ends_in = models.DateField(_("ends in"), null=True, db_index=True)
    guardian_email = models.EmailField(_("guardian"), blank=True)
    asked_at = models.DateTimeField(null=True)
    agreed_at = models.DateTimeField(_("agreed at"), null=True)
    token_hash = models.CharField(max_length=64, blank=True, db_index=True)
    code_hash = models.CharField(max_length=64, blank=True, db_index=True)
    locale = models.CharField(max_length=16, blank=True)

    class Meta:
        default_permissions = ("view", "change")
        verbose_name = _("member under age")
        verbose_name_plural = _("members under age")

    def __str__(self) -> str:
        return f"age of account {self.user_id}"

    @property
    def is_of_age(self) -> bool:
        return self.bracket == Bracket.OF_AGE

    @property
    def is_child(self) -> bool:
        return self.bracket == Bracket.UNDER_14

    @property
    def is_asked(self) -> bool:
        """Tell whether a guardian was asked and has not answered."""
        return bool(self.guardian_email) and self.agreed_at is None


class ApplicationPassword(models.Model):
    """A password for one program, which its owner can revoke alone.

    Only a hash is stored: the password is random with 143 bits, so that a fast hash is as hard
    to reverse as a slow one and costs REST clients nothing.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="application_passwords"
    )
    uuid = models.UUIDField(default=uuid.uuid4, editable=False, db_index=True)
    app_id = models.CharField(max_length=36, blank=True)
    name = models.CharField(_("name"), max_length=100)
    password_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"application password {self.pk}"


class Unmasking(models.Model):
    """That somebody was shown a row's personal data in clear; the data itself is not here.

    `kind` is the label of the row's model and `key` its number.
    """

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="unmaskings"
    )
    at = models.DateTimeField(_("when"), auto_now_add=True, db_index=True)
    kind = models.CharField(_("what"), max_length=100)
    key = models.CharField(_("number"), max_length=64)

    class Meta:
        default_permissions = ("view",)
        permissions = [("unmask_personal_data", "Can see personal data unmasked")]
        verbose_name = _("sight of unmasked data")
        verbose_name_plural = _("sights of unmasked data")

    def __str__(self) -> str:
        return f"unmasking {self.pk}"
