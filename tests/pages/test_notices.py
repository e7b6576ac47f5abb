"""Notices of policy changes: everybody once, through crashes and refusals, and what comes back."""

import hashlib
import hmac
import json
import logging
import re
import threading
import urllib.parse
from collections import Counter
from datetime import timedelta
from io import StringIO
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.users.models import UserProfile

from accounts.models import User
from accounts.people import AccountRecipients
from core.extensions.people import Recipient, notice_recipients
from core.extensions.personal_data import Subject, personal_data_providers
from core.tokens import pseudonym
from pages import notice_sending
from pages.models import DeliveryState, NoticeCampaign, NoticeDelivery, PolicyAcceptance
from pages.notice_sending import CLAIM_LASTS, MOST_ATTEMPTS, send_batch
from pages.notices import (
    mark_shown,
    pending_for,
    preview,
    proof,
    record_bounce,
    start_campaign,
    who_is_told,
)
from pages.services.policies import publish_policy
from pages.tasks import send_notices

pytestmark = pytest.mark.django_db
BOUNCES = "/wp-json/candour/v1/policies/bounces"
SECRET = "a key that the mail system knows"


class CrashError(BaseException):
    """The process dies here: nobody catches it, as nobody catches a power cut."""


class MailServer(EmailBackend):
    """A mail server that refuses, hangs up or lets the process die at the mails it is told."""

    answers: dict[int, BaseException] = {}
    before: dict[int, BaseException] = {}
    refuses_to_open: bool = False
    tried = 0
    opened = 0
    was_in_transaction = False

    @classmethod
    def reset(cls):
        cls.answers, cls.before = {}, {}
        cls.tried, cls.opened = 0, 0
        cls.refuses_to_open = cls.was_in_transaction = False

    def open(self):
        if self.refuses_to_open:
            raise ConnectionRefusedError
        type(self).opened += 1

    def send_messages(self, messages):
        type(self).tried += 1
        type(self).was_in_transaction |= connection.in_atomic_block
        if error := self.before.pop(self.tried, None):
            raise error
        super().send_messages(messages)
        if error := self.answers.pop(self.tried, None):
            raise error


@pytest.fixture(autouse=True)
def mail_server(settings):
    settings.EMAIL_BACKEND = f"{__name__}.MailServer"
    MailServer.reset()
    return MailServer


@pytest.fixture
def people(home):
    """Make so many accounts; their addresses are p0@example.org and so on."""

    def make(count):
        return User.objects.bulk_create(
            User(username=f"p{n}", email=f"p{n}@example.org", public_slug=f"p{n}")
            for n in range(count)
        )

    return make


@pytest.fixture
def publish(home):
    def publish(text="Words.", **fields):
        values = {"kind": "privacy", "title": "Privacy policy", "summary": "We keep more."}
        clauses = [{"heading": "1. First", "level": 2, "html": f"<p>{text}</p>"}]
        return publish_policy(parent=home, clauses=clauses, **{**values, **fields})[1]

    return publish


@pytest.fixture
def change(publish):
    """Publish a material change and begin to tell people of it."""

    def change(**fields):
        publish("Old words.")
        values = {"material": ["recipients"], "effective_at": timezone.now() + timedelta(days=30)}
        version = publish("New words.", **{**values, **fields})
        return start_campaign(version)

    return change


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(notice_sending, "BATCH", 4)


def send_all():
    while send_batch():
        pass


def html_of(message):
    ((content, kind),) = message.alternatives
    assert kind == "text/html"
    return content


def addresses():
    return Counter(address for message in mail.outbox for address in message.to)


def everybody():
    return Counter(User.objects.exclude(email="").values_list("email", flat=True))


def later(**duration):
    return time_machine.travel(timezone.now() + timedelta(**duration), tick=False)


# Who is told


@pytest.mark.parametrize(
    ("fields", "tells"),
    [
        ({"material": ["rights"]}, True),
        ({"reduces_rights": True}, True),
        ({}, False),
        ({"material": ["rights"], "is_recorded_later": True}, False),
    ],
)
def test_only_a_material_change_tells_people(publish, people, fields, tells):
    people(1)

    campaign = start_campaign(publish(**fields))

    assert (campaign is not None) == tells
    assert NoticeCampaign.objects.exists() == tells


def test_correction_tells_nobody(publish, people):
    publish("We keep your adress.", material=["rights"])

    corrected = publish("We keep your address.", is_correction=True)

    assert corrected.number == 2
    assert start_campaign(corrected) is None


