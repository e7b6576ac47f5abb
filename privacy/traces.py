"""Finding every trace of a word in every store: the proof, or disproof, of an erasure."""

import base64
import gzip
import json
import logging
import quopri
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from django.conf import settings
from django.core.cache import caches
from django.core.files.storage import Storage, storages
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from privacy import ledger

CHUNK_BYTES = 1 << 20
QUEUE_TABLES = ("django_tasks_database_",)
NOT_DATA = ("static", "secrets", "stamps")
# How a file begins that gzip packed, as rotated logs are.
GZIP = b"\x1f\x8b"


@dataclass(frozen=True)
class Trace:
    """Where a word was found, and how often: rows in a database column, places in a file."""

    store: str
    place: str
    count: int


class Needle:
    """A word in the forms in which stores keep it: plain, JSON, URL, quoted-printable, base64.

    All but base64 are looked for without regard to case.
    """

    def __init__(self, word: str) -> None:
        raw = word.encode()
        escaped = json.dumps(word)[1:-1].encode()
        plain = {raw, escaped, quote(word, safe="").encode(), quopri.encodestring(raw)}
        # json.dumps twice: a JSON text inside another, as in a queue row.
        plain.add(json.dumps(json.dumps(word)[1:-1])[1:-1].encode())
        self.word = word
        self.escaped = escaped.decode()
        self.plain = {lowered(form) for form in plain}
        # What precedes a word shifts its base64 by one of three; the outer letters vary.
        self.encoded = {
            form
            for shift in range(3)
            if len(form := base64.b64encode(b"\0" * shift + raw)[shift and shift + 1 : -4]) >= 8
        }
        self.longest = max(map(len, self.plain | self.encoded))

    def count_in(self, data: bytes) -> int:
        low = lowered(data)
        hits = max(low.count(form) for form in self.plain)
        return hits or sum(data.count(form) for form in self.encoded)


def lowered(data: bytes) -> bytes:
    try:
        return data.decode().lower().encode()
    except UnicodeDecodeError:
        return data.lower()


def find_traces(words: Iterable[str], *, folders: Iterable[Path] = ()) -> Iterator[Trace]:
    """Yield every place in every store, and in the extra folders, that holds one of the words.

    It reads everything and changes nothing: database rows and the bytes of SQLite's files, the
    ledger, search indexes, uploads, private files with the members of archives, caches, queue,
    mail folder and logs. What lies in the memory of other processes cannot be looked at.
    """
    needles = [Needle(word) for word in words if word]
    yield from in_database(connection, needles)
    yield from in_search_indexes(needles)
    with ledger.opened() as apart:
        yield from in_database(apart, needles, store="ledger")
    for alias, store in (("default", "uploads"), ("private", "private")):
        yield from in_storage(storages[alias], store, needles)
    yield from in_caches(needles)
    seen: set[Path] = {Path(settings.MEDIA_ROOT).resolve(), Path(settings.PRIVATE_ROOT).resolve()}
    mails = getattr(settings, "EMAIL_FILE_PATH", None)
    if mails:
        yield from in_folder(Path(mails), "outbox", needles, skipped=seen)
        seen.add(Path(mails).resolve())
    seen |= {Path(settings.DATA_DIR).resolve() / name for name in NOT_DATA}
    logs = log_files()
    for path in logs:
        with path.open("rb") as opened:
            yield from in_file(opened, "logs", str(path), needles)
    seen |= logs
    yield from in_folder(Path(settings.DATA_DIR), "files", needles, skipped=seen)
    for folder in folders:
        yield from in_folder(folder, "path", needles, skipped=set())


def log_files() -> set[Path]:
    """Return the files that the running logging writes, with what it rotated, and those that lie in
    the data folder and are named as logs."""
    loggers = [logging.root, *map(logging.getLogger, list(logging.root.manager.loggerDict))]
    names = {getattr(handler, "baseFilename", "") for each in loggers for handler in each.handlers}
    found = {
        path for name in names if name for path in Path(name).parent.glob(f"{Path(name).name}*")
    }
    found.update(Path(settings.DATA_DIR).glob("*.log*"))
    return {path.resolve() for path in found if path.is_file()}


def in_database(
    where: BaseDatabaseWrapper, needles: list[Needle], store: str = "database"
) -> Iterator[Trace]:
    with where.cursor() as cursor:
        for table in where.introspection.table_names(cursor):
            columns = where.introspection.get_table_description(cursor, table)
            for column in columns:
                query = query_for(where, table, column.name)
                count = sum(rows_with(cursor, query, needle) for needle in needles)
                if count:
                    is_queue = table.startswith(QUEUE_TABLES)
                    yield Trace("queue" if is_queue else store, f"{table}.{column.name}", count)


