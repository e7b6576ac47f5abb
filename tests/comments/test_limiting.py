"""Kept and not used: restricted comments, their return, and objection to being learnt from."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from comments.models import Lesson, Limitation, ModerationAct, Status, VisitorComment
from comments.personal_data import PROVIDERS
from comments.screening.learning import take_lessons
from comments.services import change_status, delete_for_good, retention
from comments.services.following import follow
from comments.services.holding import set_hold
from comments.services.limiting import lift_restrictions, object_to_learning, restrict_comments
from comments.services.removing import Reasons, remove_with_reasons
from comments.services.sanctioning import sanction_author
from core.extensions.personal_data import (
    Correctable,
    Foreseeing,
    Objectionable,
    Restrictable,
    Subject,
)
from plugins.webhooks.models import Delivery, Endpoint

pytestmark = pytest.mark.django_db
NORA = "nora@example.org"
COMMENTS = next(each for each in PROVIDERS if each.identifier == "comments.comments")


@pytest.fixture
def said(write, trusting):
    """What Nora said, in every state; the first is seen by everybody."""
    made = [write(f"Words {status}") for status in Status.values]
    for comment, status in zip(made, Status.values, strict=True):
        VisitorComment.objects.filter(pk=comment.pk).update(status=status)
        comment.refresh_from_db()
    return made


def keys(comments):
    return [comment.pk for comment in comments]


def states(comments):
    found = dict(VisitorComment.objects.values_list("pk", "status"))
    return [found[comment.pk] for comment in comments]


def test_restricted_comments_are_kept_and_shown_to_nobody(said, client, post, moderator):
    assert b"Words approved" in client.get(post.url).content

    assert restrict_comments(keys(said)) == 4

    assert states(said) == [Status.TRASH] * 4
    assert b"Words approved" not in client.get(post.url).content
    assert b"Words approved" not in client.get(f"{post.url}feed/").content
    assert client.get("/wp-json/wp/v2/comments").json() == []
    assert VisitorComment.objects.exclude(comment="").count() == 4
    client.force_login(moderator)
    for status in Status.values:
        desk = client.get(reverse("visitor_comments:queue"), {"status": status})
        assert not any(f"Words {each}".encode() in desk.content for each in Status.values)


def test_lifting_brings_every_state_back(said, client, post):
    VisitorComment.objects.filter(pk=said[1].pk).update(
        recheck_at=timezone.now(), recheck_until=timezone.now() + timedelta(days=3)
    )
    said[1].refresh_from_db()
    restrict_comments(keys(said))
    assert not VisitorComment.objects.exclude(recheck_at=None).exists()

    assert lift_restrictions(keys(said)) == 4

    assert states(said) == Status.values
    back = VisitorComment.objects.get(pk=said[1].pk)
    assert (back.recheck_at, back.recheck_until) == (said[1].recheck_at, said[1].recheck_until)
    assert b"Words approved" in client.get(post.url).content
    assert not Limitation.objects.exists()


def test_restricting_and_lifting_twice_changes_nothing_more(said):
    restrict_comments(keys(said))
    acts = ModerationAct.objects.count()
    assert restrict_comments(keys(said)) == 0
    assert ModerationAct.objects.count() == acts

    lift_restrictions(keys(said))
    assert lift_restrictions(keys(said)) == 0
    assert states(said) == Status.values


def test_no_moderator_and_no_rule_touches_a_restricted_comment(said, moderator):
    restrict_comments(keys(said))

    assert change_status(keys(said), Status.APPROVED, by=moderator) == 0
    assert delete_for_good(keys(said), by=moderator).changed == 0
    retention.keep_to_rules(timezone.now() + timedelta(days=400))

    assert states(said) == [Status.TRASH] * 4
    lift_restrictions(keys(said))
    assert states(said) == Status.values


def test_what_is_removed_meanwhile_does_not_come_back(said, moderator):
    restrict_comments(keys(said))
    reasons = Reasons(ground="illegal", facts="It is against a law.")
    remove_with_reasons(said[0].pk, reasons, by=moderator)

    lift_restrictions(keys(said))

    assert states(said) == [Status.TRASH, Status.HOLD, Status.SPAM, Status.TRASH]


def test_it_can_be_evidence_all_the_same(said, administrator):
    restrict_comments(keys(said))

    hold = set_hold(
        said[0].pk, reason="A claim", legal_basis="GDPR, article 18(1)(c)",
        until=timezone.localdate() + timedelta(days=9), by=administrator,
    )  # fmt: skip

    assert hold.comment_id == said[0].pk


def test_nothing_is_learnt_from_a_restricted_comment(said, moderator, commit):
    with commit():
        change_status([said[0].pk], Status.SPAM, by=moderator)
    assert Lesson.objects.filter(undone_at=None).count() == 1

    with commit():
        restrict_comments(keys(said))
    take_lessons(keys(said))
    assert not Lesson.objects.exists()

    with commit():
        lift_restrictions(keys(said))
    assert dict(Lesson.objects.values_list("comment_id", "is_spam")) == {said[0].pk: True}


def test_who_objected_teaches_nothing_any_more(said, moderator, commit):
    with commit():
        change_status([said[0].pk], Status.SPAM, by=moderator)
        object_to_learning(keys(said))
    assert not Lesson.objects.exists()

    with commit():
        change_status([said[0].pk], Status.APPROVED, by=moderator)
        restrict_comments(keys(said))
        lift_restrictions(keys(said))

    assert not Lesson.objects.exists()
    assert states(said)[0] == Status.APPROVED
    assert Limitation.objects.filter(is_objected=True, is_restricted=False).count() == 4


def test_nothing_is_reported_to_akismet(said, moderator, commit, akismet_server):
    restrict_comments(keys(said))
    with commit():
        change_status(keys(said), Status.SPAM, by=moderator)
        lift_restrictions(keys(said))

    assert akismet_server.received == []


def test_followers_are_not_told_twice_and_webhooks_get_numbers_alone(said, post, commit):
    follow(post.pk, "reader@example.org", is_verified=True)
    Endpoint.objects.create(
        name="x", url="https://x.example/", events=["comment.hidden", "comment.approved"]
    )
    with commit():
        restrict_comments(keys(said))

    assert mail.outbox == []
    (told,) = Delivery.objects.all()
    assert told.event == "comment.hidden"
    assert "Words" not in str(told.payload)
    assert "Nora" not in str(told.payload)


def test_reply_stays_where_it_is(said, write, client, post):
    write("A stranger's reply", parent_id=said[0].pk, author_email="stranger@example.net")

    restrict_comments(keys(said))

    page = client.get(post.url).content.decode()
    assert "A stranger&#x27;s reply" in page or "A stranger's reply" in page


def test_erasure_takes_a_restricted_comment(said, write):
    write("A reply", parent_id=said[0].pk, author_email="stranger@example.net")
    restrict_comments(keys(said))

    COMMENTS.erase([str(key) for key in keys(said)])

    assert not VisitorComment.objects.filter(user_email=NORA).exists()
    assert not Limitation.objects.exists()
    assert lift_restrictions(keys(said)) == 0


def test_export_tells_of_it(said):
    restrict_comments(keys(said))

    (first, *_) = COMMENTS.export([str(said[0].pk)])

    (limited,) = first.data["limited"]
    assert (limited["is_restricted"], limited["status"]) == (True, Status.APPROVED)


def test_name_is_corrected_everywhere(said, client, post):
    changed = COMMENTS.correct([str(key) for key in keys(said)], {"name": "Eleonora"})

    assert changed == 4
    assert set(VisitorComment.objects.values_list("user_name", flat=True)) == {"Eleonora"}
    page = client.get(post.url).content.decode()
    assert "Eleonora" in page


def test_objection_ends_mail_about_new_comments(post):
    follow(post.pk, NORA, is_verified=True)
    followers = next(each for each in PROVIDERS if each.identifier == "comments.followers")
    wanted = list(followers.identities(Subject(NORA)))

    assert followers.object_to(wanted) == 1
    assert followers.object_to(wanted) == 0
    assert isinstance(followers, Objectionable)


def test_comments_keep_every_contract_of_personal_data(said):
    assert isinstance(COMMENTS, Restrictable)
    assert isinstance(COMMENTS, Correctable)
    assert isinstance(COMMENTS, Foreseeing)


def test_exceptions_are_those_of_the_erasure(said, administrator):
    set_hold(
        said[0].pk, reason="A claim", legal_basis="A law",
        until=timezone.localdate() + timedelta(days=9), by=administrator,
    )  # fmt: skip
    sanction_author(said[0].pk, kind="ban", reason="Rude", by=administrator, days=30)

    for provider in PROVIDERS:
        found = list(provider.identities(Subject(NORA)))
        foreseen = list(provider.exceptions(found)) if isinstance(provider, Foreseeing) else []
        assert list(provider.erase(found).retained) == foreseen, provider.identifier
