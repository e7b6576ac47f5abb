"""One row of numbers for pictures and documents, as WordPress has one for all attachments.

A number is drawn from a table of its own that is always empty: databases count on, and nobody
waits for anybody else's transaction.
"""

from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connections, models, router
from django.db.models import Max


def next_number() -> int:
    """Return a number that no picture and no document has or ever had."""
    number = drawn()
    if any(rows.filter(**{column: number}).exists() for rows, column in numbered()):
        # A fixture brought numbers of its own.
        begin_behind(apps.get_model("media", "LibraryNumber"), highest_number())
        number = drawn()
    return number


def numbered() -> list[tuple[Any, str]]:
    return [(apps.get_model("media", "SiteImage")._base_manager, "pk"),
            (apps.get_model("media", "SiteDocument")._base_manager, "number")]  # fmt: skip


def highest_number() -> int:
    return max(rows.aggregate(highest=Max(column))["highest"] or 0 for rows, column in numbered())


def drawn() -> int:
    row = apps.get_model("media", "LibraryNumber")._base_manager.create()
    number: int = row.pk
    row.delete()
    return number


def begin_behind(model: Any, number: int) -> None:
    """Have the next number drawn lie behind one that is given out already."""
    using = router.db_for_write(model)
    row = model._base_manager.using(using).create(pk=max(1, number))
    with connections[using].cursor() as cursor:
        for statement in connections[using].ops.sequence_reset_sql(no_style(), [model]):
            cursor.execute(statement)
    row.delete()


class NumberedKey(models.BigAutoField):
    """A primary key that is drawn from the row of numbers."""

    def get_pk_value_on_save(self, instance: models.Model) -> int:
        return next_number()


class NumberField(models.BigIntegerField):
    """A number from the row, drawn when the row is first stored."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        if getattr(model_instance, self.attname) is None:
            setattr(model_instance, self.attname, next_number())
        return super().pre_save(model_instance, add)
