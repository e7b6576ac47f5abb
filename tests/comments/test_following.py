import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from comments import errors
from comments.models import (
    DiscussionSettings,
    Follower,
    FollowUpMail,
    Status,
    UnconfirmedComment,
    VisitorComment,
)
from comments.services import change_status, following
from comments.tasks import tell_followers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def commits(django_capture_on_commit_callbacks):
    """Run what waits for the commit, as a finished request does."""
    with django_capture_on_commit_callbacks(execute=True):
        yield


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def everybody_may_write(home):
    own = DiscussionSettings.load()
    own.comment_previously_approved = False
    own.save()


@pytest.fixture
def follower(post, committed):
    with committed():
        following.follow(post.pk, "Fran@Example.org")
    follower = Follower.objects.get()
    following.confirm(following.confirm_token(follower))
    mail.outbox.clear()
    return follower


def links(message):
    return [urlsplit(found).path for found in re.findall(r"https?://\S+", message.body)]


def test_nothing_is_sent_before_the_mailbox_has_answered(
    post, write, visitor, committed, everybody_may_write
):
    with committed():
        following.follow(post.pk, "fran@example.org")
    with committed():
        write("One.")
    (question,) = mail.outbox
    (link,) = [path for path in links(question) if "/follow/" in path]

    assert visitor.get(link).status_code == 200
    with committed():
        write("Two.")
    assert len(mail.outbox) == 1

    visitor.post(link)
    with committed():
        write("Three.")
    assert [message.to for message in mail.outbox[1:]] == [["fran@example.org"]]
    assert "> Three." in mail.outbox[1].body


def test_mailbox_is_asked_about_a_discussion_once_a_day(post, committed):
    for _ in range(5):
        with committed():
            following.follow(post.pk, "victim@example.org")
    assert len(mail.outbox) == 1

    with time_machine.travel(timezone.now() + timedelta(days=1, seconds=1)):
        for _ in range(5):
            with committed():
                following.follow(post.pk, "victim@example.org")
    assert len(mail.outbox) == 2


def test_who_has_left_a_discussion_is_asked_when_they_come_back(follower, post, committed):
    following.end(following.end_token(follower))

    for _ in range(2):
        with committed():
            following.follow(post.pk, "fran@example.org")

    assert len([message for message in mail.outbox if "/follow/" in message.body]) == 1
    following.confirm(following.confirm_token(follower))
    follower.refresh_from_db()
    assert follower.ended_at is None


def test_held_comment_is_told_when_it_is_approved_and_only_once(
    write, follower, moderator, committed
):
    with committed():
        comment = write("Words.")
    assert mail.outbox == []

    for status in (Status.APPROVED, Status.HOLD, Status.APPROVED):
        with committed():
            change_status([comment.pk], status, by=moderator)

    assert len(mail.outbox) == 1


def test_approving_twice_at_once_tells_once(write, follower, moderator, committed):
    with committed():
        comment = write("Words.")
        change_status([comment.pk], Status.APPROVED, by=moderator)

    tell_followers.func(comment.pk)

    assert len(mail.outbox) == FollowUpMail.objects.count() == 1


def test_nobody_is_told_of_spam_or_of_their_own_words(write, follower, moderator, committed):
    with committed():
        spam = write("Buy.")
        change_status([spam.pk], Status.SPAM, by=moderator)
    with committed():
        own = write("My own words.", author_email="FRAN@example.org")
        change_status([own.pk], Status.APPROVED, by=moderator)

    assert mail.outbox == []


def test_mail_names_nobodys_address_and_ends_in_one_click(
    write, follower, visitor, committed, everybody_may_write
):
    with committed():
        write("Words.", author_email="nora@example.org")
    (message,) = mail.outbox
    assert "nora@example.org" not in message.message().as_string()
    assert "fran@example.org" not in message.body
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = urlsplit(message.extra_headers["List-Unsubscribe"].strip("<>")).path

    assert visitor.get(path).status_code == 200
    follower.refresh_from_db()
    assert follower.ended_at is None

    answer = visitor.post(path, {"List-Unsubscribe": "One-Click"}, HTTP_ORIGIN="https://mail.test")
    assert answer.status_code == 200
    with committed():
        write("More words.")
    assert len(mail.outbox) == 1


def test_follower_of_one_comment_hears_of_answers_to_it_alone(
    post, write, committed, everybody_may_write
):
    with committed():
        first = write("First.")
        following.follow(post.pk, "fran@example.org", comment=first, is_verified=True)
    with committed():
        write("Elsewhere.")
    assert mail.outbox == []

    with committed():
        write("An answer.", parent_id=first.pk)

    assert len(mail.outbox) == 1


def test_one_mailbox_that_follows_twice_gets_one_mail(
    post, write, follower, committed, everybody_may_write
):
    with committed():
        first = write("First.", author_email="fran@example.org")
        following.follow(post.pk, "fran@example.org", comment=first, is_verified=True)
    with committed():
        write("An answer.", parent_id=first.pk)

    assert len(mail.outbox) == 1


