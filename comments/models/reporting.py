"""Removals with a stated reason, appeals against them, and reports of illegal content.

After Regulation (EU) 2022/2065 (DSA): article 16 notices, article 17 statements of reasons.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class RemovalGround(models.TextChoices):
    """Why a comment was taken away."""

    CONDUCT = "conduct", _("It breaks the rules of conduct of this site")
    ILLEGAL = "illegal", _("It is against the law")
    PRIVACY = "privacy", _("It shows somebody's personal data")
    OFF_TOPIC = "off-topic", _("It has nothing to do with the subject")
    ADVERTISING = "advertising", _("It is advertising")


class ReportSubject(models.TextChoices):
    """What kind of law a report says is broken.

    Name and address may stay out of a report of abused children only (DSA, article 16(2)(c)).
    """

    CHILD_ABUSE = "child-abuse", _("Sexual abuse of children")
    VIOLENCE = "violence", _("Threats, or calls for violence")
    HATRED = "hatred", _("Hatred against a group of people")
    PERSON = "person", _("Insults or untrue claims about a person")
    PRIVACY = "privacy", _("Private data or pictures of a person")
    COPYRIGHT = "copyright", _("Somebody else's work or trade mark")
    FRAUD = "fraud", _("Fraud or forbidden goods")
    OTHER = "other", _("Another law")


class Removal(models.Model):
    """The statement of reasons for a removal. The author may appeal once, until `appeal_until`.

    `facts` and `rule` are what the author reads. The mail carries a random token and a code for
    typing; their hashes are here.
    """

    comment = models.ForeignKey("comments.VisitorComment", models.CASCADE, related_name="removals")
    ground = models.CharField(max_length=20, choices=RemovalGround.choices)
    rule = models.CharField(max_length=300, blank=True)
    facts = models.CharField(max_length=1000, blank=True)
    was_automatic = models.BooleanField(default=False)
    was_reported = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    told_at = models.DateTimeField(null=True)
    appeal_token_hash = models.CharField(max_length=64, blank=True, db_index=True)
    appeal_code_hash = models.CharField(max_length=64, blank=True, db_index=True)
    appeal_until = models.DateTimeField()

    def __str__(self) -> str:
        return f"removal {self.pk}"


class Appeal(models.Model):
    """The author's one answer to a removal, and what a moderator made of it."""

    removal = models.OneToOneField(Removal, models.CASCADE, related_name="appeal")
    text = models.TextField()
    at = models.DateTimeField(auto_now_add=True)
    was_upheld = models.BooleanField(null=True)
    answer = models.TextField(blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"appeal {self.pk}"


class IllegalContentReport(models.Model):
    """A report that a comment is illegal, by anybody; acknowledged at once, decided by a person.

    `source_hash` is a pseudonym of the network address, which serves the hourly limit for a day.
    """

    comment = models.ForeignKey(
        "comments.VisitorComment", models.SET_NULL, null=True, related_name="reports"
    )
    reference = models.CharField(max_length=20, unique=True)
    about = models.CharField(
        max_length=20, choices=ReportSubject.choices, default=ReportSubject.OTHER
    )
    explanation = models.TextField()
    name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True, db_index=True)
    language = models.CharField(max_length=16)
    source_hash = models.CharField(max_length=64, blank=True, db_index=True)
    received_at = models.DateTimeField(auto_now_add=True)
    acknowledged_at = models.DateTimeField(null=True)
    was_upheld = models.BooleanField(null=True)
    statement = models.TextField(blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"report {self.reference}"
