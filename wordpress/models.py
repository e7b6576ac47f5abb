"""What was brought in from where, so that it comes in once, and what no room has a place for."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Source(models.Model):
    """A site that was imported from; `about` is what its file says of it."""

    url = models.CharField(max_length=255, unique=True)
    about = models.JSONField(default=dict)
    imported_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"source {self.pk}"


class Kind(models.TextChoices):
    """What a record became here."""

    AUTHOR = "author", _("Author")
    TERM = "term", _("Term")
    POST = "post", _("Post")
    PAGE = "page", _("Page")
    IMAGE = "image", _("Image")
    DOCUMENT = "document", _("Document")
    COMMENT = "comment", _("Comment")
    MENU = "menu", _("Menu entry")
    KEPT = "kept", _("Kept as data")


class ImportedRecord(models.Model):
    """One record of a source, and the row that it became.

    `key` is what the source knows it by: a number, for terms taxonomy and slug. `digest` tells
    what was imported, `state` what the row here was like right afterwards: once it differs,
    somebody has changed the row here. `rest` is what the row here has no place for.
    """

    source = models.ForeignKey(Source, models.CASCADE, related_name="records")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    key = models.CharField(max_length=255)
    target_id = models.BigIntegerField()
    digest = models.CharField(max_length=32)
    state = models.CharField(max_length=64)
    rest = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint("source", "kind", "key", name="imported_once"),
        ]
        indexes = [models.Index(fields=["kind", "target_id"], name="imported_target")]

    def __str__(self) -> str:
        return f"{self.kind} {self.target_id}"


class KeptRecord(models.Model):
    """An item or term of a type that no room knows, whole, so that nothing is lost.

    `type` is its post type or taxonomy, `wordpress_id` its number there. `fields` has what a file
    says of it by the names of wordpress.wxr.records, comments and meta included.
    """

    source = models.ForeignKey(Source, models.CASCADE, related_name="kept")
    is_term = models.BooleanField()
    type = models.CharField(max_length=64, db_index=True)
    wordpress_id = models.BigIntegerField()
    fields = models.JSONField()
    kept_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.type} {self.wordpress_id}"


class ImportJob(models.Model):
    """An import that was asked for in the admin, which the worker does.

    `file` is the uploaded file's name in the private store, "" once it is removed. `stage`, `done`
    and `total` tell how far it is; `report` is what the command would print.
    """

    class State(models.TextChoices):
        """How far a job is."""

        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    file = models.CharField(max_length=255)
    title = models.CharField(max_length=255)
    with_media = models.BooleanField()
    media_hosts = models.JSONField(default=list)
    is_dry_run = models.BooleanField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    stage = models.CharField(max_length=20, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    report = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        permissions = [("import_site", _("Can import a WordPress site"))]
        default_permissions = ()

    def __str__(self) -> str:
        return f"import {self.pk}"

    @property
    def has_ended(self) -> bool:
        return self.state in {self.State.DONE, self.State.FAILED}
