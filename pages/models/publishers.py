"""Who published a version of a policy, for as long as that has to be known."""

import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone


def make_pseudonym() -> str:
    """Return a random name, which tells nothing once its row is gone."""
    return secrets.token_hex(16)


class PolicyPublisher(models.Model):
    """The account behind the pseudonym in a version's `published_by`.

    Versions are frozen; these rows are not: they go when they expire (pages.tasks) or with the
    account, and then the version names nobody any more.
    """

    pseudonym = models.CharField(max_length=64, unique=True, default=make_pseudonym)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return self.pseudonym
