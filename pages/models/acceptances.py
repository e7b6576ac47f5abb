"""Who agreed to which version of which policy, and when."""

from django.db import models


class PolicyAcceptance(models.Model):
    """One event: it is only ever added.

    The person is named by a keyed pseudonym of their account, so that the proof outlives the
    account without naming anybody (core.tokens.pseudonym, purpose "acceptance").
    """

    version = models.ForeignKey("pages.PolicyVersion", models.PROTECT, related_name="acceptances")
    subject = models.CharField(max_length=64, db_index=True)
    action = models.CharField(max_length=16)
    locale = models.CharField(max_length=16)
    text_sha256 = models.CharField(max_length=64)
    surface = models.CharField(max_length=40)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.action} of {self.version_id}"
