"""Policies at scale: long texts, many versions, many notices.

Runs inside Django: tests.bench.run calls main() through `manage.py shell` in a data folder of its
own. The policies are made here, the same for the same numbers.
"""

import random
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from time import perf_counter
from typing import Any
from wsgiref.util import setup_testing_defaults

from django.core import mail
from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone
from wagtail.models import Page

from accounts.models import User
from cms.read_cache import ReadCache
from core.generations import PAGES, raise_generations
from pages.clauses import make_clauses
from pages.comparing import compare
from pages.models import HomePage, PolicyPage, PolicyText, PolicyVersion, SiteIdentitySettings
from pages.notice_sending import send_batch
from pages.notices import proof
from pages.publishing import hash_of, hashes_of_texts, text_fields
from pages.services.policies import publish_policy
from tests.bench.harness import row, say

WORDS, CLAUSE_WORDS, SHORT_WORDS = 20_000, 100, 300
DOCUMENTS, FEW, MANY = 10, 10, 1000
PEOPLE = 2000
ROUNDS, CALLS = 5, 20
CHANGED_SHARE = 0.1
BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
Part = dict[str, Any]

SENTENCES = (
    "We keep {thing} for {time} after you last used {part}, and delete it then.",
    "{people} may read {thing} only where the work on {part} needs it.",
    "You can ask us at any time for a copy of {thing} that belongs to {part}.",
    "For {purpose} we store {thing}, together with the moment at which {part} received it.",
    "Where the law asks for it, we hand over {thing} to {people}, and write down that we did.",
    "If you object, {part} goes on without {thing}, as far as {purpose} allows.",
    "The contract about {part} is the legal basis on which we use {thing} for {purpose}.",
    "We never sell {thing}, and {people} have promised us the same in writing.",
    "An answer about {thing} reaches you within 15 days, whether or not {part} was concerned.",
    "Backups hold {thing} for {time}; nobody but {people} can open them.",
)
CHOICES = {
    "thing": ("your address", "the name of your account", "the list of your orders", "each letter",
              "the record of sign-ins", "the number of your invoice", "your chosen language",
              "the text of a comment", "the date of delivery", "the amount you paid"),
    "time": ("30 days", "six months", "two years", "90 days", "one year"),
    "part": ("the shop", "the journal", "the members' area", "the newsletter", "our help desk",
             "the search", "the archive", "the map", "the calendar", "the library"),
    "people": ("our accountants", "the people at the desk", "the company that sends parcels",
               "the firm that runs our servers", "two members of the board", "an auditor"),
    "purpose": ("delivering what you ordered", "answering questions", "keeping the site safe",
                "counting what is read", "mending faults", "writing invoices"),
}  # fmt: skip
TOPICS = ("Keeping", "Handing over", "Reading", "Storing", "Correcting", "Deleting", "Protecting")


def sentence(chance: random.Random) -> str:
    words = chance.choice(SENTENCES).format(
        **{name: chance.choice(values) for name, values in CHOICES.items()}
    )
    return words[0].upper() + words[1:]


def made_part(chance: random.Random, number: int) -> Part:
    """Return a clause of two paragraphs under a heading of its own."""
    topic, part = chance.choice(TOPICS), chance.choice(CHOICES["part"])
    paragraphs: list[list[str]] = [[], []]
    while sum(len(each.split()) for lines in paragraphs for each in lines) < CLAUSE_WORDS - 8:
        min(paragraphs, key=len).append(sentence(chance))
    return {
        "label": f"{number}. ",
        "heading": f"{topic} what {part} knows, part {number}",
        "level": 2,
        "html": "".join(f"<p>{' '.join(lines)}</p>" for lines in paragraphs),
    }


