"""Rows whose change makes cached pages stale."""

from typing import Any

from django.db import models, transaction

from core.generations import PAGES, raise_generations


class Tracked(models.Model):
    """A row that public pages show: writing it raises their generation in one transaction."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            super().save(*args, **kwargs)
            raise_generations(PAGES)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        with transaction.atomic():
            raise_generations(PAGES)
            return super().delete(*args, **kwargs)
