"""Every recording of WordPress beside Candour's answer; what differs is listed with a reason."""

import json
import re
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.api.conformance.asking import Asker, records
from tests.api.conformance.comparing import NEVER, Difference, compare
from tests.api.conformance.content import Maker, restart_numbers

pytestmark = [pytest.mark.django_db, pytest.mark.samples]
LISTED = Path(__file__).with_name("differences.json")
# How many differences each record has that nobody has mended or given a reason for yet.
OPEN = Path(__file__).with_name("open.json")


@pytest.fixture
def asker(home, visitor, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.SITE_URL = "http://example.test"
    settings.ALLOWED_HOSTS = ["example.test"]
    # WordPress lets every origin in; here the site names them.
    settings.CORS_ALLOWED_ORIGINS = ["http://other.example.test"]
    settings.COMMENTS_FLOOD_SECONDS = 0
    restart_numbers()
    return Asker(visitor, Maker(home).make())


def differences_of(asker, samples):
    for name, record in records(samples):
        ours = asker.ask(name, record)
        theirs = {**record, "body": record.get("endpoints", record.get("body"))}
        if name.startswith("comments-form"):
            # These are pages of another look: what a client goes by is the status.
            ours |= {"headers": {}, "body": None}
            theirs |= {"headers": {}, "body": None}
        yield from compare(name, ours, theirs)


def is_named(entry: dict[str, str], found: Difference) -> bool:
    return all(
        re.fullmatch(entry[name], getattr(found, name)) for name in ("record", "kind", "path")
    )


def test_every_recording_is_answered_alike_or_its_difference_is_listed(asker, samples, capsys):
    listed = json.loads(LISTED.read_text("utf-8"))
    count: Counter[int] = Counter()
    unlisted: Counter[str] = Counter()
    shown = []
    for found in differences_of(asker, samples):
        position = next((i for i, entry in enumerate(listed) if is_named(entry, found)), None)
        if position is None:
            unlisted[found.record] += 1
            shown.append(str(found))
        else:
            count[position] += 1
    with capsys.disabled():
        total = f"{sum(count.values())} listed and {unlisted.total()} open differences"
        sys.stdout.write(f" {total} from WordPress ")
    wanted = json.loads(OPEN.read_text("utf-8"))
    more = [
        words for words in shown if unlisted[words.split()[0]] > wanted.get(words.split()[0], 0)
    ]
    assert more == []
    assert dict(unlisted) == wanted, "the numbers may only fall: write down those that fell"
    grown = [
        f"{entry['reason']} now {count[i]}, listed {entry['count']}"
        for i, entry in enumerate(listed)
        if count[i] != entry["count"]
    ]
    assert grown == [], "the numbers may only fall: write down those that fell"


def test_no_listed_difference_is_a_status_a_code_a_header_or_a_key(samples):
    for entry in json.loads(LISTED.read_text("utf-8")):
        assert entry["reason"].endswith(".")
        assert entry["kind"] not in NEVER