def test_publishing_begins_the_campaign_itself(publish, people):
    people(2)

    version = publish(reduces_rights=True)

    assert NoticeCampaign.objects.get(version=version).total == 2


def test_publishing_that_is_undone_tells_nobody(
    publish, people, django_capture_on_commit_callbacks
):
    people(1)

    with django_capture_on_commit_callbacks(execute=True) as callbacks, transaction.atomic():
        start_campaign(publish(reduces_rights=True))
        transaction.set_rollback(True)

    assert callbacks == []
    assert mail.outbox == []
    assert not NoticeCampaign.objects.exists()


def test_committed_publishing_sends_by_itself(people, publish, django_capture_on_commit_callbacks):
    people(3)

    with django_capture_on_commit_callbacks(execute=True):
        start_campaign(publish(reduces_rights=True))

    assert addresses() == everybody()


def test_preview_says_who_how_and_when(publish, people):
    people(3)
    User.objects.filter(username="p0").update(is_active=False)
    User.objects.filter(username="p1").update(email="")
    version = publish(reduces_rights=True)

    found = preview(version, timezone.now() + timedelta(days=30, hours=1))

    assert who_is_told() == (found.count, 0) == (1, 0)
    assert found.who == "1 person with an account and a mail address is told."
    assert "30 days before" in found.when
    assert any("mail" in sentence for sentence in found.how)
    assert preview(publish("A small one.")) is None


def test_accounts_are_walked_by_their_numbers(people):
    first, second, third = people(3)
    found = AccountRecipients()

    assert [person.user_id for person in found.after(0, 2)] == [first.pk, second.pk]
    assert [person.user_id for person in found.after(second.pk, 2)] == [third.pk]
    assert found.by_email("P0@Example.org") == Recipient(first.pk, "p0@example.org")
    assert found.by_email("nobody@example.org") is None


# The mail


def test_mail_says_what_when_and_where(change, people, settings):
    settings.FRONTEND_URL = "https://front.example"
    people(1)
    campaign = change()

    send_all()

    message = mail.outbox[0]
    assert message.subject == "A change of “Privacy policy”"
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    assert "We keep more." in message.body
    assert "- who receives personal data" in message.body
    assert f"{campaign.version.effective_at:%B %Y}" in message.body
    assert "https://front.example/privacy-policy/versions/2/" in message.body
    assert "https://front.example/privacy-policy/compare/1...2/" in message.body
    assert "p0" not in message.body


def test_links_of_the_mail_lead_somewhere(change, people, client):
    people(1)
    change()

    send_all()

    links = [word for word in mail.outbox[0].body.split() if word.startswith("http")]
    assert len(links) == 3
    for link in links:
        assert client.get(urllib.parse.urlsplit(link).path).status_code == 200
    assert set(links) == set(re.findall(r'href="(http[^"]+)"', html_of(mail.outbox[0])))


def test_mail_to_look_at_says_what_the_text_says_and_loads_nothing(change, people):
    people(1)
    change()

    send_all()

    html = html_of(mail.outbox[0])
    assert "We keep more." in html
    assert "<li>who receives personal data</li>" in html
    assert not re.search(r"<(img|link|script|iframe)|url\(|@import", html)
    assert "List-Unsubscribe" not in mail.outbox[0].extra_headers


def test_mail_keeps_what_an_editor_wrote_from_becoming_markup(publish, people):
    people(1)
    start_campaign(publish(reduces_rights=True, summary="We keep <b>more</b> & longer."))

    send_all()

    assert "We keep <b>more</b> & longer." in mail.outbox[0].body
    assert "We keep &lt;b&gt;more&lt;/b&gt; &amp; longer." in html_of(mail.outbox[0])


def test_mail_of_a_version_that_asks_says_where_to_answer(publish, people, client):
    people(1)
    start_campaign(publish(reduces_rights=True, acceptance="acknowledgement"))

    send_all()

    assert "http://127.0.0.1:8000/agreements/" in mail.outbox[0].body
    assert ">Answer or decline</a>" in html_of(mail.outbox[0])


def test_first_version_is_compared_with_nothing(publish, people):
    people(1)
    start_campaign(publish(reduces_rights=True))

    send_all()

    assert "compare" not in mail.outbox[0].body


