"""Erasures that are killed and run again: python -m tests.privacy.killing KILLS SEED.

Works on the SQLite file that DATABASE_URL names, which a test has filled; it plants a person there,
and then, over and over on a copy, forks a process that erases them and kills it with SIGKILL: half
of the times before a statement, at places spread over all of them, else at a random moment. It
prints, as JSON, how often a process was killed, and the end states that differ from that of an
erasure which nobody killed.
"""

import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import django

SPELLINGS = ("nora@b\u00fccher.example", "Nora@B\u00dcCHER.example", "nora@xn--bcher-kva.example")
WORD = "canaryword"
# What differs from run to run, and tells nothing of what was erased.
VARIES = {
    "privacy_datarequest": {"touched_at", "completed_at", "scrub", "uid"},
    "privacy_ledgerentry": {"request_uid", "at"},
    "privacy_planstep": {"id"},
    "comments_localmodel": {"version", "trained_at", "needs_rebuild"},
}
COMPARED = ("comments_", "django_comment", "privacy_", "core_generation")
MOST_KILLS_A_RUN = 3


def plant(target_id: int, own: int) -> int:
    """Write a person's comments among others', with all that hangs on them; return the request."""
    from django.core.files.base import ContentFile
    from django.core.files.storage import storages
    from django.utils import timezone

    from comments.models import (
        DiscussionSettings,
        EarlierText,
        Flag,
        Follower,
        Lesson,
        LocalModel,
        ModerationAct,
        OutgoingCopy,
        Reaction,
        ScreeningRecord,
        Status,
        VisitorComment,
    )
    from comments.services import NewComment, submit_comment
    from privacy import services
    from privacy.models import DataRequest, ExportFile, Kind, State

    discussion = DiscussionSettings.load()
    discussion.comment_previously_approved = False
    discussion.save()
    choose = random.Random(own)
    LocalModel.objects.create(lessons=2)
    written: list[VisitorComment] = []
    for number in range(own * 3 // 2):
        is_own = number % 3 != 2
        parent = choose.choice(written[-20:]) if written and choose.random() < 0.6 else None
        email = SPELLINGS[number % 3] if is_own else f"other{number}@example.org"
        comment = submit_comment(
            NewComment(
                target_id=target_id, parent_id=parent.pk if parent else 0,
                text=f"{WORD if is_own else 'other'} {number}", author_email=email,
                author_name=f"{WORD}name" if is_own else "Other",
                user_agent=f"{WORD}agent/1" if is_own else "agent/1",
                ip_address=f"198.51.{number // 250}.{number % 250 + 1}",
            )
        )  # fmt: skip
        if number % 5 == 4:
            VisitorComment.objects.filter(pk=comment.pk).update(status=Status.HOLD)
        else:
            written.append(comment)
        if is_own:
            EarlierText.objects.create(comment=comment, text=f"{WORD} before")
            ScreeningRecord.objects.create(comment=comment, source=WORD, outcome="hold")
            OutgoingCopy.objects.create(comment=comment, processor="Akismet", purpose=WORD)
            ModerationAct.objects.create(
                comment=comment,
                batch=UUID(int=number),
                note=WORD,
                old_status="hold",
                new_status="approved",
            )
            Flag.objects.create(comment=comment, reason="spam", voter=f"v{number}")
            Reaction.objects.create(comment=comment, kind="like", voter=f"v{number}")
            Lesson.objects.create(comment_id=comment.pk, features=b"f", is_spam=False)  # fmt: skip
        if number % 40 == 0:
            Follower.objects.create(
                target_id=target_id, email=SPELLINGS[0], language="en", comment=comment
            )
    now = timezone.now()
    earlier = services.new_request(Kind.EXPORT, SPELLINGS[2], "en")
    earlier.state, earlier.confirmed_at, earlier.completed_at = State.COMPLETE, now, now
    earlier.save()
    name = storages["private"].save("exports/nora.zip", ContentFile(WORD.encode()))
    ExportFile.objects.create(
        request=earlier, name=name, sha256="0", size=1, expires_at=now + timedelta(days=1)
    )
    request = services.new_request(Kind.ERASURE, SPELLINGS[2], "en")
    request.state, request.confirmed_at = State.CONFIRMED, now
    request.save()
    return int(DataRequest.objects.get(pk=request.pk).pk)


def erase(request_id: int) -> None:
    from comments.tasks import keep_to_retention
    from privacy import services

    services.run_request(request_id)
    services.send_outcome(request_id)
    # The clock makes up for a task that a crash behind a commit has lost.
    keep_to_retention.call()


class Statements:
    """Counts the statements of this process, and kills it before the one that is named."""

    def __init__(self, last: int | None = None) -> None:
        self.last, self.count = last, 0

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        self.count += 1
        if self.count == self.last:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*arguments)


