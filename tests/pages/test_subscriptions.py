"""Being told of policy changes without an account: asked for, confirmed, told once, ended."""

import json
import re
from collections import Counter
from datetime import timedelta
from smtplib import SMTPServerDisconnected
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.utils import timezone

from accounts.services import create_user
from core.extensions.acceptance import Person, acceptance_gate
from core.extensions.personal_data import Subject, personal_data_providers
from pages import subscriptions
from pages.announcing import announce_version
from pages.errors import MailNotSentError, SubscriptionLinkError
from pages.models import (
    NoticeCampaign,
    NoticeDelivery,
    NoticeSubscriber,
    PolicyAcceptance,
    PostIndexPage,
    PostPage,
)
from pages.notice_sending import send_batch
from pages.notices import preview, proof, record_bounce, start_campaign, who_is_told
from pages.services.content import make_page
from pages.subscriptions import CONFIRM_LASTS, MAILS_PER_HOUR, ask_to_confirm, forget_unconfirmed
from pages.tasks import forget_unconfirmed_subscriptions
from tests.pages.made import publish_at

pytestmark = pytest.mark.django_db
ADDRESS = "/policy-notices/"
REST = "/wp-json/candour/v1/policies/subscriptions"


class DeafMailServer(EmailBackend):
    def send_messages(self, messages):
        raise SMTPServerDisconnected


@pytest.fixture
def subscribe(home, client, django_capture_on_commit_callbacks):
    """Ask for mails as a visitor does, and run the task that sends the confirmation."""

    def subscribe(email="ann@example.org", path=ADDRESS):
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(path, {"email": email})
        return answer

    return subscribe


@pytest.fixture
def subscriber(subscribe, client):
    """An address that its owner has confirmed."""

    def make(email="ann@example.org", path=ADDRESS):
        subscribe(email, path)
        client.post(link_in(mail.outbox[-1], "confirm"))
        mail.outbox.clear()
        return NoticeSubscriber.objects.get(email=email.lower())

    return make


@pytest.fixture
def change(publish):
    """Publish a material change and begin to tell people of it."""

    def change(**fields):
        publish("Old words.")
        values = {"material": ["recipients"], "effective_at": timezone.now() + timedelta(days=30)}
        return start_campaign(publish("New words.", **{**values, **fields})[1])

    return change


def link_in(message, word):
    (url,) = re.findall(rf"https?://\S+/{word}/\S+", message.body)
    return urlsplit(url).path


def send_all():
    while send_batch():
        pass


def addresses():
    return Counter(address for message in mail.outbox for address in message.to)


# Asking, and confirming


def test_address_is_told_only_after_its_owner_confirmed_with_a_button(subscribe, client):
    answer = subscribe()
    assert (answer.status_code, answer.url) == (302, "/policy-notices/sent/")
    (message,) = mail.outbox
    assert message.to == ["ann@example.org"]
    path = link_in(message, "confirm")
    assert "ann" not in path

    page = client.get(path)

    assert "Yes, tell me" in page.text
    assert page["Referrer-Policy"] == "same-origin"
    assert "no-store" in page["Cache-Control"]
    assert who_is_told() == (0, 0)
    assert "You will be told" in client.post(path).text
    assert "You will be told" in client.post(path).text
    assert who_is_told() == (0, 1)
    event = PolicyAcceptance.objects.get()
    assert (event.purpose, event.action) == ("pages.policy_mail@1", "consent")
    assert (
        event.wording
        == "I want to be told by mail when a policy of this site changes in substance."
    )
    assert "ann" not in json.dumps(list(PolicyAcceptance.objects.values()), default=str)


def test_answer_is_the_same_whether_or_not_the_address_is_known(subscriber, subscribe):
    subscriber()
    known, unknown = subscribe(), subscribe("bob@example.org")

    assert (known.status_code, known.headers["Location"]) == (
        unknown.status_code, unknown.headers["Location"],
    )  # fmt: skip
    assert [message.to for message in mail.outbox] == [["ann@example.org"], ["bob@example.org"]]
    assert "already told" in mail.outbox[0].body
    assert "/end/" in mail.outbox[0].body


def test_nobody_floods_a_mailbox_or_many(subscribe):
    for _ in range(MAILS_PER_HOUR + 3):
        subscribe()
    assert len(mail.outbox) == MAILS_PER_HOUR
    for number in range(30):
        subscribe(f"a{number}@example.org")
    assert len(mail.outbox) <= subscriptions.MAILS_PER_HOUR_AND_SOURCE


@pytest.mark.parametrize("email", ["", "nobody", "a@b", "two@example.org,b@example.org", "a b@c.d"])
def test_what_is_no_address_is_refused_in_words(subscribe, email):
    answer = subscribe(email)

    assert answer.status_code == 400
    assert "This is no mail address." in answer.text
    assert not NoticeSubscriber.objects.exists()