def test_mail_comes_in_the_language_chosen_then_agreed_then_the_sites(
    chinese_home, publish, change, people
):
    chosen, agreed, neither = people(3)
    UserProfile.objects.create(user=chosen, preferred_language="zh-hans")
    former = publish("Former.", title="Terms", kind="terms")
    for locale in ("en", "zh-hans"):
        PolicyAcceptance.objects.create(
            version=former, subject=pseudonym("acceptance", str(agreed.pk)), action="accept",
            locale=locale, text_sha256="", surface="sign-up",
        )  # fmt: skip

    assert notice_sending.languages_of(AccountRecipients().after(0, 9)) == {
        chosen.pk: "zh-hans", agreed.pk: "zh-hans", neither.pk: "en",
    }  # fmt: skip
    change()
    send_all()
    assert ["no text in your language" in message.body for message in mail.outbox][2] is False


# Everybody once


def test_everybody_gets_one_mail_and_the_rows_prove_it(change, people, small_batches):
    people(11)
    campaign = change()

    send_all()

    assert addresses() == everybody()
    assert proof(campaign) == {"sent": 11}
    campaign.refresh_from_db()
    assert campaign.finished_at is not None
    assert campaign.total == 11


def test_telling_again_reaches_nobody_twice(change, people, small_batches):
    people(5)
    campaign = change()
    send_all()

    start_campaign(campaign.version)
    NoticeCampaign.objects.update(cursor=0, queued_at=None, finished_at=None)
    send_all()

    assert addresses() == everybody()


def test_task_goes_on_until_everybody_is_told(change, people, small_batches):
    people(9)
    change()

    send_notices.enqueue()

    assert addresses() == everybody()


def test_clock_takes_up_what_was_left(settings):
    assert "pages.tasks.send_notices" in settings.PERIODIC_TASKS


@pytest.mark.parametrize("at", range(1, 12))
def test_crash_before_a_mail_leaves_nobody_out_and_nobody_twice(
    change, people, small_batches, mail_server, at
):
    people(11)
    change()
    mail_server.before = {at: CrashError()}

    with pytest.raises(CrashError):
        send_all()
    send_all()
    with later(minutes=11):
        send_all()

    assert addresses() == everybody()
    assert proof(NoticeCampaign.objects.get()) == {"sent": 11}


@pytest.mark.parametrize("at", [1, 4, 6, 11])
def test_crash_after_a_mail_repeats_that_one_alone(change, people, small_batches, mail_server, at):
    people(11)
    change()
    mail_server.answers = {at: CrashError()}

    with pytest.raises(CrashError):
        send_all()
    send_all()
    assert addresses() == everybody()
    with later(minutes=11):
        send_all()

    assert addresses() == everybody() + Counter({f"p{at - 1}@example.org": 1})
    # Both are the same mail to a mail system, which shows it once.
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 11
    assert NoticeCampaign.objects.get().finished_at is not None


def test_crash_while_queueing_leaves_nobody_out(change, people, small_batches, monkeypatch):
    people(9)
    change()
    with monkeypatch.context() as patched:

        def crash(campaign):
            raise CrashError

        patched.setattr(notice_sending, "give_up", crash)
        with pytest.raises(CrashError):
            send_batch()

    send_all()

    assert addresses() == everybody()


@pytest.mark.django_db(transaction=True)
def test_no_mail_leaves_inside_a_transaction(change, people, small_batches, mail_server):
    people(6)

    change()  # The task's immediate stand-in runs when the publication is committed.

    assert addresses() == everybody()
    assert not mail_server.was_in_transaction


@pytest.mark.django_db(transaction=True)
def test_queueing_inside_a_transaction_is_refused(change, people):
    people(1)
    change()
    NoticeCampaign.objects.update(finished_at=None, queued_at=None)

    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        send_batch()


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_tell_everybody_once(change, people, small_batches):
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("threads share no in-memory database; PostgreSQL runs this")
    change()  # It finds nobody to tell, and is begun again when there is somebody.
    people(40)
    NoticeCampaign.objects.update(finished_at=None, accounts_queued_at=None, queued_at=None)
    failures = []

    def work():
        try:
            send_all()
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    send_all()

    assert failures == []
    assert addresses() == everybody()
    assert proof(NoticeCampaign.objects.get()) == {"sent": 40}