def begun(request_id: int, last: int | None = None) -> int:
    """Begin to erase in a process of its own; return its number."""
    child = os.fork()
    if child == 0:
        from django.db import connection

        code = 1
        try:
            with connection.execute_wrapper(Statements(last)):
                erase(request_id)
            code = 0
        finally:
            os._exit(code)
    return child


def was_killed(child: int, after: float | None = None) -> bool:
    """Wait for a process, which is killed after some seconds where they are given."""
    if after is not None:
        time.sleep(after)
        # It is there until it is waited for.
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status) and os.WEXITSTATUS(status):
        raise SystemExit("The erasure failed by itself.")
    return os.WIFSIGNALED(status)


def end_state(database: Path) -> dict[str, Any]:
    """Return every row that an erasure may touch, the ledger, the files, and the words left."""
    import sqlite3
    from contextlib import closing

    from django.conf import settings

    found: dict[str, Any] = {}
    with closing(sqlite3.connect(database)) as opened:
        tables = [name for (name,) in opened.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        ) if name.startswith(COMPARED)]  # fmt: skip
        for table in tables:
            cursor = opened.execute(f"SELECT * FROM {table}")
            names = [column[0] for column in cursor.description]
            kept = [at for at, name in enumerate(names) if name not in VARIES.get(table, ())]
            found[table] = sorted(repr([row[at] for at in kept]) for row in cursor)
    found.pop("core_generation")
    with closing(sqlite3.connect(settings.LEDGER_DATABASE["NAME"])) as opened:
        found["ledger"] = opened.execute("SELECT subject FROM candour_erasures").fetchall()
    private = Path(settings.PRIVATE_ROOT)
    found["files"] = sorted(str(path.relative_to(private)) for path in private.rglob("*.zip"))
    files = [database, database.with_name(f"{database.name}-wal")]
    found["bytes"] = sum(file.read_bytes().count(WORD.encode()) for file in files if file.exists())
    return found


class Copies:
    """The files of a site, put back before each run."""

    def __init__(self, *places: Path) -> None:
        self.places = places
        for place in places:
            self.copy(place, self.kept(place))

    def kept(self, place: Path) -> Path:
        return place.with_name(f"{place.name}.kept")

    def copy(self, source: Path, target: Path) -> None:
        if target.is_dir():
            shutil.rmtree(target)
        target.unlink(missing_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        elif source.exists():
            shutil.copy2(source, target)

    def put_back(self) -> None:
        for place in self.places:
            for more in ("-wal", "-shm"):
                place.with_name(place.name + more).unlink(missing_ok=True)
            self.copy(self.kept(place), place)


def main(kills: int, seed: int, own: int) -> None:
    from django.conf import settings
    from django.db import connection

    from pages.models import PostPage

    request_id = plant(PostPage.objects.get().pk, own)
    connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database = Path(connection.settings_dict["NAME"])
    connection.close()
    copies = Copies(database, Path(settings.LEDGER_DATABASE["NAME"]), Path(settings.PRIVATE_ROOT))
    counted = Statements()
    with connection.execute_wrapper(counted):
        erase(request_id)
    connection.close()
    wanted = end_state(database)
    differing: list[dict[str, Any]] = []

    def compare(how: str) -> None:
        found = end_state(database)
        if places := [name for name in wanted if found.get(name) != wanted[name]]:
            differing.append({"run": how, "places": places})

    copies.put_back()
    began = time.monotonic()
    was_killed(begun(request_id))
    lasts = time.monotonic() - began
    for _ in range(1 + kills // 20):
        copies.put_back()
        for child in [begun(request_id), begun(request_id)]:
            was_killed(child)
        compare("two at once")
    choose, killed, runs = random.Random(seed), 0, 0
    while killed < kills:
        runs += 1
        copies.put_back()
        if runs % 2:
            # Every place comes in its turn, the first and the last ones too.
            last = 1 + (killed * counted.count // kills + choose.randrange(3)) % counted.count
            killed += was_killed(begun(request_id, last))
            how = f"before statement {last} of {counted.count}"
        else:
            after = choose.random() * lasts
            killed += was_killed(begun(request_id), after)
            how = f"after {after:.3f} of {lasts:.3f} s"
        for _ in range(choose.randrange(MOST_KILLS_A_RUN)):
            killed += was_killed(begun(request_id), choose.random() * lasts)
        was_killed(begun(request_id))
        compare(f"killed {how}")
    sys.stdout.write(json.dumps({
        "kills": killed, "runs": runs, "statements": counted.count, "seconds": round(lasts, 2),
        "differing": differing, "bytes": wanted["bytes"], "files": wanted["files"],
    }))  # fmt: skip


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.test")
    django.setup()
    main(*map(int, sys.argv[1:]))
