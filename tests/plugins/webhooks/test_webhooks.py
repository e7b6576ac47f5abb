import base64
import hashlib
import hmac
import json
from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from comments.models import DiscussionSettings, Status
from comments.services import NewComment, change_status, delete_comments, submit_comment
from core.addresses import AddressError, public_address
from pages.models import PostPage, StandardPage
from pages.services.content import make_page
from pages.services.telling import quietly
from pages.services.writing import create_entry, delete_entry, trash_entry, update_entry
from pages.tasks import publish_scheduled
from plugins.webhooks import services
from plugins.webhooks.models import Delivery, Endpoint, Event, State
from plugins.webhooks.services import MOST_ATTEMPTS, deliver, due, pause_after, send_again, tell
from tests.servers import receiver

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def loopback_allowed(settings):
    settings.WEBHOOKS_ALLOW_PRIVATE = True


@pytest.fixture
def server():
    with receiver.running() as server:
        yield server


@pytest.fixture
def endpoint(server):
    events = [event for event in Event.values if event.startswith("comment.")]
    return Endpoint.objects.create(name="Front end", url=server.url, events=events)


@pytest.fixture
def comment(post, django_capture_on_commit_callbacks):
    def write(**fields):
        own = DiscussionSettings.load()
        own.comment_previously_approved = False
        own.save()
        with django_capture_on_commit_callbacks(execute=True):
            return submit_comment(
                NewComment(target_id=post.pk, text="A sentence about pears.", author_name="Nora",
                           author_email="nora@example.org", ip_address="192.0.2.7",
                           user_agent="Browser", **fields)
            )  # fmt: skip

    return write


