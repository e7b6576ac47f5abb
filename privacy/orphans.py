"""Personal data that a switched-off app left behind: remembered at migration, refused at start."""

from typing import Any

from django.apps import apps
from django.core.checks import Warning
from django.db import connections, router

from core.extensions.data_inventory import Provider
from privacy.inventory import personal_fields


def record_tables(using: str, **kwargs: Any) -> None:
    """Write down which tables hold personal data now; forget those that are gone. After migrate."""
    from privacy.models import PersonalTable  # also sent while models are being migrated

    if not router.allow_migrate_model(using, PersonalTable):
        return
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    if PersonalTable._meta.db_table not in tables:
        return
    found: dict[str, PersonalTable] = {}
    for each in personal_fields():
        meta = each.model._meta
        if meta.db_table not in tables:
            continue
        row = found.setdefault(
            meta.db_table, PersonalTable(table=meta.db_table, app_label=meta.app_label)
        )
        for answer in (each.use.exported, each.use.erased):
            if isinstance(answer, Provider) and answer.identifier not in row.providers:
                row.providers.append(answer.identifier)
    rows = PersonalTable.objects.using(using)
    installed = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    rows.filter(table__in=installed - found.keys()).delete()
    rows.exclude(table__in=tables).delete()
    for row in found.values():
        row.save(using=using)


def check_orphans(databases: Any = None, **kwargs: Any) -> list[Warning]:
    """No table holds personal data of an app that is not installed any more.

    A warning, so that `migrate` can go on; a start takes every finding about the database as fatal.
    """
    from privacy.models import PersonalTable  # checks are registered before models are ready

    errors = []
    for alias in databases or []:
        connection = connections[alias]
        tables = set(connection.introspection.table_names())
        if PersonalTable._meta.db_table not in tables:
            continue
        installed = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
        left = PersonalTable.objects.using(alias).exclude(table__in=installed).order_by("table")
        for row in left.filter(table__in=tables):
            with connection.cursor() as cursor:
                name = connection.ops.quote_name(row.table)
                cursor.execute(f"SELECT 1 FROM {name} LIMIT 1")  # noqa: S608  a recorded name
                is_empty = cursor.fetchone() is None
            if not is_empty:
                errors.append(
                    Warning(
                        f"The table {row.table} holds personal data of {row.app_label}, which is "
                        "switched off: nobody would export or erase it.",
                        hint=f"Put {row.app_label} back into INSTALLED_APPS, or remove its data: "
                        f"put it back, run manage.py migrate {row.app_label} zero, and take it "
                        "out again.",
                        id="privacy.W001",
                    )
                )
    return errors