def test_batch_asks_the_database_as_often_whatever_its_size(change, people, monkeypatch):
    """Beside the two statements of each mail, that claim its row and say what became of it."""
    people(60)
    change()
    monkeypatch.setattr(notice_sending, "BATCH", 2)
    send_batch()
    counts = []
    for size in (4, 20):
        monkeypatch.setattr(notice_sending, "BATCH", size)
        before = len(mail.outbox)
        with CaptureQueriesContext(connection) as queries:
            send_batch()
        assert len(mail.outbox) - before == size
        counts.append(len(queries) - 2 * size)

    assert counts[0] == counts[1] < 25


def test_one_connection_serves_a_batch(change, people, small_batches, mail_server):
    people(8)
    change()

    send_all()

    assert mail_server.opened == 2


def test_batch_ends_when_its_time_is_over(change, people, monkeypatch):
    people(3)
    change()
    monkeypatch.setattr(notice_sending, "BATCH_SECONDS", -1.0)

    assert send_batch() is True
    assert mail.outbox == []


# Refusals


def refusal(code, address="p0@example.org"):
    return SMTPRecipientsRefused({address: (code, b"no such user p0@example.org")})


def test_refusal_for_good_is_shown_on_the_site_and_keeps_nobody_else_waiting(
    change, people, mail_server, caplog
):
    person, *_ = people(3)
    campaign = change()
    mail_server.before = {1: refusal(550)}
    caplog.set_level(logging.DEBUG)

    send_all()

    assert proof(campaign) == {"failed": 1, "sent": 2}
    assert len(pending_for(person.pk)) == 1
    assert "refused" in caplog.text
    written = [
        logging.Formatter().format(record)
        for record in caplog.records
        if not record.name.startswith("django.db")
    ]
    assert not [line for line in written if "example.org" in line]


def test_refusal_for_now_is_tried_again_and_then_given_up(change, people, mail_server):
    people(1)
    campaign = change()
    mail_server.before = {n: refusal(451) for n in range(1, MOST_ATTEMPTS + 1)}

    send_all()
    assert proof(campaign) == {"queued": 1}
    for pause in range(1, MOST_ATTEMPTS + 2):
        with time_machine.travel(timezone.now() + CLAIM_LASTS * 1.5 * pause, tick=False):
            send_all()

    assert mail_server.tried == MOST_ATTEMPTS
    assert proof(campaign) == {"failed": 1}
    assert NoticeCampaign.objects.get().finished_at is not None


def test_mail_server_that_is_down_costs_nobody_an_attempt(change, people, mail_server):
    people(3)
    campaign = change()
    mail_server.refuses_to_open = True

    send_all()
    assert proof(campaign) == {"queued": 3}
    assert not NoticeDelivery.objects.exclude(attempts=0).exists()
    mail_server.refuses_to_open = False
    send_all()

    assert addresses() == everybody()


def test_mail_server_that_hangs_up_is_called_again(change, people, mail_server):
    people(5)
    change()
    mail_server.before = {3: SMTPServerDisconnected()}

    send_all()
    assert addresses() == everybody() - Counter({"p2@example.org": 1})
    with later(minutes=11):
        send_all()

    assert addresses() == everybody()


def test_account_that_is_switched_off_meanwhile_gets_no_mail(change, people, small_batches):
    *_, last = people(2)
    campaign = change()
    notice_sending.queue_batch(campaign.pk)
    User.objects.filter(pk=last.pk).update(is_active=False)

    send_all()

    assert addresses() == Counter({"p0@example.org": 1})
    assert proof(campaign) == {"failed": 1, "sent": 1}


def test_people_may_come_from_another_room(change):
    class One:
        def count(self):
            return 1

        def after(self, user_id, limit):
            return [Recipient(7, "seven@example.org")] if user_id < 7 else []

        def get_many(self, user_ids):
            return {7: Recipient(7, "seven@example.org")}

        def by_email(self, email):
            return None

        def having(self, emails):
            return {}

    with notice_recipients.temporarily(One()):
        change()
        send_all()

    assert addresses() == Counter({"seven@example.org": 1})


# Bounces, and the notice on the site


@pytest.fixture
def told(change, people):
    """A person who has been sent a notice."""
    person, _ = people(2)
    change()
    send_all()
    return person


def state_of(person):
    return NoticeDelivery.objects.get(user_id=person.pk).state