def test_asking_again_and_again_does_not_fill_a_strangers_mailbox(make_post, committed):
    for title in ("A", "B", "C", "D", "E"):
        with committed():
            following.follow(make_post(title).pk, "victim@example.org")

    assert len(mail.outbox) == following.MOST_ASKED_IN_A_DAY


def test_rest_answers_the_same_whoever_asks(post, visitor, follower, committed):
    def ask(email):
        with committed():
            return visitor.post(
                "/wp-json/candour/v1/comments/subscriptions", {"post": post.pk, "email": email}
            )

    known, unknown = ask("fran@example.org"), ask("new@example.org")

    assert known.status_code == unknown.status_code == 202
    assert known.content == unknown.content


def test_rest_ends_following_with_the_token_of_a_mail(visitor, follower):
    address = "/wp-json/candour/v1/comments/subscriptions"
    assert visitor.delete(f"{address}?token=wrong").status_code == 404

    assert visitor.delete(f"{address}?token={following.end_token(follower)}").status_code == 200

    follower.refresh_from_db()
    assert follower.ended_at


def test_link_of_one_purpose_does_not_serve_another(follower):
    with pytest.raises(errors.LinkUnknownError):
        following.confirm(following.end_token(follower))


def test_failing_mail_server_keeps_the_mails_waiting(
    write, follower, settings, committed, everybody_may_write, caplog
):
    comment = write("Words.")
    following.queue_mails(comment)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    with pytest.raises(errors.MailNotSentError):
        following.send_mails(comment)
    assert "fran@example.org" not in caplog.text
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    following.send_mails(comment)

    assert len(mail.outbox) == 1


@pytest.fixture
def mailbox_is_asked(everybody_may_write):
    own = DiscussionSettings.load()
    own.confirm_address = True
    own.save()


def confirm_link():
    return next(path for path in links(mail.outbox[-1]) if "/comments/confirm/" in path)


def test_comment_waits_for_its_authors_mailbox(write, mailbox_is_asked, visitor, committed):
    with committed(), pytest.raises(errors.AddressUnconfirmedError):
        write("Words that wait.")
    assert not VisitorComment.objects.exists()
    link = confirm_link()
    assert "nora" not in link

    assert "Words that wait." in visitor.get(link).text
    assert not VisitorComment.objects.exists()
    answer = visitor.post(link, {"decision": "mine"})

    comment = VisitorComment.objects.get()
    assert answer["Location"].endswith(f"#comment-{comment.pk}")
    assert comment.is_address_verified
    assert comment.user_agent == "Browser"
    assert not UnconfirmedComment.objects.exists()
    assert visitor.post(link, {"decision": "mine"}).status_code == 404


def test_mailbox_is_not_filled_with_questions(write, mailbox_is_asked, committed, settings):
    settings.COMMENTS_FLOOD_SECONDS = 0
    for number in range(8):
        with committed(), pytest.raises((errors.AddressUnconfirmedError, errors.FloodError)):
            write(
                f"Words {number}.",
                author_email=["victim@example.org", "Victim@Example.org"][number % 2],
            )

    assert len(mail.outbox) == UnconfirmedComment.objects.count() == 5


def test_comments_that_wait_for_mailboxes_count_as_a_flood(
    write, mailbox_is_asked, committed, settings
):
    settings.COMMENTS_FLOOD_SECONDS = 15
    with committed(), pytest.raises(errors.AddressUnconfirmedError):
        write("One.", author_email="one@example.org", ip_address="192.0.2.200")

    with pytest.raises(errors.FloodError):
        write("Two.", author_email="two@example.org", ip_address="192.0.2.200")
    with pytest.raises(errors.FloodError):
        write("Three.", author_email="one@example.org", ip_address="192.0.2.201")
    with pytest.raises(errors.AddressUnconfirmedError):
        write("Four.", author_email="four@example.org", ip_address="192.0.2.202")


def test_owner_of_the_mailbox_can_throw_a_strangers_comment_away(
    write, mailbox_is_asked, visitor, committed
):
    with committed(), pytest.raises(errors.AddressUnconfirmedError):
        write("Not mine.")

    visitor.post(confirm_link(), {"decision": "not-mine"})

    assert not UnconfirmedComment.objects.exists()
    assert not VisitorComment.objects.exists()


def test_comment_is_not_lost_when_comments_close_before_the_mailbox_answers(
    write, post, mailbox_is_asked, visitor, committed
):
    with committed(), pytest.raises(errors.AddressUnconfirmedError):
        write("Late.")
    post.comments_open = False
    post.save()

    answer = visitor.post(confirm_link(), {"decision": "mine"})

    assert answer.status_code == 400
    assert UnconfirmedComment.objects.exists()


def test_token_of_a_waiting_comment_is_kept_as_a_hash_alone(write, mailbox_is_asked, committed):
    with committed(), pytest.raises(errors.AddressUnconfirmedError):
        write("Words.")

    token = confirm_link().rstrip("/").rsplit("/", 1)[-1]
    row = UnconfirmedComment.objects.get()
    assert token not in {row.token_hash, str(row.data)}
