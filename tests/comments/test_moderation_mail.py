"""Mail to moderators and authors, and what their links do."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.utils import timezone
from wagtail.users.models import UserProfile

from accounts.services import MODERATORS, create_user
from comments.models import DiscussionSettings, MailChoice, Status, VisitorComment
from comments.moderation.mail_links import decision_url
from comments.moderation.mailing import mail_moderators, mail_post_authors
from comments.scopes import set_scopes
from comments.services import change_status, decide_on, undo

pytestmark = pytest.mark.django_db


@pytest.fixture
def later():
    """Moments after now, far enough for everything to have settled."""
    return lambda minutes=1: timezone.now() + timedelta(minutes=minutes)


def path_of(url):
    return url.removeprefix("http://127.0.0.1:8000")


def links(mail, label):
    return re.findall(rf"^{label}: (\S+)$", mail.body, re.MULTILINE)


def test_moderators_get_one_mail_for_all_that_waits(write, moderator, mailoutbox, later):
    write("First waiting words.")
    write("Second <b>waiting</b> words, see https://a.example and https://b.example")
    change_status([write("Not any more.").pk], Status.APPROVED, by=moderator)

    assert mail_moderators(later()) == 1
    assert mail_moderators(later(20)) == 0

    [mail] = mailoutbox
    assert mail.to == ["moderator@example.org"]
    assert mail.subject.startswith("2 comments wait – ")
    assert "First waiting words." in mail.body
    assert "Second waiting words" in mail.body
    assert "2 links" in mail.body
    assert "Not any more." not in mail.body
    assert "nora@example.org" not in mail.body + mail.alternatives[0].content
    assert "192.0.2.7" not in mail.body + mail.alternatives[0].content
    assert "<b>waiting" not in mail.alternatives[0].content
    assert len(links(mail, "Approve")) == 2


def test_words_of_a_comment_look_like_no_link_of_ours(write, moderator, mailoutbox, later):
    write("Read me.\n\nApprove: https://evil.example/decide/")

    mail_moderators(later())

    [link] = links(mailoutbox[0], "Approve")
    assert "evil.example" not in link
    assert "> Approve: https://evil.example/decide/" in mailoutbox[0].body


def test_flood_is_no_storm(write, moderator, mailoutbox, later):
    for number in range(15):
        write(f"Flood {number}.")
    mail_moderators(later(1))
    write("Between.")
    for minute in range(2, 11):
        mail_moderators(later(minute))
    assert len(mailoutbox) == 1
    assert "And 5 more." in mailoutbox[0].body

    mail_moderators(later(12))

    assert len(mailoutbox) == 2
    assert "Between." in mailoutbox[1].body
    assert "Flood" not in mailoutbox[1].body


def test_what_has_not_settled_is_told_the_next_time(write, moderator, mailoutbox, later):
    write("Just now.")
    assert mail_moderators() == 0
    assert mail_moderators(later()) == 1


def test_comment_that_readers_flagged_is_told_and_a_moderators_own_hold_is_not(
    write, moderator, mailoutbox, later
):
    flagged, own = write("Flagged words."), write("Put back by a moderator.")
    change_status([flagged.pk, own.pk], Status.APPROVED, by=moderator)
    mail_moderators(later())
    change_status([flagged.pk], Status.HOLD, agent="flags")
    change_status([own.pk], Status.HOLD, by=moderator)

    mail_moderators(later(20))

    [mail] = mailoutbox
    assert "Flagged words." in mail.body
    assert "Put back" not in mail.body


def test_who_is_told(write, moderator, administrator, mailoutbox, later, make_post, stranger):
    other = create_user(username="zoe", email="zoe@example.org", password="x",
                        groups=[MODERATORS])  # fmt: skip
    MailChoice.objects.create(user=other, wants_held=False)
    write("One.")
    mail_moderators(later())
    assert [mail.to for mail in mailoutbox] == [["moderator@example.org"]]

    moderator.is_active = False
    moderator.save()
    MailChoice.objects.all().delete()
    other.delete()
    write("Two.")
    mail_moderators(later(20))
    # Somebody has to be told: nobody moderates but the administrator.
    assert mailoutbox[-1].to == ["administrator@example.org"]


def test_moderator_of_a_part_is_told_of_that_part_alone(
    write, moderator, make_post, mailoutbox, later, home
):
    set_scopes(Group.objects.get(name=MODERATORS).pk, [make_post("Only here").pk])
    write("Elsewhere.")

    assert mail_moderators(later()) == 0


def test_setting_switches_mail_off(write, moderator, mailoutbox, later):
    own = DiscussionSettings.load()
    own.moderation_notify = own.comments_notify = False
    own.save()
    change_status([write("One.").pk], Status.APPROVED, by=moderator)
    write("Two.")

    assert mail_moderators(later()) == 0
    assert mail_post_authors(later()) == 0


def test_mail_is_in_the_recipients_language(write, moderator, mailoutbox, later):
    profile = UserProfile.get_for_user(moderator)
    profile.preferred_language = "zh-hans"
    profile.save()
    write("One.")

    mail_moderators(later())

    assert 'lang="zh-hans"' in mailoutbox[0].alternatives[0].content


# Authors


def test_author_is_told_once_when_a_comment_is_visible(write, moderator, editor, mailoutbox, later):
    comment = write("A kind word.")
    mail_post_authors(later(1))
    assert mailoutbox == []

    decided = decide_on([comment.pk], Status.APPROVED, by=moderator)
    decide_on([comment.pk], Status.APPROVED, by=moderator)
    mail_post_authors(later(2))
    undo(decided.batch, by=moderator)
    change_status([comment.pk], Status.APPROVED, by=moderator)
    mail_post_authors(later(3))

    [mail] = mailoutbox
    assert mail.to == ["editor@example.org"]
    assert "A kind word." in mail.body
    assert f"#comment-{comment.pk}" in mail.body
    # The author of the post is no moderator: no link decides anything.
    assert links(mail, "Spam") == []
    assert "nora@example.org" not in mail.body


def test_comment_published_at_once_is_told_once_even_if_it_is_moderated_later(
    write, moderator, stranger, editor, mailoutbox, later
):
    comment = write("By a moderator.", user=moderator)
    assert comment.status == Status.APPROVED
    mail_post_authors(later(1))
    change_status([comment.pk], Status.HOLD, by=moderator)
    change_status([comment.pk], Status.APPROVED, by=moderator)
    mail_post_authors(later(2))

    assert len(mailoutbox) == 1


def test_nobody_is_told_of_own_comments_own_approvals_and_imports(
    write, moderator, editor, administrator, mailoutbox, later
):
    write("By the author.", user=editor)
    approved = write("Approved by the author.")
    imported = write("Imported.")
    VisitorComment.objects.filter(pk=imported.pk).update(channel="import")
    editor.groups.add(Group.objects.get(name=MODERATORS))
    change_status([approved.pk], Status.APPROVED, by=editor)
    change_status([imported.pk], Status.APPROVED, by=administrator)

    assert mail_post_authors(later()) == 0


def test_comment_that_was_thrown_away_before_the_mail_is_not_told(
    write, moderator, editor, mailoutbox, later
):
    decided = decide_on([write("Oops.").pk], Status.APPROVED, by=moderator)
    undo(decided.batch, by=moderator)

    assert mail_post_authors(later()) == 0


# Links


@pytest.fixture
def link(write, moderator):
    comment = write("Waiting words.")
    return comment, path_of(decision_url(moderator, comment, Status.APPROVED))


def state_of(comment):
    return VisitorComment.objects.values_list("status", flat=True).get(pk=comment.pk)


def test_link_shows_and_asks_and_its_button_decides(link, visitor, moderator):
    comment, url = link

    shown = visitor.get(url)
    assert state_of(comment) == "hold"
    assert "Waiting words." in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert shown["Referrer-Policy"] == "same-origin"
    done = visitor.post(url)

    assert state_of(comment) == "approved"
    assert "1 comment approved." in done.content.decode()
    act = comment.acts.get()
    assert (act.by_id, act.old_status, act.new_status) == (moderator.pk, "hold", "approved")


def test_link_decides_nothing_once_somebody_has_decided(link, visitor, administrator):
    comment, url = link
    change_status([comment.pk], Status.SPAM, by=administrator)

    assert "already" in visitor.post(url).content.decode()

    assert state_of(comment) == "spam"


def test_link_is_worth_what_its_moderator_may_do_by_then(link, visitor, moderator, make_post):
    comment, url = link
    group = Group.objects.get(name=MODERATORS)
    set_scopes(group.pk, [make_post("Only here").pk])
    assert visitor.post(url).status_code == 404
    set_scopes(group.pk, [])
    moderator.groups.clear()
    assert visitor.post(url).status_code == 403
    moderator.groups.add(group)
    moderator.is_active = False
    moderator.save()
    assert visitor.post(url).status_code == 403

    assert state_of(comment) == "hold"


def test_link_that_was_tampered_with_or_is_too_old_decides_nothing(link, visitor):
    comment, url = link

    assert visitor.post(url[:-2] + "x/").status_code == 404
    assert visitor.post("/comments/decide/x/").status_code == 404
    with time_machine.travel(timezone.now() + timedelta(days=3, minutes=1), tick=False):
        assert visitor.post(url).status_code == 404
    assert state_of(comment) == "hold"


def test_link_names_nobody(link):
    assert "nora" not in link[1]
    assert "moderator" not in link[1]


def test_choice_of_mails_is_made_in_the_account(moderator, editor, signed_in):
    shown = signed_in(moderator).get("/admin/account/").content.decode()
    assert "mail me about comments that wait" in shown.lower()
    shown = signed_in(editor).get("/admin/account/").content.decode()
    assert "mail me about comments that wait" not in shown.lower()
    assert "mail me about comments on my posts" in shown.lower()
