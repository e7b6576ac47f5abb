"""Accounts, and how each is shown to the public."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A person who can sign in.

    `public_slug` is what addresses and the REST API show instead of the name used to sign in.
    """

    display_name = models.CharField(_("name shown to the public"), max_length=150, blank=True)
    public_slug = models.SlugField(_("public name in addresses"), max_length=80, unique=True)
    description = models.TextField(_("about the author"), blank=True)

    def __str__(self) -> str:
        return f"account {self.pk}"
