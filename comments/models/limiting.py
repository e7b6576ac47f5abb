"""What may be done with a comment no more: its author asked that it be kept and not used."""

from django.db import models


class Limitation(models.Model):
    """That a comment is restricted (GDPR, article 18), or teaches nothing (article 21).

    A restricted comment lies in the trash as far as readers can tell, and is neither there for
    moderators nor let go by the clock; `status`, `recheck_at` and `recheck_until` are where it
    stood before. The row stays after a restriction was lifted if its author objected to being
    learnt from.
    """

    comment = models.OneToOneField(
        "comments.VisitorComment", models.CASCADE, related_name="limitation"
    )
    is_restricted = models.BooleanField(default=False)
    is_objected = models.BooleanField(default=False)
    status = models.CharField(max_length=10, blank=True)
    recheck_at = models.DateTimeField(null=True)
    recheck_until = models.DateTimeField(null=True)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"limitation {self.pk}"
