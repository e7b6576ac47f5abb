from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from comments import errors
from comments.models import DiscussionSettings, Sanction, SanctionKind, Status
from comments.services import change_status, sanctioning
from comments.tasks import tell_sanctioned

pytestmark = pytest.mark.django_db


@pytest.fixture
def sanction(moderator, commit):
    def sanction(comment, kind, *, reason="You insulted somebody.", days=30):
        with commit():
            return sanctioning.sanction_author(
                comment.pk, kind=kind, reason=reason, days=days, by=moderator
            )

    return sanction


@pytest.fixture
def everything_is_published(home):
    own = DiscussionSettings.load()
    own.comment_previously_approved = False
    own.save()


def test_warning_is_mailed_once_in_text_and_html_and_changes_nothing_else(
    write, sanction, everything_is_published
):
    comment = write("Rude words.", author_name="Visit evil.example")
    made = sanction(comment, SanctionKind.WARN)
    tell_sanctioned.func(made.pk)

    (notice,) = mail.outbox
    html = notice.alternatives[0].content
    assert notice.to == ["nora@example.org"]
    for body in (notice.body, html):
        assert "You insulted somebody." in body
        assert "hello@example.org" in body
        # Whoever typed another's address must not reach them with words of their own.
        assert "Rude words" not in body
        assert "evil.example" not in body
    made.refresh_from_db()
    assert made.told_at
    assert write("Friendly words.").status == Status.APPROVED


def test_notice_speaks_the_language_of_what_was_commented_on(write, sanction):
    comment = write()
    comment.language = "zh-hans"
    comment.save()

    sanction(comment, SanctionKind.WARN)

    assert '<html lang="zh-hans">' in mail.outbox[0].alternatives[0].content


def test_limited_author_is_held_by_account_and_by_address(
    write, sanction, stranger, everything_is_published
):
    first = write("First.", user=stranger)
    assert first.status == Status.APPROVED
    sanction(first, SanctionKind.LIMIT)

    signed_in = write("Second.", user=stranger)
    typed = write("Third.", author_email="Stranger@EXAMPLE.org")

    assert (signed_in.status, typed.status) == (Status.HOLD, Status.HOLD)
    assert signed_in.main_reason == "author_limited"
    assert write("Of somebody else.").status == Status.APPROVED


def test_limit_does_not_lift_spam_up(write, sanction, everything_is_published):
    sanction(write("First."), SanctionKind.LIMIT)

    assert write("Second.", honeypot="filled").status == Status.SPAM


def test_banned_member_is_told_reason_end_and_how_to_appeal(write, sanction, stranger):
    sanction(write("First.", user=stranger), SanctionKind.BAN)

    with pytest.raises(errors.SanctionedError) as refused:
        write("Second.", user=stranger)

    sentence = str(refused.value)
    assert "You insulted somebody." in sentence
    assert f"{timezone.now() + timedelta(days=30):%Y}" in sentence
    assert "hello@example.org" in sentence
    assert refused.value.code == "comment_author_banned"


def test_who_types_a_banned_address_is_refused_and_not_told_the_reason(write, sanction):
    sanction(write("First."), SanctionKind.BAN)

    with pytest.raises(errors.SanctionedError) as refused:
        write("Second.")

    assert "insulted" not in str(refused.value)
    assert "mailed to the address" in str(refused.value)


def test_ban_ends_by_itself_and_when_it_is_lifted(write, sanction):
    made = sanction(write("First."), SanctionKind.BAN, days=2)
    with time_machine.travel(timezone.now() + timedelta(days=2, minutes=1), tick=False):
        assert write("After the end.").pk

    with pytest.raises(errors.SanctionedError):
        write("Before the end.")
    assert sanctioning.lift_sanction(made.pk)
    assert not sanctioning.lift_sanction(made.pk)
    assert write("After lifting.").pk


def test_ban_outlives_the_account(write, sanction, stranger):
    sanction(write("First.", user=stranger), SanctionKind.BAN)
    stranger.delete()

    assert Sanction.objects.get().user_id is None
    with pytest.raises(errors.SanctionedError):
        write("Second.", author_email="stranger@example.org")


def test_address_is_stored_as_a_pseudonym_only(write, sanction):
    made = sanction(write(), SanctionKind.BAN)

    assert len(made.address) == 64
    assert "nora" not in made.address


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"reason": "  "}, errors.SanctionIncompleteError),
        ({"reason": "x" * 501}, errors.SanctionIncompleteError),
        ({"days": 0}, errors.SanctionIncompleteError),
        ({"days": 1826}, errors.SanctionIncompleteError),
    ],
)
def test_sanction_without_reason_or_end_is_refused(write, sanction, change, error):
    comment = write()

    with pytest.raises(error):
        sanction(comment, SanctionKind.BAN, **change)

    assert not Sanction.objects.exists()


def test_author_without_account_and_address_cannot_be_sanctioned(write, sanction):
    own = DiscussionSettings.load()
    own.require_name_email = False
    own.save()
    comment = write(author_name="", author_email="")

    with pytest.raises(errors.NobodyToSanctionError):
        sanction(comment, SanctionKind.BAN)


def test_check_costs_one_query(write, sanction, django_assert_num_queries):
    sanction(write(), SanctionKind.WARN)
    person = sanctioning.Person(user_id=7, email="nora@example.org")

    with django_assert_num_queries(1):
        assert sanctioning.refuse_sanctioned(person) is False


def test_banned_form_answers_403_and_keeps_the_words(visitor, write, sanction, post):
    sanction(write("First."), SanctionKind.BAN)
    form = {"comment_post_ID": post.pk, "author": "Nora", "email": "nora@example.org",
            "comment": "Kept words."}  # fmt: skip

    response = visitor.post("/wp-comments-post.php", form)

    assert response.status_code == 403
    assert "Kept words." in response.content.decode()
    assert "You cannot comment on this site until" in response.content.decode()


def test_banned_rest_answers_403(visitor, write, sanction, post):
    own = DiscussionSettings.load()
    own.anonymous_rest = True
    own.save()
    sanction(write("First."), SanctionKind.BAN)

    response = visitor.post(
        "/wp-json/wp/v2/comments",
        {"post": post.pk, "content": "Words.", "author_name": "Nora",
         "author_email": "nora@example.org"},
        content_type="application/json",
    )  # fmt: skip

    assert response.status_code == 403
    assert response.json()["code"] == "comment_author_banned"


def test_mail_server_that_is_down_leaves_the_notice_to_be_sent_again(
    write, moderator, settings, caplog
):
    made = sanctioning.sanction_author(
        write().pk, kind=SanctionKind.WARN, reason="Why.", days=3, by=moderator
    )
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with pytest.raises(errors.MailNotSentError):
        sanctioning.tell_sanctioned(made.pk)
    assert "nora@example.org" not in caplog.text

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    sanctioning.tell_sanctioned(made.pk)

    assert len(mail.outbox) == 1


def test_change_status_stays_possible_for_a_sanctioned_author(write, sanction, moderator):
    comment = write()
    sanction(comment, SanctionKind.LIMIT)

    assert change_status([comment.pk], Status.APPROVED, by=moderator) == 1