def test_form_of_another_site_is_refused(home, client):
    answer = client.post(ADDRESS, {"email": "ann@example.org"}, headers={"Origin": "https://x.y"})

    assert answer.status_code == 400
    assert not NoticeSubscriber.objects.exists()


def test_wish_that_nobody_confirms_is_forgotten_and_its_link_ends(subscribe, client):
    subscribe()
    path = link_in(mail.outbox[0], "confirm")
    with time_machine.travel(timezone.now() + CONFIRM_LASTS + timedelta(minutes=1)):
        assert client.post(path).status_code == 404
        forget_unconfirmed_subscriptions.func()

    assert not NoticeSubscriber.objects.exists()
    assert client.post(path).status_code == 404


def test_mail_that_could_not_leave_is_tried_again(home, settings):
    settings.EMAIL_BACKEND = f"{__name__}.DeafMailServer"
    subscriptions.subscribe("ann@example.org", "en")
    key = NoticeSubscriber.objects.get().pk
    with pytest.raises(MailNotSentError):
        ask_to_confirm(key)

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    ask_to_confirm(key)
    ask_to_confirm(key)

    assert len(mail.outbox) == 1


def test_two_wishes_of_one_address_make_one_subscription(subscribe, client):
    subscribe()
    subscribe("Ann@EXAMPLE.org")
    for message in mail.outbox:
        assert client.post(link_in(message, "confirm")).status_code == 200

    assert who_is_told() == (0, 1)
    assert PolicyAcceptance.objects.count() == 1


@pytest.mark.parametrize("token", ["x", "1:2:3", "ImFiYyI:1abc:" + "x" * 43])
def test_forged_links_lead_nowhere(home, client, token):
    for word in ("confirm", "end"):
        answer = client.post(f"{ADDRESS}{word}/{token}/")
        assert answer.status_code == 404
        assert "no longer valid" in answer.text
    with pytest.raises(SubscriptionLinkError):
        subscriptions.end(token)


def test_link_that_confirms_does_not_end_and_the_other_way_round(subscriber, client):
    row = subscriber()
    end = subscriptions.end_token(row.pk)

    assert client.post(f"{ADDRESS}confirm/{end}/").status_code == 404
    assert client.get(f"{ADDRESS}end/{end}/").status_code == 200
    assert NoticeSubscriber.objects.get().confirmed_at


# Being told


def test_subscribers_are_told_in_their_language_with_a_way_out(
    subscriber, change, chinese_home, client
):
    subscriber()
    subscriber("li@example.org", path="/zh-hans/policy-notices/")
    change()

    send_all()

    assert addresses() == Counter({"ann@example.org": 1, "li@example.org": 1})
    english, chinese = sorted(mail.outbox, key=lambda message: message.to)
    assert "You asked to be told what changes." in english.body
    assert "有账户" not in chinese.body
    headers = english.extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url = headers["List-Unsubscribe"].strip("<>")
    assert url in english.body
    assert url in english.alternatives[0][0]
    assert "/zh-hans/policy-notices/end/" in chinese.extra_headers["List-Unsubscribe"]
    assert "end.invalid" not in english.body + english.alternatives[0][0]
    assert "/agreements/" not in english.body


def test_one_click_ends_the_mails_without_a_cookie_and_forgets_the_address(
    subscriber, change, client, visitor
):
    subscriber()
    change()
    send_all()
    url = mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>")
    path = urlsplit(url).path

    assert "End the mails" in client.get(path).text
    assert NoticeSubscriber.objects.exists()
    one_click = {"List-Unsubscribe": "One-Click"}
    assert visitor.post(path, one_click, headers={"Origin": "null"}).status_code == 200

    assert not NoticeSubscriber.objects.exists()
    assert acceptance_gate.get().consents(Person(email="ann@example.org")) == set()
    assert [row.action for row in PolicyAcceptance.objects.order_by("pk")] == [
        "consent", "withdraw",
    ]  # fmt: skip
    assert proof(NoticeCampaign.objects.get()) == {"sent": 1}
    assert visitor.post(path).status_code == 200


def test_who_has_an_account_too_is_told_once(subscriber, change, home):
    create_user(username="a", email="Ann@example.org", password="p")
    create_user(username="b", email="b@bücher.example", password="p")
    subscriber()
    for address in ("b@xn--bcher-kva.example", "cleo@example.org"):
        NoticeSubscriber.objects.create(
            email=address, language="en", confirmed_at=timezone.now()
        )  # fmt: skip
    campaign = change()

    send_all()

    assert addresses() == Counter(
        {"Ann@example.org": 1, "b@bücher.example": 1, "cleo@example.org": 1}
    )
    assert proof(campaign) == {"sent": 3}
    assert campaign.total == 5


def test_account_opened_while_subscribers_are_queued_costs_nobody_the_mail(
    subscriber, change, monkeypatch
):
    subscriber()
    campaign = change()
    from pages import notice_sending

    notice_sending.queue_batch(campaign.pk)
    create_user(username="a", email="ann@example.org", password="p")

    send_all()

    assert addresses() == Counter({"ann@example.org": 1})


