"""The moderators' screens over HTTP: what they show, to whom, and what they do."""

import pytest
from django.urls import reverse

from comments.models import Status
from comments.services import change_status

pytestmark = pytest.mark.django_db
QUEUE = reverse("visitor_comments:queue")


@pytest.fixture
def desk(moderator, signed_in):
    return signed_in(moderator)


def page(client, url=QUEUE):
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_queue_shows_what_waits(desk, write):
    comment = write("Waiting words.")
    shown = page(desk)
    assert "Waiting words." in shown
    assert page(desk, reverse("visitor_comments:single", args=[comment.pk]))
    for name in ("decisions", "watched"):
        assert page(desk, reverse(f"visitor_comments:{name}"))
    for name in ("thread", "edit", "reply", "block"):
        assert page(desk, reverse(f"visitor_comments:{name}", args=[comment.pk]))
    change_status([comment.pk], Status.SPAM)
    assert "Waiting words." in page(desk, f"{QUEUE}?status=spam")