def test_comment_is_told_signed_and_names_nobody(server, endpoint, comment):
    written = comment()

    events = [json.loads(body)["type"] for _, body in server.received]
    assert events == ["comment.created", "comment.approved"]
    headers, body = server.received[0]
    assert json.loads(body)["data"]["comment"] == written.pk
    for personal in (b"Nora", b"nora@example.org", b"pears", b"192.0.2.7"):
        assert personal not in body
    key = base64.b64decode(endpoint.secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"


def test_only_what_was_asked_for_is_told(server, endpoint, comment, moderator):
    Endpoint.objects.update(events=[Event.COMMENT_HIDDEN])

    written = comment()
    change_status([written.pk], Status.TRASH, by=moderator)

    assert [row.event for row in Delivery.objects.all()] == [Event.COMMENT_HIDDEN]


def test_erasure_is_told(endpoint, comment):
    written = comment()

    delete_comments([written.pk])

    assert Delivery.objects.filter(event=Event.COMMENT_ERASED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_nothing_is_told_of_a_write_that_was_taken_back(server):
    Endpoint.objects.create(name="Front end", url=server.url, events=[Event.COMMENT_CREATED])

    with transaction.atomic():
        tell(Event.COMMENT_CREATED, {"comment": 1})
        transaction.set_rollback(True)

    assert server.received == []
    assert not Delivery.objects.exists()


def test_failure_is_tried_again_later_and_given_up_in_the_end(server, endpoint):
    server.status = 500
    tell(Event.COMMENT_CREATED, {"comment": 1})
    moment = timezone.now()

    for attempt in range(1, MOST_ATTEMPTS + 1):
        assert due(moment - timedelta(seconds=1)) == [] or attempt == 1
        (delivery,) = due(moment + timedelta(seconds=1))
        deliver(delivery)
        delivery.refresh_from_db()
        assert (delivery.attempts, delivery.status_code) == (attempt, 500)
        moment = delivery.next_at or moment

    assert delivery.state == State.FAILED
    assert len(server.received) == MOST_ATTEMPTS
    assert pause_after(2) == 4 * pause_after(1)


def test_message_that_is_claimed_is_not_given_to_another_worker(endpoint):
    tell(Event.COMMENT_CREATED, {"comment": 1})
    now = timezone.now()

    assert len(due(now)) == 1
    assert due(now) == []
    assert len(due(now + services.CLAIM)) == 1


def test_receiver_that_wants_no_more_is_not_asked_again(server, endpoint):
    server.status = 410
    tell(Event.COMMENT_CREATED, {"comment": 1})
    (delivery,) = due(timezone.now())

    deliver(delivery)

    assert delivery.state == State.FAILED


def test_redirect_is_a_failure_and_is_not_followed(server, endpoint):
    server.status = 302
    tell(Event.COMMENT_CREATED, {"comment": 1})
    (delivery,) = due(timezone.now())

    deliver(delivery)

    assert (delivery.state, delivery.status_code) == (State.WAITING, 302)
    assert len(server.received) == 1


def test_message_is_sent_again_under_its_own_key(
    server, endpoint, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        tell(Event.COMMENT_CREATED, {"comment": 1})
    with django_capture_on_commit_callbacks(execute=True):
        send_again(Delivery.objects.get())

    first, second = (headers["webhook-id"] for headers, _ in server.received)
    assert first == second


def test_private_addresses_are_refused_unless_allowed(server, endpoint, settings):
    settings.WEBHOOKS_ALLOW_PRIVATE = False
    tell(Event.COMMENT_CREATED, {"comment": 1})
    (delivery,) = due(timezone.now())

    deliver(delivery)

    assert delivery.error == "address_private"
    assert server.received == []


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "10.0.0.1", "169.254.169.254", "0.0.0.0", "::1",
     "::ffff:127.0.0.1", "fd00::1", "192.168.1.1", "100.64.0.1", "2130706433", "64:ff9b::7f00:1",
     "64:ff9b:1::a00:1", "::10.0.0.1", "fec0::1", "2002:a00:1::"],
)  # fmt: skip
def test_no_spelling_of_a_private_address_passes(host, settings):
    settings.WEBHOOKS_ALLOW_PRIVATE = False

    with pytest.raises(AddressError):
        public_address(host, 80)


@pytest.mark.parametrize("url", ["https://xn--a.example/hook", "https://[/hook"])
def test_address_that_cannot_be_read_keeps_no_other_waiting(server, endpoint, url):
    tell(Event.COMMENT_CREATED, {"comment": 1})
    endpoint.url = url
    endpoint.save()
    (delivery,) = due(timezone.now())

    assert deliver(delivery).error == "host_unknown"
    assert delivery.next_at is not None


def test_unreachable_receiver_is_named_in_the_log(administrator, signed_in, endpoint):
    endpoint.url = "http://127.0.0.1:9/hook"
    endpoint.save()
    tell(Event.COMMENT_CREATED, {"comment": 1})
    deliver(due(timezone.now())[0])

    answer = signed_in(administrator).get(f"/admin/webhooks/{endpoint.pk}/log/")

    assert "The receiver could not be reached." in answer.text


def test_endpoint_is_made_in_the_admin_and_bad_addresses_are_explained(administrator, signed_in):
    client = signed_in(administrator)
    form = {"name": "Builder", "url": "ftp://example.org/", "events": ["comment.approved"],
            "secret": "whsec_" + "a" * 32, "is_active": "on"}  # fmt: skip

    refused = client.post("/admin/webhooks/new/", form)
    assert "begins with https:// or http://" in refused.text
    client.post("/admin/webhooks/new/", form | {"url": "https://example.org/hook"})

    assert Endpoint.objects.get().events == ["comment.approved"]


def test_log_and_endpoints_are_closed_to_others(editor, signed_in, endpoint):
    client = signed_in(editor)

    assert client.get("/admin/webhooks/").status_code in {302, 403}
    assert client.get(f"/admin/webhooks/{endpoint.pk}/log/").status_code in {302, 403}


@pytest.fixture
def told(server, home, journal):
    """What was told of entries since the last time: the event, the entry and its kind."""
    wanted = [event for event in Event.values if event.startswith("entry.")]
    Endpoint.objects.create(name="Front end", url=server.url, events=wanted)

    def take():
        rows = Delivery.objects.order_by("made_at")
        found = [(row.event, row.payload["data"]["entry"]) for row in rows]
        rows.delete()
        return found

    return take


def test_a_front_end_hears_when_to_rebuild_a_page(told, journal, home, editor):
    post = create_entry(PostPage, journal, user=editor, title="Draft")
    assert told() == []
    update_entry(post, user=editor, status="publish")
    assert told() == [("entry.published", post.pk)]
    update_entry(post, user=editor, title="Another")
    assert told() == [("entry.updated", post.pk)]
    update_entry(post, user=editor, status="private")
    assert told() == [("entry.unpublished", post.pk)]
    update_entry(post, user=editor, title="Nobody hears of this")
    assert told() == []
    update_entry(post, user=editor, status="publish")
    assert told() == [("entry.published", post.pk)]
    update_entry(post, user=editor, password="open")
    assert {event for event, _key in told()} == {"entry.updated"}
    trash_entry(post, user=editor)
    assert told() == [("entry.unpublished", post.pk)]
    delete_entry(post, user=editor)
    assert told() == [("entry.deleted", post.pk)]


def test_messages_of_entries_hold_ids_alone(told, journal, editor):
    post = create_entry(PostPage, journal, user=editor, title="Words", status="publish")

    payload = Delivery.objects.get().payload

    assert payload["data"] == {
        "entry": post.pk, "kind": "post",
        "link": f"http://127.0.0.1:8000/wp-json/wp/v2/posts/{post.pk}",
    }  # fmt: skip


def test_what_the_admin_publishes_moves_and_deletes_is_told_too(told, home, editor):
    page = make_page(home, StandardPage(title="One", slug="one"), user=editor)
    below = make_page(page, StandardPage(title="Two", slug="two"), user=editor)
    other = make_page(home, StandardPage(title="Other", slug="other"), user=editor)
    assert [event for event, _key in told()] == ["entry.published"] * 3
    page.refresh_from_db()
    page.move(other, pos="last-child", user=editor)
    assert sorted(told()) == [("entry.updated", page.pk), ("entry.updated", below.pk)]
    other.refresh_from_db()
    other.delete()
    keys = [page.pk, below.pk, other.pk]
    assert sorted(told()) == [
        (event, key) for event in ("entry.deleted", "entry.unpublished") for key in sorted(keys)
    ]


def test_schedule_is_told_when_it_is_kept(told, journal, editor):
    later = timezone.now() + timedelta(days=1)
    post = create_entry(PostPage, journal, user=editor, title="Later", status="publish", date=later)
    assert told() == []
    with time_machine.travel(later + timedelta(minutes=1)):
        publish_scheduled.func()
    assert told() == [("entry.published", post.pk)]


def test_moving_a_site_in_tells_nothing(told, journal, editor):
    with quietly():
        create_entry(PostPage, journal, user=editor, title="Moved in", status="publish")
    assert told() == []