def test_hard_bounce_becomes_a_banner_until_it_is_dismissed(told, signed_in, home):
    client = signed_in(told)
    page = "/privacy-policy/"
    assert "Our mail did not reach you" not in client.get(page).content.decode()

    assert record_bounce("P0@example.org", "hard") == 1

    assert state_of(told) == DeliveryState.BOUNCED
    shown = client.get(page).content.decode()
    assert "Our mail did not reach you" in shown
    assert "We keep more." in shown
    assert "/privacy-policy/compare/1...2/" in shown
    answer = client.post(
        reverse("pages:dismiss_notices"),
        {"campaign": [NoticeCampaign.objects.get().pk], "next": page},
    )
    assert answer.headers["Location"] == page
    assert "Our mail did not reach you" not in client.get(page).content.decode()
    row = NoticeDelivery.objects.get(user_id=told.pk)
    assert row.state == DeliveryState.SHOWN
    assert row.sent_at < row.bounced_at < row.shown_at


def test_looking_is_not_dismissing(told, signed_in):
    record_bounce(told.email, "hard")
    client = signed_in(told)

    client.get("/privacy-policy/")
    assert client.get(reverse("pages:dismiss_notices")).status_code == 405

    assert state_of(told) == DeliveryState.BOUNCED


def test_nobody_dismisses_for_another_or_without_a_token(told, signed_in, stranger, visitor):
    record_bounce(told.email, "hard")
    data = {"campaign": [NoticeCampaign.objects.get().pk], "next": "https://evil.example/"}
    guarded = Client(enforce_csrf_checks=True)
    guarded.force_login(told, backend="django.contrib.auth.backends.ModelBackend")

    for client in (signed_in(stranger), visitor):
        answer = client.post(reverse("pages:dismiss_notices"), data)
        assert answer.headers["Location"] == "/"
    assert guarded.post(reverse("pages:dismiss_notices"), data).status_code == 403

    assert state_of(told) == DeliveryState.BOUNCED


def test_notice_that_arrived_is_not_marked_as_shown(told):
    assert mark_shown(told.pk, [NoticeCampaign.objects.get().pk]) == 0
    assert state_of(told) == DeliveryState.SENT


def test_page_asks_nothing_about_a_visitor_and_stays_the_same_for_everyone(told, visitor):
    record_bounce(told.email, "hard")
    visitor.get("/privacy-policy/")

    with CaptureQueriesContext(connection) as queries:
        answer = visitor.get("/privacy-policy/")

    assert not [query for query in queries if "notice" in query["sql"]]
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_soft_bounce_is_counted_and_shows_nothing(told):
    record_bounce(told.email, "soft")
    assert record_bounce(told.email, "soft") == 1

    row = NoticeDelivery.objects.get(user_id=told.pk)
    assert (row.state, row.soft_bounces) == (DeliveryState.SENT, 2)


def test_bounce_marks_the_newest_mails_and_no_old_ones(told, publish):
    NoticeDelivery.objects.update(sent_at=timezone.now() - timedelta(days=60))
    for title in ("Terms", "Cookies"):
        start_campaign(publish(title=title, kind="terms", reduces_rights=True))
    send_all()

    assert record_bounce(told.email, "hard") == 2
    assert record_bounce(told.email, "hard") == 2

    states = NoticeDelivery.objects.filter(user_id=told.pk).order_by("campaign_id")
    assert [row.state for row in states] == ["sent", "bounced", "bounced"]


def test_command_records_a_bounce(told):
    out = StringIO()

    call_command("record_bounce", told.email, "--kind", "hard", "--json", stdout=out)

    assert json.loads(out.getvalue()) == {"kind": "hard", "notices": 1}
    assert state_of(told) == DeliveryState.BOUNCED


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["nobody@example.org", "--kind", "hard"], 1),
        (["nobody@example.org", "--kind", "hard", "--json"], 1),
        (["no address", "--kind", "hard"], 2),
        (["nobody@example.org", "--kind", "medium"], 1),
    ],
)
def test_command_says_by_its_exit_code_what_went_wrong(told, arguments, code):
    with pytest.raises(CommandError) as raised:
        call_command("record_bounce", *arguments, stdout=StringIO())

    assert raised.value.returncode == code


# The webhook


def report(client, body, *, secret=SECRET, signature=None, query=""):
    raw = json.dumps(body).encode()
    signed = "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    return client.post(
        BOUNCES + query, raw, content_type="application/json",
        headers={"X-Candour-Signature": signed if signature is None else signature},
    )  # fmt: skip


