"""The journey on real data: a visitor's comments are exported whole, and erased without a trace."""

import io
import json
import zipfile

import pytest
from django.core import mail

from comments.models import OutgoingCopy, Status, VisitorComment
from comments.services import NewComment, submit_comment
from core.extensions.commentables import CommentTarget, comment_targets
from privacy.models import DataRequest, State
from privacy.traces import find_traces
from tests.privacy.conftest import NORA, STRANGER

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]

CANARIES = {
    "text": "canarytextword",
    "author_name": "Canaryname",
    "author_url": "https://canarysite.example/",
    "user_agent": "CanaryBrowser/7",
    "referrer": "https://canaryreferrer.example/",
    "ip_address": "198.51.100.77",
}


class OneTarget:
    """A post that anybody may comment on."""

    def get_many(self, ids):
        target = CommentTarget(
            7, "wagtailcore.page", "A post", "http://site/post/", "en", is_open=True
        )
        return {7: target} if 7 in list(ids) else {}

    def opened(self, ids, password):
        return {}

    def status_of(self, target_id):
        return None


@pytest.fixture
def comments():
    """Five comments of Nora, in every state and as a parent, and one reply by a stranger."""
    with comment_targets.temporarily(OneTarget()):
        mine = []
        for number, status in enumerate([*Status.values, Status.APPROVED]):
            comment = submit_comment(
                NewComment(
                    target_id=7,
                    author_email="Nora.Lind@Example.org" if number % 2 else NORA,
                    **CANARIES | {"text": f"{CANARIES['text']} {number}"},
                )
            )
            VisitorComment.objects.filter(pk=comment.pk).update(status=status)
            mine.append(comment)
        submit_comment(
            NewComment(
                target_id=7,
                parent_id=mine[-1].pk,
                text="A stranger's reply",
                author_name="Somebody",
                author_email=STRANGER,
                ip_address="203.0.113.5",
            )
        )
        yield mine


def test_export_holds_the_comments_of_every_state_and_nobody_else_s(person, comments):
    person.ask("export")
    person.post("confirm", {"token": person.token()})
    answer = person.post("download", {"token": person.token()})
    packed = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))

    data = packed.read("data.json").decode()
    items = {each["identifier"]: each["items"] for each in json.loads(data)["providers"]}
    assert len(items["comments.comments"]) == 5
    assert {item["data"]["status"] for item in items["comments.comments"]} == set(Status.values)
    assert STRANGER not in data
    assert "A stranger's reply" not in data


def test_erasure_leaves_no_trace_in_any_store(person, comments):
    words = [*CANARIES.values(), NORA, "nora.lind"]
    assert list(find_traces(words)) != []

    person.ask("erasure")
    person.post("confirm", {"token": person.token()})
    mail.outbox.clear()

    assert DataRequest.objects.get().state == State.COMPLETE
    assert list(find_traces(words)) == []
    assert VisitorComment.objects.filter(comment__contains="A stranger").count() == 1


def test_person_learns_who_had_been_sent_what_and_how_to_reach_them(person, comments):
    copy = {"purpose": "check", "fields": ["comment_content"]}
    for comment in comments[:2]:
        OutgoingCopy.objects.create(comment=comment, processor="Akismet", **copy)
    person.ask("export")
    person.post("confirm", {"token": person.token()})
    packed = zipfile.ZipFile(
        io.BytesIO(person.post("download", {"token": person.token()}).getvalue())
    )
    exported = packed.read("data.json").decode()
    assert exported.count("https://automattic.com/privacy/") == 2

    person.ask("erasure")
    person.post("confirm", {"token": person.token(), "decision": "confirm"})

    receipt = mail.outbox[-1].body
    assert "- Akismet: Automattic Inc., https://automattic.com/privacy/" in receipt
    assert not OutgoingCopy.objects.exists()
