"""Rows that the database itself refuses to change: triggers on SQLite and PostgreSQL.

SQLite loses triggers silently when a later migration remakes a table, so a receiver of
post_migrate restores what is missing, and a check says when something is.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.checks import CheckMessage, Warning
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.operations.base import Operation

# Table -> its unique keys beside the primary key, which REPLACE INTO would overwrite.
FROZEN: Mapping[str, Sequence[Sequence[str]]] = {
    "pages_policydocument": [("translation_key",), ("slug",)],
    "pages_policyversion": [("document_id", "number"), ("page_id", "revision_id")],
    "pages_policytext": [("version_id", "locale")],
    "pages_policyacceptance": [],
    "pages_acceptanceseal": [("number",)],
    "pages_sealedcommitment": [("commitment",), ("seal_id", "position")],
    "pages_acceptanceremoval": [("commitment",)],
}
# Rows of these tables may go when another says why, and never change: table -> where it is said.
REMOVABLE = {"pages_policyacceptance": ("pages_acceptanceremoval", "commitment")}


def guards_of(table: str, vendor: str) -> dict[str, str]:
    """Return the statements that freeze a table, by the name of the trigger each makes.

    They are worded as the databases tell them afterwards, so that a guard can be recognised.
    """
    if vendor == "sqlite":
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is frozen'); END"
        keys = [("id",), *FROZEN[table]]
        same = " OR ".join(
            "(" + " AND ".join(f"{column} = NEW.{column}" for column in key) + ")" for key in keys
        )
        # REPLACE INTO removes the former row without firing a delete trigger.
        replaced = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608  our own names
        moments = {
            "no_update": f"BEFORE UPDATE ON {table}",
            "no_delete": f"BEFORE DELETE ON {table}",
            "no_replace": f"BEFORE INSERT ON {table} {replaced}",
        }
        if table in REMOVABLE:
            record, key = REMOVABLE[table]
            said = f"SELECT 1 FROM {record} WHERE {key} = OLD.{key}"  # noqa: S608  our own names
            moments["no_delete"] += f" WHEN NOT EXISTS ({said})"
        return {
            f"{table}_{name}": f"CREATE TRIGGER {table}_{name} {moment} {refuse}"
            for name, moment in moments.items()
        }
    what, removals = "DELETE OR UPDATE", {}
    if table in REMOVABLE:
        what = "UPDATE"
        removals = {
            f"{table}_no_delete": (
                f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW "
                f"EXECUTE FUNCTION candour_refuse_removal('{REMOVABLE[table][0]}')"
            )
        }
    return removals | {
        f"{table}_no_change": (
            f"CREATE TRIGGER {table}_no_change BEFORE {what} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION candour_refuse_change()"
        ),
        f"{table}_no_truncate": (
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION candour_refuse_change()"
        ),
    }


POSTGRES_FUNCTIONS = """
CREATE OR REPLACE FUNCTION candour_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is frozen', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE OR REPLACE FUNCTION candour_refuse_removal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE is_said boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I WHERE commitment = $1)', TG_ARGV[0])
        INTO is_said USING OLD.commitment;
    IF is_said THEN RETURN OLD; END IF;
    RAISE EXCEPTION '% is frozen', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""


def working_guards(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Return the triggers that are in place and switched on, with the statement of each."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute(
                "SELECT tgname, pg_get_triggerdef(oid, true) FROM pg_trigger "
                "WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
            )
        return dict(cursor.fetchall())


def missing_guards(connection: BaseDatabaseWrapper, table: str) -> dict[str, str]:
    """Return the statements of a table's guards that are absent, switched off or others."""
    wanted = guards_of(table, connection.vendor)
    return dict(wanted.items() - working_guards(connection).items())


def freeze(connection: BaseDatabaseWrapper) -> None:
    """Create the guards that are missing on tables that exist. Safe to call twice."""
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRES_FUNCTIONS)
        for table in tables & set(FROZEN):
            if tables.issuperset(REMOVABLE.get(table, ())[:1]):
                for name, statement in missing_guards(connection, table).items():
                    cursor.execute(drop_statement(table, name, connection.vendor))
                    cursor.execute(statement)


def thaw(connection: BaseDatabaseWrapper) -> None:
    """Drop the guards, as a migration of the tables or a test's flush needs it."""
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in tables & set(FROZEN):
            for name in guards_of(table, connection.vendor):
                cursor.execute(drop_statement(table, name, connection.vendor))


def drop_statement(table: str, name: str, vendor: str) -> str:
    on = f" ON {table}" if vendor == "postgresql" else ""
    return f"DROP TRIGGER IF EXISTS {name}{on}"


class FreezeRows(Operation):
    """A migration operation that freezes the tables of policy versions."""

    reversible = True

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Triggers are not part of Django's state."""

    def database_forwards(self, app_label: str, editor: Any, before: Any, after: Any) -> None:
        freeze(editor.connection)

    def database_backwards(self, app_label: str, editor: Any, before: Any, after: Any) -> None:
        thaw(editor.connection)

    def describe(self) -> str:
        return "Freeze the rows of policy versions and texts"


def restore_guards(sender: Any, using: str, **kwargs: Any) -> None:
    """Receiver of post_migrate, which flush sends as well, then without apps."""
    freeze(connections[using])


def check_guards(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Warn of missing guards: an error would stop migrate, the very command that mends them."""
    messages: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        tables = set(connection.introspection.table_names())
        for table in sorted(tables & set(FROZEN)):
            if missing := missing_guards(connection, table):
                messages.append(
                    Warning(
                        f"The rows of {table} can be changed: {', '.join(sorted(missing))} is "
                        "missing or switched off.",
                        hint="Run manage.py migrate, which restores it.",
                        id="pages.W001",
                    )
                )
    return messages
