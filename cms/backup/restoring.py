"""Bringing a backup back: everything is checked before anything is touched."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import caches
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.backup import databases
from cms.backup.errors import (
    DamagedError,
    NoBackupError,
    NotEmptyError,
    OtherEngineError,
    RunningError,
)
from cms.backup.manifest import Manifest, copy, faults, read
from cms.backup.taking import files_below, stored_folders
from cms.models import WorkerHeartbeat
from cms.worker import DEAD_AFTER
from pages.models import HomePage
from privacy import ledger


class Restoring:
    """One restore; `run` yields the number of files as it goes.

    A crash at any moment leaves the site as it was, or whole as it is in the backup, with files
    too many but none missing: run it again. The ledger of erasures is no part of it, and is told
    first, so that the site does not start before they are replayed. Raises BackupErrors, before
    which nothing was changed. At the end `removed` counts the files that the backup does not know,
    and `warnings` says what the operator should look at.
    """

    def __init__(self, folder: Path, *, replaces: bool) -> None:
        self.folder = folder.resolve()
        self.replaces = replaces
        self.manifest: Manifest = read(self.folder)
        self.removed = 0
        self.warnings: list[tuple[str, str]] = []

    def run(self) -> Iterator[int]:
        self.check()
        self.look_at_ledger()
        ledger.note_restore(timezone.now())
        data = self.folder / self.manifest.data
        number = 0
        for kind, stored in stored_folders().items():
            for member in self.manifest.below(kind):
                target = stored / member.path.partition("/")[2]
                copy(data / member.path, target)
                target.chmod(0o600 if stored == Path(settings.PRIVATE_ROOT) else 0o644)
                number += 1
                yield number
        databases.load(data / databases.FILES[connection.vendor])
        self.remove_unknown_files()
        forget_what_was_remembered()

    def check(self) -> None:
        """Raise what speaks against this restore; it changes nothing."""
        if self.manifest.engine != connection.vendor:
            raise OtherEngineError
        dumped = databases.FILES[connection.vendor]
        if dumped not in {each.path for each in self.manifest.members}:
            raise NoBackupError
        databases.check_tools()
        Path(settings.DATA_DIR).mkdir(parents=True, exist_ok=True)
        if is_running():
            raise RunningError
        if not self.replaces and holds_a_site():
            raise NotEmptyError
        if damaged := list(faults(self.manifest, self.folder)):
            raise DamagedError(files=damaged)

    def look_at_ledger(self) -> None:
        if self.manifest.privacy_key != ledger.key_id():
            self.warnings.append((
                "other_privacy_key",
                _("The backup was taken under another PRIVACY_KEY: bring that key back before the "
                  "replay, or nobody is found by a pseudonym."),
            ))  # fmt: skip
        if not ledger.read():
            self.warnings.append((
                "ledger_empty",
                _("The ledger knows of no erasure. If this site has made any, bring back the "
                  "ledger's own backup before the replay."),
            ))  # fmt: skip

    def remove_unknown_files(self) -> None:
        for kind, stored in stored_folders().items():
            known = {each.path.partition("/")[2] for each in self.manifest.below(kind)}
            for path in files_below(stored):
                if path.relative_to(stored).as_posix() not in known:
                    path.unlink()
                    self.removed += 1


def is_running() -> bool:
    """Tell whether a worker has been seen lately; web server and worker run and stop together."""
    if not has_table(WorkerHeartbeat):
        return False
    return WorkerHeartbeat.objects.filter(seen_at__gt=timezone.now() - DEAD_AFTER).exists()


def holds_a_site() -> bool:
    """Tell whether there is anything here that a restore would take away."""
    rows = any(
        has_table(model) and model._default_manager.exists()
        for model in (get_user_model(), HomePage)
    )
    return rows or any(next(files_below(folder), None) for folder in stored_folders().values())


def has_table(model) -> bool:  # type: ignore[no-untyped-def]
    return model._meta.db_table in connection.introspection.table_names()


def forget_what_was_remembered() -> None:
    """Let nothing answer from what was there before: caches, stamps, workers' signs of life."""
    for alias in settings.CACHES:
        caches[alias].clear()
    (Path(settings.DATA_DIR) / "stamps" / "migrations").unlink(missing_ok=True)
    if has_table(WorkerHeartbeat):
        WorkerHeartbeat.objects.all().delete()