def made_policy(words: int, *, seed: int = 1) -> list[Part]:
    """Return clauses of so many words together, about; the same for the same numbers."""
    chance = random.Random(seed)
    return [made_part(chance, number) for number in range(1, max(1, words // CLAUSE_WORDS) + 1)]


def changed(parts: Sequence[Part], *, seed: int) -> list[Part]:
    """Return the clauses with a tenth of them changed by a sentence, at least one."""
    chance = random.Random(seed)
    result = list(parts)
    for place in chance.sample(range(len(parts)), max(1, round(CHANGED_SHARE * len(parts)))):
        kept = parts[place]["html"].rpartition("<p>")[0]
        html = f"{kept}<p>{sentence(chance)} {sentence(chance)}</p>"
        result[place] = {**parts[place], "html": html}
    return result


def made_history(parent: Page, number: int, *, words: int = SHORT_WORDS) -> PolicyPage:
    """Publish the first version of a policy, as one that was in force long ago."""
    page, _version = publish_policy(
        parent=parent,
        kind="other",
        title=f"Policy number {number}",
        clauses=made_policy(words, seed=number),
        summary="The first text.",
        effective_at=BEGINNING,
        is_recorded_later=True,
    )
    return page


@transaction.atomic
def lengthen(page: PolicyPage, count: int) -> None:
    """Add frozen versions, one a day, until a policy has so many; its chain stays whole."""
    newest = PolicyVersion.objects.filter(page_id=page.pk).order_by("-number").first()
    assert newest is not None
    document, parts = newest.document, newest.authoritative_text.clauses
    versions, texts = [], []
    former, former_texts = newest, hashes_of_texts(newest)
    for number in range(newest.number + 1, count + 1):
        parts = changed(parts, seed=number)
        fields = text_fields(page, make_clauses(parts))
        moment = BEGINNING + timedelta(days=number - 1)
        version = PolicyVersion(
            **values_of(newest)
            | {
                "number": number,
                "revision_id": newest.revision_id + number * 1_000_000,
                "effective_at": moment,
                "holds_from": moment,
                "previous_sha256": former.sha256,
            }
        )
        version.sha256 = hash_of(version, document, fields["sha256"], former_texts)
        versions.append(version)
        texts.append(
            PolicyText(version=version, locale=page.locale.language_code, is_authoritative=True,
                       **fields)
        )  # fmt: skip
        former, former_texts = version, {page.locale.language_code: fields["sha256"]}
    PolicyVersion.objects.bulk_create(versions, batch_size=200)
    for text in texts:
        text.version_id = text.version.pk
    PolicyText.objects.bulk_create(texts, batch_size=200)
    raise_generations(PAGES)


def values_of(version: PolicyVersion) -> dict[str, Any]:
    fields = [field for field in PolicyVersion._meta.concrete_fields if not field.primary_key]
    return {field.attname: getattr(version, field.attname) for field in fields}


# Measuring


@dataclass(frozen=True)
class Timing:
    """How long an address takes, in seconds, and how many queries."""

    seconds: float
    queries: int


def seconds_of(call: Callable[[], object], *, times: int = CALLS) -> float:
    """Return the median time of a warm call: the best of several, as other load only adds."""
    call()
    return min(median(timed(call) for _ in range(times)) for _ in range(ROUNDS))


def timed(call: Callable[[], object]) -> float:
    start = perf_counter()
    call()
    return perf_counter() - start


def get(path: str, client: Client) -> None:
    answer = client.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path} answered {answer.status_code}.")


def timing_of(path: str) -> Timing:
    # One client: each begins with making all the middleware anew.
    client = Client(SERVER_NAME="127.0.0.1")
    seconds = seconds_of(lambda: get(path, client))
    with CaptureQueriesContext(connection) as captured:
        get(path, client)
    return Timing(seconds, len(captured))


def measure_histories(home: Page) -> None:
    """Compare what answers take with few versions and with many, of as many documents."""
    pages = [made_history(home, number) for number in range(1, DOCUMENTS + 1)]
    for page in pages:
        lengthen(page, FEW)
    base = "/wp-json/candour/v1/policies"
    slug = pages[0].slug
    paths = {
        "list of policies": base,
        "list of versions, 10": f"{base}/{slug}/versions",
        "in force now": f"{base}/{slug}/in-force",
        "in force at a moment": f"{base}/{slug}/in-force?at=2020-01-05T00:00:00Z",
        "policy page": pages[0].get_url(),
    }
    few = {name: timing_of(path) for name, path in paths.items()}
    for page in pages:
        lengthen(page, MANY)
    say(f"{DOCUMENTS} policies of {FEW} and of {MANY:,} versions each, uncached; ms (queries)")
    for name, path in paths.items():
        many, former = timing_of(path), few[name]
        shown = [f"{each.seconds * 1000:.1f} ({each.queries})" for each in (former, many)]
        row(name, " ".join(shown), f"{many.seconds / former.seconds:.2f} <= 1.5")


def measure_long_text(home: Page) -> None:
    """Publish and compare a long text, and read its page from the cache."""

    def publish(parts: Sequence[Part]) -> PolicyPage:
        return publish_policy(parent=home, kind="privacy", title="Long policy", clauses=parts,
                              summary="A tenth of it changed.")[0]  # fmt: skip

    texts = [made_policy(WORDS)]
    page = publish(texts[0])
    times = []
    for seed in range(1, 4):
        texts.append(changed(texts[-1], seed=seed))
        times.append(timed(lambda: publish(texts[-1])))
    say(f"A policy of {WORDS:,} words, a tenth of its {len(texts[0])} clauses changed; seconds")
    row("publish", f"{median(times):.2f}", "<= 2")
    before, after = (make_clauses(parts) for parts in texts[-2:])
    row("compare()", f"{seconds_of(lambda: compare(before, after)):.3f}", "<= 0.5")
    path = f"{page.get_url()}compare/{len(texts) - 1}...{len(texts)}/"
    row("comparison page, uncached", f"{timing_of(path).seconds:.3f}", "<= 0.5")
    row("policy page, uncached", f"{timing_of(page.get_url()).seconds:.3f}")
    cached = ReadCache(get_wsgi_application())
    long, other = (
        seconds_of(lambda path=path: list(answer_of(cached, path)), times=500)
        for path in (page.get_url(), home.get_url())
    )
    row("policy page, cached, against the home page, cached", f"{long / other:.2f}", "about 1")


def answer_of(application: ReadCache, path: str) -> Iterator[bytes]:
    environ = {"PATH_INFO": path, "HTTP_HOST": "127.0.0.1", "HTTP_ACCEPT_ENCODING": "br"}
    setup_testing_defaults(environ)
    yield from application(environ, lambda *started: None)


def measure_notices(home: Page) -> None:
    """Tell people of two changes: once for the rate, once for the memory."""
    User.objects.bulk_create(
        User(username=f"p{n}", email=f"p{n}@example.org", public_slug=f"p{n}")
        for n in range(PEOPLE)
    )
    rate = PEOPLE / timed(lambda: tell(home, "Terms one"))
    tracemalloc.start()
    kept, peaks = tell(home, "Terms two")
    tracemalloc.stop()
    say(f"{PEOPLE:,} notices, mails kept in memory and dropped after each batch")
    row("notices a second", f"{rate:.0f}")
    row("KiB kept after the first batch, after the last", f"{kept[0]} {kept[-1]}", "constant")
    row("KiB at most in the first batch, in the last", f"{peaks[0]} {peaks[-1]}", "constant")


def tell(home: Page, title: str) -> tuple[list[int], list[int]]:
    """Publish a change, tell everybody, and return the memory that each batch kept and needed."""
    _page, version = publish_policy(
        parent=home, kind="terms", title=title, clauses=made_policy(SHORT_WORDS),
        summary="Somebody else receives data.", material=["recipients"],
        effective_at=timezone.now() + timedelta(days=40),
    )  # fmt: skip
    assert version is not None
    kept, peaks, is_more = [], [], True
    while is_more:
        if tracemalloc.is_tracing():
            tracemalloc.reset_peak()
        is_more = send_batch()
        mail.outbox.clear()
        now, peak = tracemalloc.get_traced_memory()
        kept.append(now // 1024)
        peaks.append(peak // 1024)
    told = proof(version.notice_campaign)
    if told != {"sent": PEOPLE}:
        raise SystemExit(f"Not everybody was told: {told}")
    return kept, peaks


def main() -> None:
    home = HomePage.objects.get(locale__language_code="en")
    entity = SiteIdentitySettings.load()
    entity.legal_name, entity.contact_email = "Benchmark Ltd", "hello@example.org"
    entity.save()
    measure_histories(home)
    measure_long_text(home)
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        measure_notices(home)
