"""The system check that no field is left without a word in the data inventory."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Warning
from django.db import connections

from privacy.inventory import faults


def check_inventory(**kwargs: Any) -> list[Error]:
    """Every field of every table says what it holds, why, and who exports and erases it."""
    return [
        Error(
            f"The data inventory is not whole: {fault}.",
            hint="Declare it in the app's data_inventory.py; see docs/how-to/declare-data.md.",
            id="privacy.E001",
        )
        for fault in faults()
    ]


def check_ledger_apart(**kwargs: Any) -> list[Error]:
    """The ledger lies in a database of its own: one restore must not take both back."""
    ours, apart = settings.DATABASES["default"], settings.LEDGER_DATABASE
    same = [ours.get(part) or "" for part in WHERE] == [apart.get(part) or "" for part in WHERE]
    if not same:
        return []
    return [
        Error(
            "LEDGER_DATABASE_URL names the site's own database.",
            hint="Give the ledger of erasures a database of its own, with a backup of its own.",
            id="privacy.E002",
        )
    ]


WHERE = ("ENGINE", "NAME", "HOST", "PORT")


def check_replayed(databases: Any = None, **kwargs: Any) -> list[Warning]:
    """Nothing is here that was erased already and came back with a backup.

    A warning, so that `migrate` can bring an older backup into form; it is fatal for a start.
    """
    from privacy.models import LedgerEntry  # checks are registered before models are ready
    from privacy.replay import is_due

    if "default" not in (databases or []):
        return []
    tables = connections["default"].introspection.table_names()
    if LedgerEntry._meta.db_table not in tables or not is_due():
        return []
    return [
        Warning(
            "This database may hold data that was erased: it was restored, or is older than the "
            "ledger of erasures.",
            hint="Run manage.py personal_data replay, which erases it again.",
            id="privacy.W002",
        )
    ]
