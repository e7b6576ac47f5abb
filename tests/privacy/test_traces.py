import base64
import gzip
import logging
import quopri
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django_tasks import task

from privacy import ledger, services
from privacy.models import Kind
from privacy.traces import find_traces
from tests.privacy.conftest import NORA

WORD = "Kanarienvogel7"


@task()
def takes(word: str) -> None:
    pass


def stores_holding(*words: str, **options) -> dict[str, int]:
    found: dict[str, int] = {}
    for trace in find_traces(words or [WORD], **options):
        found[trace.store] = found.get(trace.store, 0) + trace.count
    return found


@pytest.fixture(autouse=True)
def own_folders(settings, tmp_path: Path):
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    settings.EMAIL_FILE_PATH = settings.DATA_DIR / "mail"
    settings.EMAIL_FILE_PATH.mkdir()
    yield settings.DATA_DIR
    cache.clear()


@pytest.mark.django_db
def test_nothing_is_found_where_nothing_is():
    assert stores_holding() == {}


@pytest.mark.django_db
def test_database_is_searched_in_every_table_and_in_json():
    request = services.new_request(Kind.EXPORT, NORA, "en")
    request.reasons = [f"x {WORD.upper()} y", "金丝雀"]
    request.save()

    assert stores_holding() == {"database": 1}
    assert stores_holding("金丝雀") == {"database": 1}
    assert stores_holding("nora.lind@") == {"database": 1}
    # The signs that LIKE knows are ordinary signs here.
    assert stores_holding("nora_lind@") == {}


@pytest.mark.django_db
def test_queue_is_searched(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    takes.enqueue(WORD)

    assert stores_holding() == {"queue": 1}


@pytest.mark.django_db
def test_private_files_are_searched_into_the_members_of_a_zip(tmp_path):
    packed = tmp_path / "packed.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", f"{WORD} " * 100)
    storages["private"].save("exports/some.zip", ContentFile(packed.read_bytes()))

    traces = list(find_traces([WORD]))

    assert [trace.store for trace in traces] == ["private"]
    assert traces[0].place.endswith("!data.json")


@pytest.mark.django_db
def test_cache_is_searched():
    cache.set("greeting", {"to": WORD})

    assert stores_holding() == {"cache": 1}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "form",
    [
        WORD.encode(),
        WORD.upper().encode(),
        base64.b64encode(b"Hello " + WORD.encode() + b" and others"),
        base64.b64encode(b"Hello" + WORD.encode() + b" and others"),
        base64.b64encode(b"Hell" + WORD.encode() + b" and others"),
        quopri.encodestring(WORD.encode()),
    ],
)
def test_mails_are_searched_in_the_forms_that_mails_have(own_folders, form):
    (own_folders / "mail" / "1.log").write_bytes(b"Subject: x\n\n" + form)

    assert stores_holding() == {"outbox": 1}


@pytest.mark.django_db
def test_address_is_found_as_a_url_writes_it(own_folders):
    (own_folders / "access.log").write_text("GET /?email=nora.lind%40example.org HTTP/1.1\n")

    assert stores_holding(NORA) == {"logs": 1}


@pytest.mark.django_db
def test_logs_are_searched_wherever_the_running_logging_writes_them(tmp_path):
    folder = tmp_path / "var" / "log"
    folder.mkdir(parents=True)
    handler = logging.FileHandler(folder / "site.log")
    logger = logging.getLogger("tests.sweep")
    logger.addHandler(handler)
    try:
        logger.error("about %s", WORD)
        with gzip.open(folder / "site.log.1.gz", "wb") as rotated:
            rotated.write(f"earlier about {WORD}".encode())
        found = {Path(trace.place).name for trace in find_traces([WORD])}
    finally:
        logger.removeHandler(handler)
        handler.close()

    assert found == {"site.log", "site.log.1.gz!"}


@pytest.mark.django_db
def test_uploads_and_other_files_of_the_data_folder_are_searched(own_folders, settings):
    settings.MEDIA_ROOT = own_folders / "uploads"
    default_storage.save("documents/letter.txt", ContentFile(f"Dear {WORD}".encode()))
    (own_folders / "left.tmp").write_text(WORD)

    assert stores_holding() == {"uploads": 1, "files": 1}


@pytest.mark.django_db
def test_name_of_a_file_is_searched(own_folders):
    (own_folders / f"{WORD}.bin").write_bytes(b"")

    assert stores_holding() == {"files": 1}


@pytest.mark.django_db
def test_ledger_is_searched_in_a_database_of_its_own(settings, tmp_path):
    settings.LEDGER_DATABASE = settings.LEDGER_DATABASE | {"NAME": tmp_path / "apart.sqlite3"}
    now = datetime.now(UTC)
    ledger.record([ledger.Erasure(uuid4(), WORD.lower(), "k", now, now.date())])

    assert stores_holding() == {"ledger": 1}


@pytest.mark.django_db
def test_another_folder_is_searched_and_a_word_across_chunks_is_counted_once(tmp_path):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "big.log").write_bytes(b"." * ((1 << 20) - 5) + WORD.encode() + b"." * 100)

    assert stores_holding(folders=[folder]) == {"path": 1}
