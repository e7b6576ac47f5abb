"""A zero byte, which PostgreSQL stores nowhere: whoever sends one is answered like anybody."""

import json
import re

import pytest
from django.core import mail

from comments.models import Appeal
from comments.services import removing

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(write, trusting):
    return write("Seen by all.")


@pytest.mark.parametrize("confirms", [False, True])
def test_comments(visitor, post, discuss, confirms, settings):
    discuss(confirm_address=confirms, anonymous_rest=True)
    settings.COMMENTS_FLOOD_SECONDS = 0
    typed = {"author": "No\0ra", "email": "nora@example.org", "url": "https://a.example/\0",
             "comment": "Wo\0rds", "comment_post_ID": post.pk, "ak_hp": "\0", "altcha": "\0",
             "form_token": "\0", "follow": "1"}  # fmt: skip
    sent = {"author_name": "O\0la", "author_email": "ola@example.org", "content": "Othe\0r",
            "post": post.pk, "author_url": "https://a.example/\0"}  # fmt: skip

    form = visitor.post("/wp-comments-post.php", typed)
    rest = visitor.post(
        "/wp-json/wp/v2/comments", json.dumps(sent), content_type="application/json"
    )

    assert form.status_code == (202 if confirms else 302)
    assert rest.status_code == (202 if confirms else 201)


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("/comments/{key}/flag/", {"reason": "other", "note": "Be\0cause"}),
        ("/comments/appeal/", {"token": "a\0b", "text": "Plea\0se"}),
        ("/comments/report/?comment={key}",
         {"about": "other", "explanation": "It\0", "name": "N\0", "email": "n@example.org"}),
        ("/comments/react/", {"like": "{key}\0"}),
        ("/wp-json/candour/v1/comments/{key}/flags", {"reason": "other", "note": "Be\0cause"}),
        ("/wp-json/candour/v1/comments/reports",
         {"comment": "{key}", "about": "other", "explanation": "It\0", "name": "N\0",
          "email": "n@example.org"}),
        ("/wp-json/candour/v1/comments/appeals", {"token": "a\0b", "text": "Plea\0se"}),
        ("/wp-json/candour/v1/comments/subscriptions", {"post": "{key}", "email": "a\0@b.example"}),
    ],
)  # fmt: skip
def test_what_readers_send(visitor, shown, address, sent):
    values = {name: value.format(key=shown.pk) for name, value in sent.items()}

    answer = visitor.post(address.format(key=shown.pk), values)

    assert answer.status_code < 500, answer.content


@pytest.mark.parametrize("query", ["search=a%00b", "author_email=a%00@b.example", "status=a%00"])
def test_lists(visitor, shown, moderator, query):
    assert visitor.get(f"/wp-json/wp/v2/comments?{query}").status_code < 500


def test_appeal(visitor, shown, moderator, django_capture_on_commit_callbacks):
    reasons = removing.Reasons(ground="conduct", facts="Unkind.")
    with django_capture_on_commit_callbacks(execute=True):
        removing.remove_with_reasons(shown.pk, reasons, by=moderator)
    token = re.search(r"/comments/appeal/#(\S+)", mail.outbox[-1].body)[1]

    assert (
        visitor.post("/comments/appeal/", {"token": token, "text": "Plea\0se"}).status_code == 200
    )
    assert Appeal.objects.get().text == "Please"


def test_desk(signed_in, shown, moderator):
    desk = signed_in(moderator)
    queue = "/admin/visitor-comments/"

    for query in ("words=a%00b", "author=a%00b", "done=a%00", "status=%00"):
        assert desk.get(f"{queue}?{query}").status_code < 500
    for name, sent in (("reply", {"text": "A\0nswer"}), ("edit", {"text": "Wo\0rds"}),
                       ("block", {"key": "a\0"}), ("search", {"words": "a\0"})):  # fmt: skip
        at = f"{queue}search/" if name == "search" else f"{queue}{shown.pk}/{name}/"
        assert desk.post(at, sent).status_code < 500
