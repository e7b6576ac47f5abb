"""Why a backup is not taken, or not brought back."""

from django.utils.translation import gettext_lazy as _

from core.errors import CMSError


class BackupError(CMSError):
    """The base: nothing was changed. `is_usage` tells that another call would have worked."""

    code = "backup_error"
    is_usage = False


class FolderTakenError(BackupError):
    """A backup must not lie among other things, which the next one would have to spare."""

    code = "folder_taken"
    message = _("This folder holds other things. Name one that is empty, absent, or a backup.")
    is_usage = True


class FolderInsideError(BackupError):
    """A backup among the files that it copies would hold itself."""

    code = "folder_inside"
    message = _("This folder lies among the site's own files. Name one outside of them.")
    is_usage = True


class NoBackupError(BackupError):
    """There is no whole backup: a half-written one has no manifest."""

    code = "no_backup"
    message = _("This folder holds no whole backup. Name one that manage.py backup has finished.")
    is_usage = True


class OtherEngineError(BackupError):
    """The backup is of another kind of database than the site's."""

    code = "other_engine"
    message = _("The backup is of another database. Set DATABASE_URL to one of the same kind.")
    is_usage = True


class NotEmptyError(BackupError):
    """There is a site here already."""

    code = "not_empty"
    message = _(
        "This site has content: a restore would replace all of it. Add --replace if that is meant."
    )
    is_usage = True


class RunningError(BackupError):
    """A worker has been seen lately."""

    code = "running"
    message = _("The site is running. Stop it, wait half a minute if it was killed, and try again.")
    is_usage = True


class DamagedError(BackupError):
    """Files of the backup are missing or differ from what was written."""

    code = "damaged"
    message = _("The backup is damaged: files are missing or changed. Nothing was touched.")


class ToolMissingError(BackupError):
    """PostgreSQL's own programs are not there."""

    code = "tool_missing"
    message = _(
        "PostgreSQL's programs pg_dump and psql are not on PATH. Install the client package of "
        "the server's version, such as postgresql-client."
    )


class DatabaseFailedError(BackupError):
    """The database or its program refused."""

    code = "database_failed"
    message = _("The database refused. Its own words are above.")