def query_for(where: BaseDatabaseWrapper, table: str, column: str) -> str:
    name = where.ops.quote_name
    # Both sides are lowered by the database, so that they agree on what lower case is.
    test = f"LOWER(CAST({name(column)} AS TEXT)) LIKE LOWER(%s) ESCAPE '!'"
    return f"SELECT COUNT(*) FROM {name(table)} WHERE {test} OR {test}"  # noqa: S608


def rows_with(cursor: Any, query: str, needle: Needle) -> int:
    cursor.execute(query, [like(needle.word), like(needle.escaped)])
    return int(cursor.fetchone()[0])


def like(word: str) -> str:
    for sign in "!%_":
        word = word.replace(sign, f"!{sign}")
    return f"%{word}%"


def in_search_indexes(needles: list[Needle]) -> Iterator[Trace]:
    """Ask SQLite's full-text indexes for their vocabulary, which a search of bytes can miss."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' "
            "AND sql LIKE 'CREATE VIRTUAL TABLE%%USING fts5%%'"
        )
        for (index,) in cursor.fetchall():
            cursor.execute("DROP TABLE IF EXISTS temp.candour_vocabulary")
            cursor.execute(
                "CREATE VIRTUAL TABLE temp.candour_vocabulary USING fts5vocab('main', "
                f"{connection.ops.quote_name(index)}, 'row')"
            )
            count = 0
            for needle in needles:
                cursor.execute(
                    "SELECT COUNT(*) FROM temp.candour_vocabulary WHERE term = LOWER(%s)",
                    [needle.word],
                )
                count += int(cursor.fetchone()[0])
            cursor.execute("DROP TABLE temp.candour_vocabulary")
            if count:
                yield Trace("search", index, count)


def in_storage(
    storage: Storage, store: str, needles: list[Needle], at: str = ""
) -> Iterator[Trace]:
    try:
        folders, files = storage.listdir(at)
    except FileNotFoundError:
        return
    for file in files:
        name = f"{at}/{file}" if at else file
        with storage.open(name) as opened:
            yield from in_file(opened, store, name, needles)
    for folder in folders:
        yield from in_storage(storage, store, needles, f"{at}/{folder}" if at else folder)


def in_caches(needles: list[Needle]) -> Iterator[Trace]:
    """Look into the caches: Redis as a whole, and this process's own memory."""
    counts: Counter[str] = Counter()
    if settings.CACHE_URL:
        import redis  # an option of the deployment, loaded where it is used

        client = redis.Redis.from_url(settings.CACHE_URL)
        for key in client.scan_iter():
            value = client.get(key) if client.type(key) == b"string" else client.dump(key)
            held = key + (value or b"")
            counts["redis"] += sum(needle.count_in(held) for needle in needles)
    else:
        for alias in settings.CACHES:
            for key, value in getattr(caches[alias], "_cache", {}).items():
                counts[alias] += sum(needle.count_in(key.encode() + value) for needle in needles)
    yield from (Trace("cache", place, count) for place, count in counts.items() if count)


def in_folder(
    folder: Path, store: str, needles: list[Needle], *, skipped: set[Path]
) -> Iterator[Trace]:
    for path in sorted(folder.rglob("*")):
        if skipped.intersection([path.resolve(), *path.resolve().parents]) or not path.is_file():
            continue
        with path.open("rb") as opened:
            yield from in_file(opened, store, str(path.relative_to(folder)), needles)


def in_file(file: IO[bytes] | Any, store: str, name: str, needles: list[Needle]) -> Iterator[Trace]:
    count = sum(needle.count_in(name.encode()) for needle in needles)
    count += count_in_stream(file, needles)
    if count:
        yield Trace(store, name, count)
    file.seek(0)
    if file.read(2) == GZIP:
        file.seek(0)
        with suppress(OSError, EOFError), gzip.open(file) as unpacked:
            if count := count_in_stream(unpacked, needles):
                yield Trace(store, f"{name}!", count)
        return
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as packed:
            for member in packed.namelist():
                with packed.open(member) as opened:
                    count = count_in_stream(opened, needles)
                if count:
                    yield Trace(store, f"{name}!{member}", count)


def count_in_stream(file: Any, needles: list[Needle]) -> int:
    """Count in chunks that overlap by less than a word, so that none is missed or counted twice."""
    overlap = max((needle.longest for needle in needles), default=1) - 1
    count, tail = 0, b""
    while chunk := file.read(CHUNK_BYTES):
        window = tail + chunk
        count += sum(needle.count_in(window) - needle.count_in(tail) for needle in needles)
        tail = window[-overlap:] if overlap else b""
    return count