def test_signed_report_records_a_bounce(told, client, settings):
    settings.BOUNCE_SECRET = SECRET

    answer = report(client, {"email": told.email, "kind": "hard"})

    assert answer.status_code == 200
    assert answer.json() == {"kind": "hard", "notices": 1}
    assert state_of(told) == DeliveryState.BOUNCED
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("signature", ["", "sha256=", "sha256=" + "0" * 64, "sha256=ü"])
def test_wrong_signature_is_refused(told, client, settings, signature):
    settings.BOUNCE_SECRET = SECRET

    answer = report(client, {"email": told.email, "kind": "hard"}, signature=signature)

    assert answer.status_code == 401
    assert answer.json()["code"] == "candour_signature_wrong"
    assert state_of(told) == DeliveryState.SENT


def test_signature_of_another_body_or_key_is_refused(told, client, settings):
    settings.BOUNCE_SECRET = SECRET
    other = hmac.new(SECRET.encode(), b"{}", hashlib.sha256).hexdigest()
    body = {"email": told.email, "kind": "hard"}

    assert report(client, body, signature=f"sha256={other}").status_code == 401
    assert report(client, body, secret="another").status_code == 401
    assert report(client, {"kind": "medium"}, secret="another").status_code == 401


def test_without_a_key_there_is_no_such_address(told, client):
    answer = report(client, {"email": told.email, "kind": "hard"}, secret="")

    assert answer.status_code == 404
    assert answer.json()["code"] == "rest_no_route"
    assert state_of(told) == DeliveryState.SENT


def test_report_is_taken_from_the_signed_body_only(told, client, settings):
    settings.BOUNCE_SECRET = SECRET

    assert report(client, {}, query=f"?email={told.email}&kind=hard").status_code == 400
    assert report(client, {"email": told.email, "kind": "medium"}).status_code == 400
    assert report(client, {"email": "nobody@example.org", "kind": "hard"}).json()["notices"] == 0
    assert state_of(told) == DeliveryState.SENT


# Personal data


def test_notices_are_exported_and_erased_with_their_person(told):
    provider = personal_data_providers.get("pages.notices")
    keys = list(provider.identities(Subject(told.email)))
    assert keys == list(provider.identities(Subject(told.email, told.pk)))

    (item,) = provider.export(keys)
    assert (item.data["policy"], item.data["version"], item.data["state"]) == (
        "privacy-policy", 2, "sent",
    )  # fmt: skip
    assert provider.erase(keys).removed == 1
    assert provider.erase(keys).removed == 0

    assert not NoticeDelivery.objects.filter(user_id=told.pk).exists()
    assert NoticeDelivery.objects.count() == 1


def test_erasure_keeps_the_notice_that_an_open_account_is_owed(told):
    record_bounce(told.email, "hard")
    provider = personal_data_providers.get("pages.notices")
    keys = list(provider.identities(Subject(told.email)))

    erasure = provider.erase(keys)

    assert (erasure.removed, [each.code for each in erasure.retained]) == (0, ["notice_owed"])
    assert pending_for(told.pk)


def test_notices_go_with_an_account_however_it_is_deleted(told):
    key = told.pk

    told.delete()

    assert not NoticeDelivery.objects.filter(user_id=key).exists()
    assert NoticeDelivery.objects.count() == 1


def test_labels_name_nobody(told):
    labels = [str(row) for model in (NoticeCampaign, NoticeDelivery) for row in model.objects.all()]

    assert not [label for label in labels if "p0" in label or "example.org" in label]


# The report in the admin


def test_report_counts_people_by_state_and_names_nobody(told, signed_in, editor):
    record_bounce(told.email, "hard")
    client = signed_in(editor)

    page = client.get("/admin/reports/policy-notices/")

    cells = re.findall(r"<td>(\d+)</td>", page.text)
    # queued, being sent, sent, bounced, failed, shown
    assert cells == ["0", "0", "1", "1", "0", "0"]
    assert "finished" in page.text
    assert "p0@" not in page.text
    assert "/admin/reports/policy-notices/" in client.get("/admin/").text


def test_report_is_for_who_publishes(home, signed_in, moderator, stranger):
    for person in (moderator, stranger):
        answer = signed_in(person).get("/admin/reports/policy-notices/")
        assert answer.status_code in {302, 403}


def test_report_takes_as_many_queries_for_many_campaigns(told, signed_in, administrator, publish):
    client = signed_in(administrator)

    def asked():
        client.get("/admin/reports/policy-notices/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/admin/reports/policy-notices/").status_code == 200
        return len(queries.captured_queries)

    before = asked()
    for number in range(4):
        publish(f"Terms {number}.", title=f"T{number}", reduces_rights=True)

    assert asked() == before