def test_preview_counts_subscribers_too(subscriber, publish):
    subscriber()
    _page, version = publish(reduces_rights=True)

    found = preview(version)

    assert found.count == 1
    assert "1 person who asked for it without an account is told." in found.who


def test_hard_bounce_ends_the_mails_until_the_address_is_confirmed_anew(
    subscriber, change, subscribe, client, publish
):
    subscriber()
    campaign = change()
    send_all()

    assert record_bounce("ANN@example.org", "hard") == 1

    assert proof(campaign) == {"bounced": 1}
    assert who_is_told() == (0, 0)
    mail.outbox.clear()
    subscribe()
    client.post(link_in(mail.outbox[0], "confirm"))
    assert who_is_told() == (0, 1)
    assert NoticeSubscriber.objects.count() == 1


# Rights, and headless front ends


def test_subscription_is_exported_and_erased_with_its_waiting_notices(subscriber, change, capsys):
    row = subscriber()
    NoticeSubscriber.objects.create(email="bob@example.org", language="en")
    campaign = change()
    from pages import notice_sending

    for _ in range(2):
        notice_sending.queue_batch(campaign.pk)
    provider = personal_data_providers.get("pages.subscriptions")
    (key,) = provider.identities(Subject("ann@example.org"))
    (item,) = provider.export([key])
    assert (item.data["email"], item.data["notices"][0]["state"]) == ("ann@example.org", "queued")

    call_command("personal_data", "erase", "ann@example.org", json=True)

    report = json.loads(capsys.readouterr().out)
    assert report["removed"]["pages.subscriptions"] == 1
    codes = [(each["code"], bool(each["expires_on"])) for each in report["retained"]]
    assert codes == [("acceptance_proof", True)] * 2
    assert not NoticeSubscriber.objects.filter(pk=row.pk).exists()
    assert NoticeSubscriber.objects.count() == 1
    assert not NoticeDelivery.objects.exists()
    send_all()
    assert mail.outbox == []
    assert provider.erase([key]).removed == 0


def test_front_end_subscribes_confirms_and_ends(home, client, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(REST, {"email": "ann@example.org", "lang": "en"})
    assert answer.status_code == 202
    token = link_in(mail.outbox[0], "confirm").split("/")[-2]

    assert client.post(f"{REST}/confirm", {"token": token}).json() == {"subscribed": True}
    end = subscriptions.end_token(NoticeSubscriber.objects.get().pk)
    assert client.post(f"{REST}/end", {"token": end}).json() == {"subscribed": False}
    assert client.post(f"{REST}/confirm", {"token": "x"}).status_code == 404
    assert client.post(REST, {"email": "nobody"}).json()["code"] == "policy_address_invalid"
    assert client.get(f"{REST}/confirm").status_code == 404
    assert not NoticeSubscriber.objects.exists()


def test_labels_name_nobody(subscriber):
    assert "ann" not in str(subscriber())


# The post for everybody


@pytest.fixture
def chinese_journal(chinese_home):
    return make_page(chinese_home, PostIndexPage(title="日志", slug="journal-zh"))


def test_material_change_is_announced_once_in_each_of_its_languages(
    journal, chinese_home, chinese_journal, publish, client, django_capture_on_commit_callbacks
):
    publish("Old words.")
    with django_capture_on_commit_callbacks(execute=True):
        page, version = publish(
            "New words.", material=["recipients"], summary="We <keep> more.",
            effective_at=timezone.now() + timedelta(days=30),
        )  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        publish_at(chinese_home, "新文本。", title="隐私政策", translation_of=page,
                   summary="我们保存更多。")  # fmt: skip

    assert announce_version(version.pk) == []

    english, chinese = PostPage.objects.order_by("pk")
    assert english.title == "“Privacy policy” changes"
    answer = client.get(english.get_url())
    assert "We &lt;keep&gt; more." in answer.text
    assert "/privacy-policy/compare/1...2/" in answer.text
    assert "who receives personal data" in answer.text
    assert client.get("/privacy-policy/versions/2/").status_code == 200
    assert chinese.locale.language_code == "zh-hans"
    assert "我们保存更多。" in client.get(chinese.get_url()).text
    assert english.slug in client.get("/feed/").text
    assert "comment-form" not in answer.text


def test_small_change_is_not_announced(journal, publish):
    publish("Old words.")
    _page, version = publish("New words.")

    assert announce_version(version.pk) == []
    assert not PostPage.objects.exists()


def test_site_without_a_journal_announces_by_line_and_feed(change, client):
    campaign = change()

    assert announce_version(campaign.version_id) == []
    assert "announcement" in client.get("/").text


def test_forgetting_leaves_who_has_confirmed(subscriber):
    subscriber()
    with time_machine.travel(timezone.now() + timedelta(days=400)):
        assert forget_unconfirmed() == 0
