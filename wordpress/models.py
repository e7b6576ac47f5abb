"""What was brought in from where, so that it comes in once, and what no room has a place for."""

from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.generations import PAGES, raise_generations
from wordpress.authors import clean_login, key_of
from wordpress.kept_columns import columns, status_before_trash


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
    BLOCK = "block", _("Reusable block")
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

    `source` is where it was imported from, None for what was written here (wordpress.services).
    `type` is its post type or taxonomy, `wordpress_id` its number there. `fields` has what a file
    says of it by the names of wordpress.wxr.records, comments and meta included. `number` is what
    it is known by here: that of the former site where it is free among items, or among terms. All
    others are what lists ask for: an import reads them from `fields` (`read_fields`), a write
    changes both alike. Of what was written here (`written_at`), the author and the picture are
    these columns alone.
    """

    source = models.ForeignKey(Source, models.CASCADE, related_name="kept", null=True)
    is_term = models.BooleanField()
    type = models.CharField(max_length=64, db_index=True)
    wordpress_id = models.BigIntegerField()
    fields = models.JSONField()
    kept_at = models.DateTimeField(auto_now_add=True)
    number = models.BigIntegerField()
    title = models.TextField(blank=True)
    slug = models.CharField(max_length=255, blank=True)
    status = models.CharField(max_length=20, blank=True)
    published_at = models.DateTimeField()
    modified_at = models.DateTimeField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    parent = models.BigIntegerField(default=0)
    menu_order = models.BigIntegerField(default=0)
    is_protected = models.BooleanField(default=False)
    status_before_trash = models.CharField(max_length=20, blank=True)
    image = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    written_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint("is_term", "number", name="kept_number")]
        indexes = [
            models.Index(fields=["type", "status", "published_at"], name="kept_list"),
            models.Index(fields=["type", "slug"], name="kept_slug"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.wordpress_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            if not self.number:
                self.number = self.free_number()
            super().save(*args, **kwargs)
            filings = {(each["taxonomy"], unquote(each["slug"]))
                       for each in self.fields.get("filings", ())}  # fmt: skip
            self.filings.all().delete()
            KeptFiling.objects.bulk_create(
                KeptFiling(record=self, taxonomy=taxonomy[:64], slug=slug[:255])
                for taxonomy, slug in sorted(filings)
            )
            raise_generations(PAGES)

    def read_fields(self) -> None:
        """Fill the columns from `fields`, as they came from a file."""
        for name, value in columns(self.fields, self.kept_at or timezone.now()).items():
            setattr(self, name, value)
        self.status_before_trash = status_before_trash(self.fields)
        self.author_id = self.account_of_author()

    def account_of_author(self) -> int | None:
        """Return the account that its author has become here."""
        login = self.fields.get("creator")
        accounts = ImportedRecord.objects.filter(
            source=self.source_id, kind=Kind.AUTHOR, key=key_of(clean_login(str(login)))
        )
        key = accounts.values_list("target_id", flat=True).first() if login else None
        return key if get_user_model().objects.filter(pk=key).exists() else None

    def free_number(self) -> int:
        """Return the number of the former site, or the next one where it is taken."""
        beside = KeptRecord.objects.filter(is_term=self.is_term)
        if self.wordpress_id > 0 and not beside.filter(number=self.wordpress_id).exists():
            return self.wordpress_id
        return (beside.aggregate(models.Max("number"))["number__max"] or 0) + 1


class KeptFiling(models.Model):
    """That a kept item is filed under a term, by the names that both have in their source."""

    record = models.ForeignKey(KeptRecord, models.CASCADE, related_name="filings")
    taxonomy = models.CharField(max_length=64)
    slug = models.CharField(max_length=255)

    class Meta:
        indexes = [models.Index(fields=["taxonomy", "slug"], name="kept_filing")]

    def __str__(self) -> str:
        return f"{self.taxonomy} of {self.record_id}"


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
